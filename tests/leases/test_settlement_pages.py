"""Settlements on the staff site and over REST: written, shown by files, closed, taken back."""

import datetime as dt
import hashlib
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from core.periods import today
from leases import changes
from leases.choices import (
    AgendaKind,
    AmendmentKind,
    Condition,
    DepositAct,
    HandoverWay,
    SettlementLineKind,
)
from leases.models import DepositSettlement, Lease, SettlementEvidence
from leases.next_act import Next
from leases.selectors.agenda import agenda
from leases.selectors.deposits import deposit_of
from leases.selectors.terms import terms_of
from leases.services.amendments import draft_amendment, sign_amendment
from leases.services.deposits import enter_deposit
from leases.services.exits import end_lease
from leases.services.settlements import (
    add_line,
    begin_settlement,
    close_settlement,
    remove_line,
)
from sites.models import Site
from tests.factories import clients, doors, handovers, scene, tenancies, uploads

pytestmark = pytest.mark.django_db

START = dt.date(2026, 1, 15)


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


@pytest.fixture
def lease(site: Site) -> Lease:
    """2000 DH are held of a tenant who has left."""
    lease = tenancies.active(site, scene.office(site, code="A1"), start=START)
    return end_lease(lease=lease, last_day=today(), reason="Départ", acting_user=None)


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split()).replace("\xa0", " ").replace("\u202f", " ")


def told_by(client: Client, row: str) -> set[str]:
    """What the history of a row tells of."""
    history: Any = client.get(f"{row}/history/?lang=en")
    return {entry.about for entry in history.context["entries"]}


def test_what_was_shown_for_a_line_that_is_gone_stands_in_the_history(
    lease: Lease, site: Site
) -> None:
    line = tenancies.settlement_evidence(lease).line
    remove_line(line=line, acting_user=None)
    finance = doors.staff_client(Role.FINANCE_OFFICER, site)
    told = told_by(finance, f"/staff/leases/depositsettlement/{line.settlement_id}")
    assert "Evidence of a deposit settlement" in told


def test_a_line_says_where_the_handover_report_tells_of_it(lease: Lease, site: Site) -> None:
    report = handovers.begun(lease, HandoverWay.OUT)
    handovers.closed(report, condition=Condition.DAMAGED)
    item = report.items.order_by("position")[0]
    settlement = begin_settlement(lease=lease, acting_user=None)
    finance = doors.staff_client(Role.FINANCE_OFFICER, site)
    base = f"/staff/leases/depositsettlement/{settlement.pk}"
    form = finance.get(f"{base}/line/").context["form"]
    assert (item.pk, f"A1, {item.element}") in [
        (getattr(key, "value", key), label) for key, label in form.fields["item"].choices
    ]
    line = {"kind": "damage", "words": "Porte", "amount": "300", "item": item.pk}
    assert finance.post(f"{base}/line/", line).status_code == 302
    shown = text_of(finance.get(f"{base}/change/?lang=en"))
    assert f"In the handover report: <bdi>A1, {item.element}</bdi> · damaged" in shown


def test_finance_settles_a_deposit_page_by_page(lease: Lease, site: Site) -> None:
    finance = doors.staff_client(Role.FINANCE_OFFICER, site)
    leads = finance.get(f"/staff/leases/lease/{lease.pk}/change/?lang=en")
    begin = f"/staff/leases/lease/{lease.pk}/settle-deposit/"
    assert f'class="file-next" href="{begin}"' in text_of(leads)
    began = finance.post(begin)
    settlement = DepositSettlement.objects.get()
    base = f"/staff/leases/depositsettlement/{settlement.pk}"
    assert began.headers["Location"] == f"{base}/change/"
    line = {"kind": "damage", "words": "Porte rayée", "amount": "350.50"}
    assert finance.post(f"{base}/line/", line).status_code == 302
    row = settlement.lines.get()
    bill = SimpleUploadedFile("facture.pdf", uploads.pdf(), "application/pdf")
    assert finance.post(f"{base}/evidence/", {"line": row.pk, "file": bill}).status_code == 302
    evidence = SettlementEvidence.objects.get()
    changed = {**line, "line": row.pk, "amount": "2350.50"}
    assert finance.post(f"{base}/change-line/", changed).status_code == 302
    shown = text_of(finance.get(f"{base}/change/?lang=en"))
    assert "The lines come to 350.50 MAD more than is held" in shown
    for words in ("Porte rayée", "facture.pdf", f"{base}/change-line/?line={row.pk}"):
        assert words in shown
    refused = finance.post(f"{base}/close/?lang=en", {"day": str(today())})
    assert "take 350.50 DH out of them" in text_of(refused)
    finance.post(f"{base}/change-line/", {**changed, "amount": "350.50"})
    finance.post(f"{base}/line/", {**line, "words": "De trop"})
    extra = settlement.lines.get(words="De trop")
    assert finance.post(f"{base}/remove-line/", {"line": extra.pk}).status_code == 302
    assert finance.post(f"{base}/note/", {"note": "Sur rendez-vous."}).status_code == 302
    assert finance.get(f"{base}/preview/?language=ar").content.startswith(b"%PDF-")
    assert finance.post(f"{base}/close/", {"day": str(today())}).status_code == 302
    assert deposit_of(lease).kept == Decimal("350.50")
    assert finance.post(f"{base}/issue/", {"language": "fr"}).status_code == 302
    shown = text_of(finance.get(f"{base}/change/?lang=en"))
    assert settlement.documents.get().sha256 in shown
    assert f"{base}/line/" not in shown
    leads = finance.get(f"/staff/leases/lease/{lease.pk}/change/?lang=en")
    assert leads.context["page"].next == Next.RETURN_DEPOSIT
    back = finance.get(f"/staff/leases/lease/{lease.pk}/deposit/").context["form"]
    assert back.initial == {"act": "returned", "amount": Decimal("1649.50")}
    opened: Any = finance.get(f"/staff/settlement-evidence/{evidence.pk}/")
    assert opened.headers["Content-Disposition"].startswith("attachment; filename")
    data = b"".join(opened.streaming_content)
    assert hashlib.sha256(data).hexdigest() == evidence.sha256
    assert "Deposit settlement" in told_by(finance, f"/staff/leases/lease/{lease.pk}")
    assert "Evidence of a deposit settlement" in told_by(finance, base)
    assert finance.post(f"{base}/take-back/", {"reason": "Autre bail"}).status_code == 302
    assert deposit_of(lease).kept == 0


