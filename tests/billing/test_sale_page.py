"""The staff's page of an invoice outside any lease: typed, seen, issued once."""

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.choices import Role
from billing.models import Invoice
from billing.selectors.paying import named
from sites.models import Site, VatRule
from tests.factories import bills, doors, scene

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_2026() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 1, 10, 12, tzinfo=dt.UTC)):
        yield


@pytest.fixture
def site() -> Site:
    return bills.site(starts_on=dt.date(2026, 1, 1))


def typed(site: Site, company: str, *rows: tuple[str, str, str, str]) -> dict[str, str]:
    """As the browser sends it, empty lines too."""
    sent = {"company": company, "site": str(site.pk)}
    sent |= {"line-TOTAL_FORMS": "6", "line-INITIAL_FORMS": "0"}
    for number in range(6):
        told = rows[number] if number < len(rows) else ("", "1", "", "service")
        names = ("label", "quantity", "price", "vat_subject")
        sent |= {f"line-{number}-{name}": one for name, one in zip(names, told, strict=True)}
    return sent


def stamp(page: str) -> str:
    (found,) = re.findall(r'name="shown" value="([0-9a-f]{16})"', page)
    return str(found)


def english(site: Site) -> Client:
    client = doors.staff_client(Role.FINANCE_OFFICER, site)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def test_it_is_seen_before_it_is_issued_and_issued_once(site: Site) -> None:
    VatRule.objects.create(
        lessor=site.lessor, subject="storage", period=bills.EVER, rate=0, exemption_ground="art. 91"
    )
    client, page = english(site), reverse("admin:billing_invoice_add")
    company = scene.company("Argan Démo")
    sent = typed(
        site, named(company), ("Salle Atlas", "1,5", "400", "service"),
        ("Archives", "1", "80", "storage"),
    )  # fmt: skip
    first = client.post(page, sent).content.decode()
    assert not Invoice.objects.exists()
    assert all(words in first for words in ("680.00", "120.00", "art. 91", "800.00"))
    other = typed(site, named(company), ("Salle Atlas", "2", "400", "service"))
    again = client.post(page, {**other, "shown": stamp(first)}).content.decode()
    assert not Invoice.objects.exists()  # something else than what was shown
    assert stamp(again) != stamp(first)
    done = client.post(page, {**sent, "shown": stamp(first)}, follow=True)
    invoice = Invoice.objects.get()
    assert "Invoice LESSOR-F2026-000001 is issued." in done.content.decode()
    assert (invoice.company, invoice.lease, invoice.net, invoice.vat) == (
        company, None, Decimal(680), Decimal(120),
    )  # fmt: skip
    lines = invoice.lines.values_list("label", "quantity", "rate", "amount", "vat_ground")
    assert list(lines) == [
        ("Salle Atlas", Decimal("1.5"), Decimal(400), Decimal(600), ""),
        ("Archives", Decimal(1), Decimal(80), Decimal(80), "art. 91"),
    ]
    twice = client.post(page, {**sent, "shown": stamp(first)}).content.decode()
    assert Invoice.objects.count() == 1  # it is shown again: there is another one now
    assert stamp(twice) != stamp(first)


def test_what_is_wrong_is_said_and_only_who_issues_there_may(site: Site) -> None:
    client, page = english(site), reverse("admin:billing_invoice_add")
    company = named(scene.company("Argan Démo"))
    nothing = client.post(page, typed(site, company)).content.decode()
    assert "Give at least one line" in nothing
    no_rule = client.post(page, typed(site, company, ("Cave", "1", "10", "shop")))
    assert "has no VAT rule" in no_rule.content.decode()
    nobody = client.post(page, typed(site, "Personne", ("Salle", "1", "10", "service")))
    assert "There is no such company." in nobody.content.decode()
    bad = client.post(page, typed(site, company, ("Salle", "-1", "10", "service")))
    assert "shown" not in bad.content.decode().split("csrfmiddlewaretoken")[1]
    elsewhere = scene.site("RAB")
    wrong = client.post(page, typed(elsewhere, company, ("Salle", "1", "10", "service")))
    assert "Select a valid choice" in wrong.content.decode()
    assert not Invoice.objects.exists()
    assert doors.staff_client(Role.AUDITOR, site).get(page).status_code == 403
