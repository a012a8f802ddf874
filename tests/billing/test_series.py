"""A series of a lessor begins at a given number, once."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from accounts.choices import Role
from billing.choices import NumberSeries
from billing.errors.invoices import BadSeriesStart, BadSeriesYear
from billing.services.sales import SaleLine, issue_sale
from billing.services.series import start_series
from core.errors import NotAllowed
from core.numbering import SeriesAlreadyStarted
from core.periods import today
from sites.models import Site
from tests.factories import bills, doors, scene

pytestmark = pytest.mark.django_db

YEAR = today().year


def sold(site: Site) -> str:
    lines = [SaleLine("Salle", Decimal(100))]
    return issue_sale(site=site, company=scene.company(), lines=lines, acting_user=None).number


def test_a_series_begins_where_it_is_told_to_and_goes_on_from_there() -> None:
    site = bills.site(starts_on=dt.date(2026, 1, 1))
    started: dict[str, Any] = {"lessor": site.lessor, "series": NumberSeries.INVOICE, "year": YEAR}
    start_series(**started, number=119, acting_user=None)
    start_series(**started, number=119, acting_user=None)
    assert [sold(site), sold(site)] == [f"LESSOR-F{YEAR}-000119", f"LESSOR-F{YEAR}-000120"]
    with pytest.raises(SeriesAlreadyStarted):
        start_series(**started, number=200, acting_user=None)
    with pytest.raises(BadSeriesStart):
        start_series(**started, number=0, acting_user=None)
    with pytest.raises(BadSeriesYear):
        start_series(**{**started, "year": YEAR - 1}, number=1, acting_user=None)


def test_only_who_bills_at_all_sites_of_the_lessor_starts_it() -> None:
    site = bills.site(starts_on=dt.date(2026, 1, 1))
    scene.site("RAB")
    started: dict[str, Any] = {
        "lessor": site.lessor,
        "series": NumberSeries.CREDIT_NOTE,
        "year": YEAR,
    }
    with pytest.raises(NotAllowed):
        start_series(**started, number=7, acting_user=scene.staff(Role.FINANCE_OFFICER, site))
    start_series(**started, number=7, acting_user=scene.staff(Role.FINANCE_OFFICER))


def test_the_page_tells_the_next_numbers_and_refuses_in_words() -> None:
    site = bills.site(starts_on=dt.date(2026, 1, 1))
    sold(site)
    client = doors.staff_client(Role.FINANCE_OFFICER)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = reverse("admin:billing_sitebilling_start_series", args=[site.billing.pk])
    shown = client.get(page).content.decode()
    assert f"invoices (LESSOR-F{YEAR}-000002)" in shown
    assert f"credit notes (LESSOR-A{YEAR}-000001)" in shown
    typed = {"series": "invoice", "year": YEAR, "number": 50}
    assert "already stands at 1" in client.post(page, typed).content.decode()
    done = client.post(page, {**typed, "series": "credit"}, follow=True).content.decode()
    assert f"The series begins at LESSOR-A{YEAR}-000050." in done
