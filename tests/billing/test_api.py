"""Billing over REST: a run from its beginning to its invoices, and credits of them."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from billing.models import Invoice, RentRun
from billing.services.issuing import issue
from billing.services.runs import compute
from sites.models import Site
from tenants.services import note_presence
from tests.factories import bills, clients, scene, tenancies

day = dt.date
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_2026() -> Any:
    with time_machine.travel(dt.datetime(2026, 1, 10, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def site() -> Site:
    made = bills.site(starts_on=day(2026, 1, 1))
    for number in range(2):
        tenancies.active(made, scene.office(made, code=f"A{number}"), start=day(2026, 1, 1))
    return made


def post(client: Client, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
    response = client.post(
        f"/api/v1/{path}", data=body or {}, content_type="application/json", headers=headers
    )
    return response.status_code, response.json()


def test_a_run_goes_the_whole_way(site: Site) -> None:
    client = clients.writer(Role.FINANCE_OFFICER, site)
    key = {"Idempotency-Key": "january"}
    status, begun = post(client, "runs/", {"site": "CAS", "month": "2026-01-15"}, **key)
    assert (status, begun["state"], begun["month"]) == (201, "computing", "2026-01-01")
    assert post(client, "runs/", {"site": "CAS", "month": "2026-01-15"}, **key) == (201, begun)
    status, refused = post(client, "runs/", {"site": "CAS", "month": "2026-02-01"})
    assert (status, refused["code"]) == (409, "run_open")
    run = RentRun.objects.get()
    compute(run)
    items = client.get(f"/api/v1/runs/{run.pk}/leases/?anomaly=no_ice").json()["results"]
    assert [(item["net"], item["changes"], item["bill"][0]["end"]) for item in items] == [
        ("2000.00", ["new"], "2026-01-31")
    ] * 2
    out = {"item": items[0]["id"], "reason": "Litige"}
    status, told = post(client, f"runs/{run.pk}/leave-out/", out)
    sums = {row["state"]: (row["leases"], row["net"]) for row in told["totals"]}
    assert (status, sums["proposed"], sums["left_out"]) == (200, (1, "2000.00"), (1, "2000.00"))
    status, told = post(client, f"runs/{run.pk}/issue/")
    assert (status, told["state"]) == (200, "issuing")
    issue(RentRun.objects.get())
    assert client.get(f"/api/v1/runs/{run.pk}/").json()["state"] == "issued"
    (invoice,) = client.get(f"/api/v1/invoices/?run={run.pk}").json()["results"]
    assert (invoice["number"], invoice["total"]) == ("LESSOR-F2026-000001", "2400.00")


def test_an_invoice_is_read_sold_and_credited(site: Site) -> None:
    client = clients.writer(Role.FINANCE_OFFICER, site)
    company = scene.company()
    sale = {
        "site": "CAS",
        "company": company.pk,
        "lines": [{"label": "Salle", "price": "100.00", "quantity": "3"}, {"label": "Badge",
                                                                          "price": "50.00"}],
    }  # fmt: skip
    tenancies.drafted(site, scene.office(site), company=company)
    status, sold = post(client, "invoices/", sale)
    assert (status, sold["net"], sold["vat"]) == (201, "350.00", "70.00"), sold
    number = sold["number"]
    room, _badge = (line["id"] for line in sold["lines"])
    body = {"kind": "commercial", "reason": "Geste", "parts": [{"line": room, "net": "20.00"}]}
    status, note = post(client, f"invoices/{number}/credit/", body)
    assert (status, note["kind"], note["net"], note["corrects"]) == (201, "credit", "20.00", number)
    body = {"kind": "cancelling", "reason": "Annulée"}
    status, note = post(client, f"invoices/{number}/credit/", body)
    assert [line["amount"] for line in note["lines"]] == ["280.00", "50.00"]
    status, refused = post(client, f"invoices/{number}/credit/", body)
    assert (status, refused["code"]) == (409, "nothing_to_credit")
    told = client.get(f"/api/v1/invoices/{number}/").json()
    assert [line["left"] for line in told["lines"]] == ["0.00", "0.00"]
    assert len(told["credit_notes"]) == 2
    pdf = client.get(f"/api/v1/invoices/{number}/pdf/")
    assert (pdf.status_code, pdf["Content-Type"], pdf.content[:4]) == (
        200,
        "application/pdf",
        b"%PDF",
    )
    assert b"<cbc:ID>" in client.get(f"/api/v1/invoices/{number}/ubl/").content


def test_more_than_a_document_can_say_is_refused(site: Site) -> None:
    client = clients.writer(Role.FINANCE_OFFICER, site)
    company = scene.company("Argan Démo")
    note_presence(company=company, site=site, acting_user=None)
    line = {"label": "Salle", "price": "9999999999.99", "quantity": "90"}
    body = {"site": site.code, "company": company.pk, "lines": [line]}
    status, refused = post(client, "invoices/", body)  # with its VAT more than 12 digits
    assert (status, refused["code"], list(refused["errors"])) == (400, "sum_too_large", ["lines"])
    assert not Invoice.objects.exists()
    line["quantity"] = "80"
    assert post(client, "invoices/", body)[1]["total"] == "959999999999.04"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "cancelling", "reason": "x", "net": "5.00"}, "net"),
        ({"kind": "commercial", "reason": "x", "parts": [{"line": 10**9}]}, "parts"),
        ({"kind": "gift", "reason": "x"}, "kind"),
        ({"kind": "commercial", "reason": "x", "net": "999.00"}, "amount"),
    ],
)
def test_a_wrong_credit_says_what_is_wrong(site: Site, body: Any, field: str) -> None:
    client = clients.writer(Role.FINANCE_OFFICER, site)
    bills.issued(site, day(2026, 1, 1))
    number = Invoice.objects.order_by("id")[0].number
    body = {**body, **({"net": "99999.00"} if body.get("net") == "999.00" else {})}
    status, refused = post(client, f"invoices/{number}/credit/", body)
    assert (status, field in refused["errors"]) == (400, True), refused


def test_who_may_only_read_issues_nothing(site: Site) -> None:
    bills.issued(site, day(2026, 1, 1))
    invoice = Invoice.objects.order_by("id")[0]
    for role, status in ((Role.SITE_MANAGER, 403), (Role.ADMISSIONS_OFFICER, 403)):
        client = clients.writer(role, site)
        body = {"kind": "cancelling", "reason": "x"}
        assert post(client, f"invoices/{invoice.number}/credit/", body)[0] == status
        assert post(client, "runs/", {"site": "CAS", "month": "2026-02-01"})[0] == status
    elsewhere = clients.writer(Role.FINANCE_OFFICER, scene.site("RAB"))
    assert elsewhere.get(f"/api/v1/invoices/{invoice.number}/").status_code == 404
    assert invoice.net == Decimal(2000)


def test_lists_ask_the_same_queries_for_one_and_many(
    site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = clients.client(Role.FINANCE_OFFICER, site)
    run = bills.issued(site, day(2026, 1, 1))
    for path in ("invoices/", "runs/"):
        with django_assert_num_queries(2):
            assert client.get(f"/api/v1/{path}").json()["results"]
    with django_assert_num_queries(3):
        assert len(client.get(f"/api/v1/runs/{run.pk}/leases/").json()["results"]) == 2
