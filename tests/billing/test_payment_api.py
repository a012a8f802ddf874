"""Payments over REST: entered once, settled, bounced, certified, given back."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils.translation import gettext
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from billing.choices import CreditKind
from billing.models import Payment, WithholdingRule
from billing.services.crediting import credit_all
from core.periods import Period
from sites.models import Site
from tenants.models import Company
from tenants.services import note_presence
from tests.factories import bills, clients, scene
from tests.factories.money import opened, paid, rent, sale

day = dt.date
pytestmark = pytest.mark.django_db
TODAY = "2026-09-10"


@pytest.fixture(autouse=True)
def _in_september() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 9, 10, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def site() -> Site:
    return bills.site(starts_on=day(2026, 1, 1))


@pytest.fixture
def company(site: Site) -> Company:
    made = scene.company("Argan Démo")
    note_presence(company=made, site=site, acting_user=None)
    WithholdingRule.objects.create(
        company=made, kind="rent", period=Period(day(2026, 7, 1)), rate=5
    )
    return made


def post(client: Client, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
    response = client.post(
        f"/api/v1/{path}", data=body or {}, content_type="application/json", headers=headers
    )
    return response.status_code, response.json()


def cheque(company: Company, **given: Any) -> dict[str, Any]:
    return {
        "site": "CAS",
        "company": company.pk,
        "method": "cheque",
        "received_on": TODAY,
        "amount": "1150.00",
        "reference": "0042",
        **given,
    }


def test_a_cheque_is_entered_once_settles_and_bounces(site: Site, company: Company) -> None:
    client, invoice = clients.writer(Role.FINANCE_OFFICER, site), rent(site, company, "1000")
    key = {"Idempotency-Key": "cheque-42"}
    status, made = post(client, "payments/", cheque(company), **key)
    assert post(client, "payments/", cheque(company), **key) == (201, made)
    assert (status, Payment.objects.count(), opened(invoice)) == (201, 2, [0])
    assert made["settles"] == [{"invoice": invoice.number, "amount": "1150.00"}]
    (kept,) = made["withheld"]
    assert {name: made[name] for name in ("cheque", "free", "certificate", "withheld_with")} == {
        "cheque": None, "free": "0.00", "certificate": None, "withheld_with": None,
    }  # fmt: skip
    number = made["number"]
    assert post(client, f"payments/{number}/bank/", {"on": TODAY})[1]["cheque"] == "banked"
    status, told = post(client, f"payments/{number}/bounce/", {"on": TODAY, "reason": "Vide"})
    assert (status, told["cheque"], told["settles"]) == (200, "bounced", [])
    assert [(each["amount"], each["reason"]) for each in told["allocations"]] == [
        ("1150.00", ""), ("-1150.00", "Vide"),
    ]  # fmt: skip
    assert [step["state"] for step in told["steps"]] == ["banked", "bounced"]
    status, refused = post(client, f"payments/{number}/clear/", {"on": TODAY})
    assert (status, refused["code"]) == (409, "cheque_over")
    assert client.get("/api/v1/payments/?awaiting=true").json()["results"] == []
    assert client.get(f"/api/v1/payments/{kept}/").json()["withheld_with"] == number


def test_an_advance_is_settled_taken_back_and_given_back(site: Site, company: Company) -> None:
    client, invoice = clients.writer(Role.FINANCE_OFFICER, site), rent(site, company, "1000")
    advance = cheque(company, method="transfer", amount="2000.00", shares=[])
    number = post(client, "payments/", advance)[1]["number"]
    by_hand = {"shares": [{"invoice": invoice.number, "paid": "575.00", "withheld_rent": "25.00"}]}
    told = post(client, f"payments/{number}/settle/", by_hand)[1]
    assert (told["free"], opened(invoice), len(told["withheld"])) == ("1425.00", [600], 1)
    told = post(client, f"payments/{number}/settle/")[1]
    assert (told["free"], opened(invoice), len(told["withheld"])) == ("850.00", [0], 2)
    back = {"invoice": invoice.number, "amount": "50.00", "reason": "Erreur"}
    told = post(client, f"payments/{number}/take-back/", back)[1]
    assert (told["free"], opened(invoice)) == ("900.00", [50])
    given = {"amount": "900.00", "on": TODAY, "method": "transfer", "reason": "Trop payé"}
    told = post(client, f"payments/{number}/refund/", given)[1]
    assert (told["free"], [each["amount"] for each in told["refunds"]]) == ("0.00", ["900.00"])
    status, refused = post(client, f"payments/{number}/refund/", given)
    assert (status, refused["code"]) == (409, "nothing_free")
    kept = told["withheld"][0]
    awaited = client.get("/api/v1/payments/?awaiting=true").json()["results"]
    assert [each["number"] for each in awaited] == told["withheld"]
    sent = {"number": "A-17", "received_on": TODAY}
    certified = post(client, f"payments/{kept}/certificate/", sent)[1]
    assert (certified["certificate"], certified["certificate_received_on"]) == ("A-17", TODAY)
    assert len(client.get("/api/v1/payments/?awaiting=true").json()["results"]) == 1
    dropped = post(client, f"payments/{kept}/drop-certificate/", {"reason": "Erreur"})[1]
    assert (dropped["certificate"], dropped["certificate_received_on"]) == (None, None)
    mistaken = post(client, "payments/", cheque(company, method="card", amount="50.00"))[1][
        "number"
    ]
    told = post(client, f"payments/{mistaken}/undo/", {"reason": "Autre société"})[1]
    assert (told["settles"], [each["by_mistake"] for each in told["refunds"]]) == ([], [True])


def test_the_credit_of_a_credit_note_is_used_and_given_back(site: Site, company: Company) -> None:
    client, invoice = clients.writer(Role.FINANCE_OFFICER, site), sale(site, company, "100")
    paid(site, company, "120")
    note = credit_all(
        invoice=invoice, kind=CreditKind.CANCELLING, reason="Annulée", acting_user=None
    )
    other = sale(site, company, "50")
    told = post(client, f"invoices/{note.number}/settle/")[1]
    settles = [{"invoice": other.number, "amount": "60.00"}]
    assert (told["free"], told["settles"]) == ("60.00", settles)
    given = {"amount": "60.00", "on": TODAY, "method": "transfer", "reason": "Départ"}
    told = post(client, f"invoices/{note.number}/refund/", given)[1]
    assert client.get(f"/api/v1/invoices/{note.number}/used/").json() == told
    assert (told["free"], [each["amount"] for each in told["refunds"]]) == ("0.00", ["60.00"])
    status, refused = post(client, f"invoices/{invoice.number}/refund/", given)
    assert (status, refused["code"]) == (409, "nothing_free")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"amount": "0.00"}, "amount"),
        ({"method": "balance"}, "method"),
        ({"received_on": "2026-09-11"}, "received_on"),
        ({"site": "RAB"}, "site"),
        ({"company": 10**9}, "company"),
        ({"shares": [{"invoice": "X", "paid": "1.00"}]}, "shares"),
        ({"method": "cash", "amount": "24000.00"}, "shares"),
    ],
)
def test_a_wrong_payment_says_what_is_wrong(
    site: Site, company: Company, given: Any, field: str
) -> None:
    sale(site, company, "20000")
    client = clients.writer(Role.FINANCE_OFFICER, site)
    status, refused = post(client, "payments/", {**cheque(company), **given})
    assert (status, list(refused["errors"])) == (400, [field]), refused
    assert not Payment.objects.exists()


def test_who_may_not_enters_nothing(site: Site, company: Company) -> None:
    number = paid(site, company, "10").number
    for role, seen in ((Role.SITE_MANAGER, 200), (Role.ADMISSIONS_OFFICER, 403)):
        client = clients.writer(role, site)
        assert post(client, "payments/", cheque(company))[0] == 403
        assert post(client, f"payments/{number}/settle/")[0] == 403
        assert client.get(f"/api/v1/payments/{number}/").status_code == seen
    elsewhere = clients.writer(Role.FINANCE_OFFICER, scene.site("RAB"))
    assert post(elsewhere, f"payments/{number}/settle/")[0] == 404
    reader = clients.client(Role.FINANCE_OFFICER, site)
    assert post(reader, "payments/", cheque(company))[0] == 403


def test_lists_ask_the_same_queries_for_one_and_many(
    site: Site, company: Company, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = clients.client(Role.FINANCE_OFFICER, site)
    for rows in (1, 4):
        while Payment.objects.count() < rows:
            paid(site, company, "10", method="cheque")
        with django_assert_num_queries(2):
            assert len(client.get("/api/v1/payments/").json()["results"]) == rows
    wanted = f"site=CAS&company={company.pk}&method=cheque&free=true&received_to={TODAY}"
    assert len(client.get(f"/api/v1/payments/?{wanted}").json()["results"]) == 4
    assert client.get("/api/v1/payments/?cheque=cleared").json()["results"] == []


def test_a_token_that_only_reads_is_told_so(site: Site, company: Company) -> None:
    """Its person's role would allow it."""
    client = clients.client(Role.FINANCE_OFFICER, site)
    status, told = post(client, "payments/", cheque(company))
    assert (status, told["code"]) == (403, "not_allowed")
    assert told["data"]["reason"] == gettext("This token only reads.")
    assert not Payment.objects.exists()