def test_who_may_not_sees_no_settlement_and_an_auditor_only_reads(lease: Lease, site: Site) -> None:
    evidence = tenancies.settlement_evidence(lease)
    settlement = evidence.line.settlement
    base = f"/staff/leases/depositsettlement/{settlement.pk}"
    auditor = doors.staff_client(Role.AUDITOR, site)
    assert auditor.get(f"{base}/preview/").status_code == 200
    shown = text_of(auditor.get(f"{base}/change/?lang=en"))
    assert "facture.pdf" in shown
    assert "/line/" not in shown
    for path in ("line", "evidence", "close", "drop"):
        assert auditor.post(f"{base}/{path}/").status_code == 403
    officer = doors.staff_client(Role.ADMISSIONS_OFFICER, site)
    assert officer.get(f"{base}/change/").status_code == 403
    told = told_by(officer, f"/staff/leases/lease/{settlement.lease_id}")
    assert "Lease" in told
    assert "Deposit settlement" not in told
    elsewhere = doors.staff_client(Role.FINANCE_OFFICER, scene.site("RAB"))
    assert elsewhere.get(f"{base}/change/").status_code == 302
    for client in (officer, elsewhere):
        assert client.get(f"/staff/settlement-evidence/{evidence.pk}/").status_code == 404


