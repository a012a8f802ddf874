"""The staff's pages of a lessor's books, and the same over REST."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.choices import Role
from billing.choices import Journal, PaymentMethod
from billing.models import JournalExport, MonthClosing, VatReturn
from billing.selectors.accounts import CODES
from billing.services.exporting import set_layout
from billing.services.payments import record_payment
from billing.services.sales import SaleLine, issue_sale
from sites.models import Site
from tests.factories import bills, clients, doors, scene

day = dt.date
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(dt.datetime(2026, 1, 10, 12, tzinfo=dt.UTC)) as moved:
        yield moved


@pytest.fixture
def site(clock: Any) -> Site:
    """One sale, paid in January; it is March now."""
    made = bills.site(starts_on=day(2026, 1, 1))
    sale(made)
    clock.move_to(dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC))
    return made


def sale(site: Site) -> None:
    company = scene.company()
    issue_sale(site=site, company=company, lines=[SaleLine("Salle", Decimal(100))],
               acting_user=None)  # fmt: skip
    record_payment(
        site=site, company=company, method=PaymentMethod.TRANSFER, received_on=day(2026, 1, 10),
        amount=Decimal(120), acting_user=None,
    )  # fmt: skip


LAYOUT = {
    "act": "layout", "layout": "own", "columns": "jabc", "delimiter": ";", "decimal": ".",
    "days": "i", "header": "n", "encoding": "w", "sales": "v1", "receipts": "BQ", "deposits": "OD",
}  # fmt: skip


def page(client: Client, name: str, query: str = "") -> str:
    answer = client.get(reverse(f"admin:{name}") + query, headers={"accept-language": "en"})
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_month_is_exported_closed_and_declared(site: Site, tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    client = doors.staff_client(Role.FINANCE_OFFICER)
    assert "LESSOR-F2026-000001" in page(client, "books_vat", "?month=2026-01")
    journals = reverse("admin:books_journals") + "?journal=sales&month=2026-01"
    assert client.post(journals, {**LAYOUT, "columns": "aab"}).status_code == 409
    assert client.post(journals, {**LAYOUT, "sales": "V-1"}).status_code == 409
    assert client.post(journals, LAYOUT).status_code == 302  # is kept for all that follow
    assert "Journal, Compte, Débit, Crédit" in page(client, "books_journals")
    assert client.post(journals).status_code == 302
    export = JournalExport.objects.get()
    answer: Any = client.get(reverse("admin:journal_export", args=[export.pk]))
    sent = b"".join(answer.streaming_content).decode("cp1252").splitlines()
    assert sent == ["V1;34211;120.00;", "V1;71243;;100.00", "V1;4455;;20.00"]
    assert "34211" in page(client, "books_journals", "?month=2026-01")
    closing = reverse("admin:books_closing") + "?month=2026-01"
    assert client.post(closing).status_code == 409  # the receipt is not exported
    assert client.post(closing, {"anyway": "on"}).status_code == 302
    assert MonthClosing.objects.get().month == day(2026, 1, 1)
    assert client.post(closing, {"anyway": "on"}).status_code == 409  # a second click opens nothing
    assert client.post(closing, {"act": "reopen", "reason": ""}).status_code == 409
    vat = reverse("admin:books_vat") + "?month=2026-01"
    assert client.post(vat).status_code == 302
    assert VatReturn.objects.get().totals == [{"rate": "20.00", "net": "100.00", "vat": "20.00"}]
    file = client.get(f"{vat}&format=csv").content.decode("utf-8-sig").splitlines()
    assert file[0] == "Date;Nature;Facture;Règlement;Client;ICE;Taux;HT;TVA"
    assert file[1].startswith("10/01/2026;Encaissement;LESSOR-F2026-000001;LESSOR-P2026-000001;")
    assert file[1].endswith(";20,00;100,00;20,00")
    assert client.get(f"{vat}&format=xlsx").content[:2] == b"PK"
    assert client.post(closing, {"act": "reopen", "reason": "Oubli"}).status_code == 409
    later = {"act": "reopen", "reason": "Oubli"}  # and who was late to reopen closes nothing
    assert client.post(closing.replace("-01", "-02"), later).status_code == 409
    assert MonthClosing.objects.count() == 1


def test_the_same_over_rest(site: Site, tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    client = clients.writer(Role.FINANCE_OFFICER)

    def post(path: str, body: Any) -> tuple[int, Any]:
        answer = client.post(f"/api/v1/{path}", data=body, content_type="application/json")
        return answer.status_code, answer.json()

    asked = "?lessor=lessor&month=2026-01-15"
    due = client.get(f"/api/v1/vat-returns/due/{asked}").json()
    totals = [{"rate": "20.00", "net": "100.00", "vat": "20.00"}]
    assert (due["end"], due["totals"], due["rows"][0]["reason"]) == (
        "2026-01-31", totals, "received",
    )  # fmt: skip
    (piece,) = client.get(f"/api/v1/journals/pieces/{asked}&journal=receipts").json()["pieces"]
    assert (piece["exported"], [(one["account"], one["debit"], one["credit"])
                                for one in piece["entries"]]) == (
        False, [("5141", "120.00", "0.00"), ("34211", "0.00", "120.00")],
    )  # fmt: skip
    body = {"lessor": "lessor", "journal": "receipts", "start": "2026-01-01", "end": "2026-01-31"}
    set_layout(lessor=site.lessor, written="sage", codes={**CODES, Journal.RECEIPTS: "BQ"},
               acting_user=None)  # fmt: skip
    status, export = post("journals/", body)
    assert (status, export["pieces"], export["layout"]) == (201, 1, "sage")
    sent = client.get(f"/api/v1/journals/{export['id']}/csv/").content.decode("cp1252")
    assert sent.splitlines()[0].startswith("BQ;100126;LESSOR-")
    assert post("journals/", {**body, "layout": "zz"})[0] == 400
    assert post("journals/", body)[1]["code"] == "nothing_to_export"
    month = {"lessor": "lessor", "month": "2026-01-20"}
    assert post("closings/", month)[1]["code"] == "not_ready_to_close"
    status, closing = post("closings/", {**month, "anyway": True})
    assert (status, closing["month"]) == (201, "2026-01-01")
    status, kept = post("vat-returns/", month)
    assert (status, kept["totals"], len(kept["rows"])) == (201, totals, 1)
    assert client.get("/api/v1/vat-returns/?lessor=lessor").json()["results"][0]["id"] == kept["id"]
    refused = post(f"closings/{closing['id']}/reopen/", {"reason": "Oubli"})
    assert refused[1]["code"] == "month_declared"
    half = clients.writer(Role.FINANCE_OFFICER, scene.site("RAB"))
    assert half.get("/api/v1/closings/").json()["results"] == []


def test_pages_are_for_whoever_may_at_all_sites(site: Site) -> None:
    bills.site("RAB", starts_on=day(2026, 1, 1))
    half = doors.staff_client(Role.FINANCE_OFFICER, site)
    auditor = doors.staff_client(Role.AUDITOR)
    for name in ("books_closing", "books_vat", "books_journals"):
        assert half.get(reverse(f"admin:{name}")).status_code == 403
        assert auditor.get(reverse(f"admin:{name}")).status_code == 200
        assert auditor.post(reverse(f"admin:{name}"), LAYOUT).status_code == 403
    assert auditor.get(f"{reverse('admin:books_vat')}?lessor=nobody").status_code == 404
    assert doors.staff_client(Role.REVIEWER).get(reverse("admin:books_vat")).status_code == 403


@pytest.mark.parametrize("month", ["0001-01", "9999-12", "2026-13"])
def test_a_month_that_cannot_be_is_another(site: Site, month: str) -> None:
    client = doors.staff_client(Role.FINANCE_OFFICER)
    for name in ("books_closing", "books_vat", "books_journals"):
        assert "2026" in page(client, name, f"?month={month}")


def test_pages_ask_the_same_queries_for_one_and_many(site: Site, clock: Any) -> None:
    client = doors.staff_client(Role.FINANCE_OFFICER)
    found = []
    for more in (0, 3):
        clock.move_to(dt.datetime(2026, 1, 10, 12, tzinfo=dt.UTC))
        for _one in range(more):
            sale(site)
        clock.move_to(dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC))
        counts = {}
        for name in ("books_closing", "books_vat", "books_journals"):
            with CaptureQueriesContext(connection) as asked:
                page(client, name, "?month=2026-01")
            counts[name] = len(asked)
        found.append(counts)
    assert found == [{"books_closing": 47, "books_vat": 32, "books_journals": 14}] * 2
