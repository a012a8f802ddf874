"""Reminders, pauses and write-offs over REST."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from billing.models import DunningPause, Invoice
from billing.services.dunning_steps import begin_steps
from billing.services.reminding import send_reminder
from billing.services.sales import SaleLine, issue_sale
from sites.models import Site
from tests.factories import bills, clients, scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC), tick=False) as moved:
        yield moved


@pytest.fixture
def invoice(clock: time_machine.Traveller) -> Invoice:
    """120 DH, due on 15 January, of which was reminded on 1 February."""
    site = bills.site(starts_on=dt.date(2026, 1, 1))
    begin_steps(site=site, acting_user=None)
    company = scene.company("Atlas", email="compta@example.org")
    lines = [SaleLine("Badge", Decimal(100))]
    made = issue_sale(site=site, company=company, lines=lines, acting_user=None)
    clock.move_to(dt.datetime(2026, 2, 1, 12, tzinfo=dt.UTC))
    send_reminder(site=site, company=company, acting_user=None)
    return made


def post(client: Client, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
    answer = client.post(
        f"/api/v1/{path}", data=body or {}, content_type="application/json", headers=headers
    )
    return answer.status_code, answer.json() if answer.content else None


def test_reminders_are_read(
    invoice: Invoice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = clients.client(Role.SITE_MANAGER, invoice.site)
    company = {"id": invoice.company_id, "name": "Atlas"}
    told = {
        "number": "LESSOR-L2026-000001", "site": "CAS", "company": company, "level": 1,
        "on": "2026-02-01", "pay_by": "2026-02-09", "language": "fr", "total": "120.00",
        "by_mail": True,
    }  # fmt: skip
    with django_assert_num_queries(2):
        assert client.get("/api/v1/reminders/?level=1&site=CAS").json()["results"] == [told]
    assert client.get("/api/v1/reminders/?sent_from=2026-02-02").json()["results"] == []
    lines = [{"invoice": invoice.number, "open": "120.00", "step": 1}]
    address = f"/api/v1/reminders/{told['number']}/"
    assert client.get(address).json() == {**told, "lines": lines}
    pdf = client.get(f"{address}pdf/")
    assert b"".join(pdf.streaming_content)[:4] == b"%PDF"  # type: ignore[attr-defined]
    elsewhere = clients.client(Role.FINANCE_OFFICER, scene.site("RAB"))
    assert elsewhere.get("/api/v1/reminders/").json()["results"] == []
    assert elsewhere.get(address).status_code == 404


def test_a_pause_is_made_and_ended(invoice: Invoice, clock: time_machine.Traveller) -> None:
    client = clients.writer(Role.FINANCE_OFFICER, invoice.site)
    body = {"invoice": invoice.number, "kind": "dispute", "start": "2026-02-01", "reason": "m²"}
    status, made = post(client, "dunning-pauses/", body)
    assert (status, made) == (201, {
        "id": made["id"], "company": {"id": invoice.company_id, "name": "Atlas"},
        "site": "CAS", "invoice": invoice.number, "kind": "dispute",
        "start": "2026-02-01", "end": None, "reason": "m²",
    })  # fmt: skip
    status, whole = post(client, "dunning-pauses/", {**body, "everything": True})
    assert (status, whole["invoice"]) == (201, None)
    status, refused = post(client, "dunning-pauses/", {**body, "end": "2026-01-01"})
    assert (status, list(refused["errors"])) == (400, ["end"])
    address = "/api/v1/dunning-pauses/?in_force_on=2026-02-03"
    assert client.get(address).json()["results"] == [made, whole]
    clock.move_to(dt.datetime(2026, 2, 3, 12, tzinfo=dt.UTC))
    client = clients.writer(Role.FINANCE_OFFICER, invoice.site)
    assert post(client, f"dunning-pauses/{made['id']}/end/") == (200, {**made, "end": "2026-02-02"})
    status, later = post(client, "dunning-pauses/", {**body, "start": "2026-03-01"})
    assert post(client, f"dunning-pauses/{later['id']}/end/") == (204, None)
    assert DunningPause.objects.count() == 2
    reader = clients.writer(Role.SITE_MANAGER, invoice.site)
    assert post(reader, f"dunning-pauses/{whole['id']}/end/")[0] == 403
    elsewhere = clients.writer(Role.FINANCE_OFFICER, scene.site("RAB"))
    assert post(elsewhere, f"dunning-pauses/{whole['id']}/end/")[0] == 404
    assert post(elsewhere, "dunning-pauses/", body)[0] == 400


def test_two_clients_write_off(invoice: Invoice) -> None:
    site: Site = invoice.site
    one, other = (clients.writer(Role.FINANCE_OFFICER, site) for _client in range(2))
    status, refused = post(one, "write-offs/", {"invoice": "X", "reason": "Liquidation"})
    assert (status, list(refused["errors"])) == (400, ["invoice"])
    body = {"invoice": invoice.number, "reason": "Liquidation", "amount": "100.00"}
    key = {"Idempotency-Key": "atlas"}
    status, asked = post(one, "write-offs/", body, **key)
    assert (status, asked["amount"], asked["state"]) == (201, "100.00", "asked")
    assert post(one, "write-offs/", body, **key) == (201, asked)
    assert post(one, f"write-offs/{asked['id']}/approve/")[1]["code"] == "another_person"
    status, told = post(other, f"write-offs/{asked['id']}/refuse/", {"reason": "Trop tôt"})
    assert (status, told) == (200, {**asked, "state": "refused", "decided_on": "2026-02-01"})
    status, again = post(one, "write-offs/", {"invoice": invoice.number, "reason": "Liquidation"})
    status, told = post(other, f"write-offs/{again['id']}/approve/")
    assert (status, told["state"], told["amount"]) == (200, "approved", "120.00")
    rows = one.get("/api/v1/write-offs/?state=approved").json()["results"]
    assert rows == [told]
    back = f"write-offs/{again['id']}/take-back/"
    assert post(other, back, {"reason": "Elle paie"}) == (200, {**told, "taken_back": True})
    assert post(other, back, {"reason": "Elle paie"})[1]["code"] == "not_settled_by"
    rows = one.get("/api/v1/write-offs/?state=approved").json()["results"]
    assert rows == [{**told, "taken_back": True}]
    reader = clients.writer(Role.SITE_MANAGER, site)
    assert post(reader, "write-offs/", body)[0] == 403
