"""A bank's statements over REST: read, looked at with proposals, accepted."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from billing.choices import CreditKind
from billing.models import BankLine, Invoice, Payment, Refund
from billing.selectors.open_items import open_of
from billing.services.allocating import take_back
from billing.services.crediting import credit_all
from billing.services.sales import SaleLine, issue_sale
from core.periods import today
from sites.models import Site
from tenants.models import Company
from tests.billing.test_camt import BACK, BATCH, PLAIN, statement
from tests.factories import bills, clients, scene

pytestmark = pytest.mark.django_db
COLUMNS = {"booked": "Date", "words": "Libellé", "amount": "Montant"}


@pytest.fixture(autouse=True)
def _in_november() -> Any:
    with time_machine.travel(dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def site() -> Site:
    return bills.site(starts_on=dt.date(2026, 1, 1))


@pytest.fixture
def client(site: Site) -> Client:
    made = clients.writer(Role.FINANCE_OFFICER)
    body = {"lessor": "lessor", "name": "BD", "columns": COLUMNS}
    assert post(made, "bank-mappings/", body)[0] == 201
    return made


def post(client: Client, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
    response = client.post(
        f"/api/v1/{path}", data=body or {}, content_type="application/json", headers=headers
    )
    return response.status_code, response.json()


def send(client: Client, data: bytes, kind: str = "text/csv", more: str = "") -> tuple[int, Any]:
    path = f"/api/v1/bank-statements/?lessor=lessor&name=novembre{more}"
    response = client.post(path, data=data, content_type=kind)
    return response.status_code, response.json()


def sale(site: Site, company: Company, price: str) -> Invoice:
    lines = [SaleLine("Salle", Decimal(price))]
    return issue_sale(site=site, company=company, lines=lines, acting_user=None)


def csv(*rows: str) -> bytes:
    return "\n".join(["Date;Libellé;Montant", *rows]).encode()


def test_a_statement_is_read_and_its_lines_are_settled(site: Site, client: Client) -> None:
    atlas = scene.company("Atlas Data")
    one, two = sale(site, atlas, "100"), sale(site, atlas, "200")
    data = csv(
        f"02/11/2026;VIR {one.number};120,00", "03/11/2026;ATLAS DATA;50,00", "04/11/2026;X;-9,00"
    )
    status, told = send(client, data)
    assert (status, told["lines"], told["waiting"], told["format"]) == (201, 3, 3, "csv")
    assert send(client, data) == (200, told)
    path = f"bank-lines/?statement={told['id']}"
    lines = client.get(f"/api/v1/{path}").json()["results"]
    assert [(line["group"], line["amount"]) for line in lines] == [
        ("sure", "120.00"),
        ("doubtful", "50.00"),
        ("unknown", "-9.00"),
    ]
    assert lines[0]["proposals"] == [
        {
            "key": lines[0]["proposals"][0]["key"],
            "act": "pay",
            "sure": True,
            "reasons": ["number", "amount"],
            "company": {"id": atlas.pk, "name": "Atlas Data"},
            "shares": [
                {"invoice": one.number, "open": "120.00", "paid": "120.00", "withheld": "0.00"}
            ],
            "entered": [],
            "credit": "0.00",
        }
    ]
    first, second, third = (line["id"] for line in lines)
    accept = f"bank-statements/{told['id']}/accept-sure/"
    assert post(client, accept) == (200, {"accepted": 1, "refused": []})
    assert client.get(f"/api/v1/bank-lines/{first}/").json()["payments"] == [
        Payment.objects.get().number
    ]
    key = lines[1]["proposals"][0]["key"]
    assert post(client, f"bank-lines/{second}/accept/", {"proposal": key})[1]["code"] == "stale"
    body = {"company": atlas.pk, "shares": [{"invoice": two.number, "amount": "50.00"}]}
    once = {"Idempotency-Key": "second"}
    status, line = post(client, f"bank-lines/{second}/match/", body, **once)
    assert (status, line["state"], line["group"]) == (200, "matched", "done")
    assert post(client, f"bank-lines/{second}/match/", body, **once) == (status, line)
    assert open_of([two.pk]) == {two.pk: Decimal(190)}
    status, refused = post(client, f"bank-lines/{second}/match/", body)
    assert (status, refused["code"]) == (409, "bank_line_done")
    status, line = post(client, f"bank-lines/{third}/set-aside/", {"reason": "Frais"})
    assert (status, line["state"], line["note"]) == (200, "ignored", "Frais")
    assert post(client, f"bank-lines/{third}/take-up-again/")[1]["state"] == "new"
    assert client.get(f"/api/v1/bank-statements/{told['id']}/").json()["waiting"] == 1


def test_camt_comes_as_xml_and_what_is_wrong_is_said(site: Site, client: Client) -> None:
    good = statement(PLAIN, BATCH, BACK)
    for data, more, code in (
        (good.replace(b">2300.00<", b">2301.00<"), "", "balances_differ"),
        (b"<!DOCTYPE x><x/>", "", "bad_file"),
        (b"a;b\n1;2", "", "columns_unknown"),
    ):
        status, refused = send(client, data, "application/xml", more)
        assert (status, refused["code"]) == (400, code)
    for more in ("&mapping=none", "&lessor=none", "&misspelt=1"):
        assert send(client, good, more=more)[0] == 400
    status, told = send(client, good, "application/xml")
    assert (status, told["lines"], told["opening"], told["bank_account"]) == (
        201,
        4,
        "1000.00",
        "225810012345678901234560",
    )
    assert send(client, good, "application/pdf")[0] == 415


def test_money_that_went_out_is_a_refund_of_credit(site: Site, client: Client) -> None:
    company = scene.company("Atlas Data")
    invoice = sale(site, company, "100")
    note = credit_all(invoice=invoice, kind=CreditKind.COMMERCIAL, reason="Geste", acting_user=None)
    take_back(invoice=invoice, source=note, reason="Erreur", acting_user=None)
    send(client, csv(f"{today():%d/%m/%Y};ATLAS DATA;-50,00"))
    path = f"bank-lines/{BankLine.objects.get().pk}/refund/"
    assert post(client, path, {"credit": "A-1", "reason": "x"})[1]["errors"].keys() == {"credit"}
    status, told = post(client, path, {"credit": note.number, "reason": "Départ"})
    made = Refund.objects.get()
    assert (status, told["state"], told["refunds"]) == (200, "matched", [made.number])
    assert (made.credit_note, made.amount, made.on) == (note, 50, today())
    assert post(client, path, {"credit": note.number, "reason": "x"})[0] == 409


def test_a_page_of_lines_asks_as_often_for_one_as_for_many(
    site: Site, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    sale(site, scene.company("Atlas Data"), "100")
    send(client, csv("02/11/2026;ATLAS DATA;120,00"))
    with django_assert_num_queries(9):
        assert len(client.get("/api/v1/bank-lines/").json()["results"]) == 1
    for number in range(5):
        sale(site, scene.company(f"Rif {number} Soft"), "200")
    send(client, csv(*(f"03/11/2026;RIF {n} SOFT;{240 + n % 2},00" for n in range(5))))
    with django_assert_num_queries(9):
        assert len(client.get("/api/v1/bank-lines/").json()["results"]) == 6