@pytest.mark.parametrize("count", [1, 5])
def test_the_page_asks_the_same_for_one_line_and_for_five(
    lease: Lease, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(count):
        settlement = tenancies.settlement_evidence(lease).line.settlement
    director = doors.staff_client(Role.DIRECTOR)
    page = f"/staff/leases/depositsettlement/{settlement.pk}/change/"
    director.get(page)
    with django_assert_num_queries(9):
        director.get(page)


def test_an_amendment_that_raises_the_deposit_asks_for_the_rest(site: Site) -> None:
    lease = tenancies.active(site, scene.office(site, code="A1"), start=START)
    manager = scene.staff(Role.SITE_MANAGER, site)

    def waiting() -> list[tuple[AgendaKind, Decimal | None, tuple[str, ...]]]:
        found = [item.entry for item in agenda(manager, months=3) if item.entry.amount]
        return [(entry.kind, entry.amount, entry.spaces) for entry in found]

    assert waiting() == []
    terms = terms_of(lease)
    draft = draft_amendment(
        lease=lease, kind=AmendmentKind.CORRECTION, effective_on=today(), reason="Plus grand",
        after=changes.with_deposit(terms, Decimal(2600)), acting_user=None,
    )  # fmt: skip
    sign_amendment(amendment=draft, signed_on=today(), acting_user=None)
    client = doors.staff_client(Role.SITE_MANAGER, site)
    answer = client.get(f"/staff/leases/lease/{lease.pk}/change/?lang=en")
    page = answer.context["page"]
    assert (page.account.missing, page.next) == (600, Next.ENTER_DEPOSIT)
    assert "600.00 MAD" in text_of(answer)
    assert waiting() == [(AgendaKind.DEPOSIT_MISSING, Decimal(600), ("A1",))]
    listed = text_of(client.get("/staff/leases/agenda/?lang=en"))
    assert f'href="/staff/leases/lease/{lease.pk}/deposit/"' in listed
    lease.refresh_from_db()
    tenancies.pay_deposit(lease)
    assert waiting() == []
    end_lease(lease=lease, last_day=today(), reason="Départ", acting_user=None)
    assert waiting() == [(AgendaKind.DEPOSIT_TO_SETTLE, Decimal(2600), ("A1",))]
    close_settlement(
        settlement=begin_settlement(lease=lease, acting_user=None), on=today(), acting_user=None
    )
    assert waiting() == [(AgendaKind.DEPOSIT_TO_RETURN, Decimal(2600), ("A1",))]
    enter_deposit(
        lease=lease,
        act=DepositAct.RETURNED,
        amount=Decimal(2600),
        on=today(),
        note="x",
        acting_user=None,
    )
    assert waiting() == []
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    assert [item for item in agenda(officer, months=3) if item.entry.amount] == []


def test_a_settlement_over_rest(lease: Lease, site: Site) -> None:
    client = clients.writer(Role.FINANCE_OFFICER, site)
    base = f"/api/v1/leases/{lease.number}/settlements/"

    def post(path: str, body: Any = None) -> tuple[int, Any]:
        answer = client.post(base + path, body or {}, "application/json")
        return answer.status_code, answer.json()

    status, begun = post("")
    one = f"{begun['id']}/"
    assert (status, begun) == (
        201,
        {
            "id": begun["id"], "state": "draft", "on": None, "note": "", "closed_at": None,
            "final": True, "reason": "", "held": "2000.00", "kept": "0.00", "left": "2000.00",
            "to_return": "2000.00", "lines": [],
        },
    )  # fmt: skip
    line = {"kind": "keys", "words": "Deux badges", "amount": "180.00"}
    status, grown = post(f"{one}lines/", line)
    row = grown["lines"][0]
    assert (status, row) == (201, {**line, "id": row["id"], "item": None, "evidence": []})
    at = f"{base}{one}lines/{row['id']}/"
    put = client.put(at, {**line, "amount": "200.00"}, "application/json")
    assert (put.status_code, put.json()["left"]) == (200, "1800.00")
    data = uploads.pdf()
    kept = client.put(f"{at}evidence/facture.pdf", data, "application/pdf").json()
    assert kept == {
        "id": kept["id"], "name": "facture.pdf", "media_type": "application/pdf",
        "size": len(data), "sha256": hashlib.sha256(data).hexdigest(),
    }  # fmt: skip
    shown: Any = client.get(f"{base}{one}evidence/{kept['id']}/")
    assert b"".join(shown.streaming_content) == data
    assert client.delete(f"{base}{one}evidence/{kept['id']}/").status_code == 204
    assert post(f"{one}note/", {"note": "Bonjour"})[1]["note"] == "Bonjour"
    for path, body, status, code in (
        (f"{one}lines/", {**line, "amount": "0.00"}, 400, "bad_deposit"),
        (f"{one}lines/", {**line, "item": 1}, 400, "unknown_item"),
        (f"{one}lines/", {**line, "kind": "x"}, 400, "invalid"),
        (f"{one}take-back/", {"reason": "x"}, 409, "settlement_over"),
        (f"{one}close/", {"on": "2030-01-01"}, 400, "bad_lease_date"),
        ("0/close/", {}, 404, "not_found"),
    ):
        answer = post(path, body)
        assert (answer[0], answer[1]["code"]) == (status, code), path
    extra = post(f"{one}lines/", line)[1]["lines"][1]["id"]
    assert client.delete(f"{base}{one}lines/{extra}/").status_code == 204
    status, closed = post(f"{one}close/")
    assert (status, closed["state"], closed["kept"], closed["to_return"]) == (
        200, "closed", "200.00", "1800.00"
    )  # fmt: skip
    assert post(f"{one}drop/")[0] == 409
    assert post(f"{one}take-back/", {"reason": "Erreur"})[1]["state"] == "taken_back"
    again = post("")[1]["id"]
    assert post(f"{again}/drop/")[1]["state"] == "dropped"
    listed = client.get(base).json()["results"]
    assert [(each["id"], each["state"], each["held"]) for each in listed] == [
        (begun["id"], "taken_back", "2000.00"), (again, "dropped", None)
    ]  # fmt: skip
    kept_act = {"act": "kept", "amount": "1.00", "note": "x"}
    door = f"/api/v1/leases/{lease.number}/enter-deposit/"
    assert client.post(door, kept_act, "application/json").status_code == 400
    reader = clients.writer(Role.AUDITOR)
    assert reader.get(base).status_code == 200
    assert reader.post(base, {}, "application/json").status_code == 403
    assert clients.writer(Role.ADMISSIONS_OFFICER, site).get(base).status_code == 403
    assert clients.writer(Role.SITE_MANAGER, scene.site("RAB")).get(base).status_code == 404


def test_a_draft_is_found_again_on_the_leases_page(lease: Lease, site: Site) -> None:
    settlement = begin_settlement(lease=lease, acting_user=None)
    add_line(
        settlement=settlement,
        kind=SettlementLineKind.OTHER,
        words="x",
        amount=Decimal(1),
        acting_user=None,
    )
    manager: Client = doors.staff_client(Role.SITE_MANAGER, site)
    shown = text_of(manager.get(f"/staff/leases/lease/{lease.pk}/change/?lang=en"))
    address = f"/staff/leases/depositsettlement/{settlement.pk}/change/"
    assert f'class="file-next" href="{address}"' in shown
