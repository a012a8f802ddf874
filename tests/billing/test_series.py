"""A series of a lessor begins at a given number, once."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import time_machine
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


def test_each_year_has_its_own_series_by_the_day_in_morocco() -> None:
    """In January 2026 Casablanca is an hour ahead of UTC, a year later it is not any more."""
    site = bills.site(starts_on=dt.date(2025, 1, 1))
    told = []
    for moment in (
        dt.datetime(2025, 12, 31, 22, 59, tzinfo=dt.UTC),
        dt.datetime(2025, 12, 31, 23, 0, tzinfo=dt.UTC),
        dt.datetime(2026, 12, 31, 23, 59, tzinfo=dt.UTC),
        dt.datetime(2027, 1, 1, 0, 0, tzinfo=dt.UTC),
    ):
        with time_machine.travel(moment, tick=False):
            told.append(sold(site))
            if moment.year == 2026:
                start_series(
                    lessor=site.lessor, series=NumberSeries.INVOICE, year=2027, number=31,
                    acting_user=None,
                )  # fmt: skip
    assert told == [
        "LESSOR-F2025-000001", "LESSOR-F2026-000001", "LESSOR-F2026-000002", "LESSOR-F2027-000031",
    ]  # fmt: skip


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
