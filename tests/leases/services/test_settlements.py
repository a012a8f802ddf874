"""Settlements of deposits: what is kept is a line, once, and stays as it was told."""

import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from pypdf import PdfReader

from accounts.choices import Role
from applications.services.leftovers import sweep_leftovers
from core.errors import DomainError, NotAllowed
from core.periods import ONE_DAY, today
from core.uploads.refusals import UploadActive
from leases.choices import (
    DepositAct,
    DocumentKind,
    HandoverWay,
    SettlementLineKind,
    SettlementState,
)
from leases.errors import (
    BadDeposit,
    BadLeaseDate,
    KeptBySettlement,
    MoreThanHeld,
    NothingToIssue,
    NothingToSettle,
    ReasonNeeded,
    SettlementOver,
    UnknownItem,
    WordsMissing,
    WrongLeaseState,
)
from leases.models import (
    DepositEntry,
    DepositSettlement,
    Lease,
    LeaseDocument,
    SettlementEvidence,
    SettlementLine,
)
from leases.selectors.deposits import deposit_of
from leases.selectors.settlements import settles
from leases.services.deposits import enter_deposit, take_back_entry
from leases.services.documents import draft_settlement, issue_document, issue_missing
from leases.services.drafts import cancel_lease
from leases.services.evidence import add_evidence, remove_evidence
from leases.services.exits import end_lease
from leases.services.handover_items import remove_item
from leases.services.settlements import (
    add_line,
    begin_settlement,
    change_line,
    close_settlement,
    drop_settlement,
    note_settlement,
    remove_line,
    take_back_settlement,
)
from sites.models import Site
from tests.factories import handovers, scene, tenancies, uploads

pytestmark = pytest.mark.django_db

START = dt.date(2026, 1, 15)


def refused(act: Callable[[], Any], error: type[DomainError]) -> DomainError:
    with pytest.raises(error) as caught:
        act()
    return caught.value


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


@pytest.fixture
def lease(site: Site) -> Lease:
    """20 m² at 100 DH; 2000 DH are held."""
    return tenancies.active(site, scene.office(site, code="A1"), start=START)


@pytest.fixture
def left(lease: Lease) -> Lease:
    """The same, once its tenant has gone to another town."""
    return end_lease(
        lease=lease, last_day=today(), reason="Départ", forwarding_address="12, rue Haute\nFès",
        acting_user=None,
    )  # fmt: skip


def draft(lease: Lease, *amounts: str) -> DepositSettlement:
    settlement = begin_settlement(lease=lease, acting_user=None)
    for number, amount in enumerate(amounts, start=1):
        add_line(
            settlement=settlement,
            kind=SettlementLineKind.DAMAGE,
            words=f"Porte {number}",
            amount=Decimal(amount),
            acting_user=None,
        )
    return settlement


def close(settlement: DepositSettlement, on: dt.date | None = None) -> DepositSettlement:
    return close_settlement(settlement=settlement, on=on or today(), acting_user=None)


def money(lease: Lease) -> tuple[Any, ...]:
    """Received, held, returned, kept."""
    account = deposit_of(lease)
    assert account.received == account.held + account.returned + account.kept
    return account.received, account.held, account.returned, account.kept


def shown(line: SettlementLine, data: bytes | None = None, name: str = "facture.pdf") -> Any:
    content = data if data is not None else uploads.pdf()
    return add_evidence(
        line=line, file=io.BytesIO(content), name=name, size=len(content), acting_user=None
    )


def test_each_line_of_a_closed_settlement_is_kept_once_and_the_rest_goes_back(left: Lease) -> None:
    settlement = draft(left, "300", "120.50")
    assert begin_settlement(lease=left, acting_user=None) == settlement
    first, second = settlement.lines.all()
    change_line(
        line=second,
        kind=SettlementLineKind.CLEANING,
        words="Nettoyage",
        amount=Decimal("99.50"),
        acting_user=None,
    )
    third = add_line(
        settlement=settlement,
        kind=SettlementLineKind.KEYS,
        words="Une clé",
        amount=Decimal(50),
        acting_user=None,
    )
    remove_line(line=first, acting_user=None)
    closed = close(settlement)
    assert (closed.state, closed.held, closed.final) == ("closed", 2000, True)
    assert money(left) == (2000, Decimal("1850.50"), 0, Decimal("149.50"))
    entries = DepositEntry.objects.filter(act="kept").order_by("id")
    assert list(entries.values_list("line", "amount", "note", "on")) == [
        (second.pk, Decimal("99.50"), "Nettoyage", today()),
        (third.pk, Decimal(50), "Une clé", today()),
    ]
    assert settles(closed, left)
    for again in (
        lambda: close(settlement),
        lambda: draft_line(settlement),
        lambda: remove_line(line=third, acting_user=None),
        lambda: note_settlement(settlement=settlement, note="x", acting_user=None),
        lambda: drop_settlement(settlement=settlement, acting_user=None),
        lambda: shown(third),
    ):
        refused(again, SettlementOver)
    refused(
        lambda: take_back_entry(entry=entries[0], reason="x", acting_user=None), KeptBySettlement
    )
    enter_deposit(
        lease=left, act=DepositAct.RETURNED, amount=Decimal("1850.50"), on=today(), note="Virement",
        acting_user=None,
    )  # fmt: skip
    assert money(left) == (2000, 0, Decimal("1850.50"), Decimal("149.50"))


def draft_line(settlement: DepositSettlement, **given: Any) -> SettlementLine:
    line = {"kind": "other", "words": "x", "amount": Decimal(1), "acting_user": None}
    return add_line(settlement=settlement, **{**line, **given})


def test_what_cannot_be_settled_is_refused(left: Lease, site: Site) -> None:
    settlement = draft(left, "1500", "700.25")
    more = refused(lambda: close(settlement), MoreThanHeld)
    assert "200.25" in str(more.message).replace(",", ".")
    for given, error in (
        ({"amount": Decimal(0)}, BadDeposit),
        ({"amount": Decimal("0.001")}, BadDeposit),
        ({"words": " "}, WordsMissing),
    ):
        refused(lambda given=given: draft_line(settlement, **given), error)  # type: ignore[misc]
    refused(lambda: close(settlement, today() + ONE_DAY), BadLeaseDate)
    refused(lambda: close(settlement, today() - ONE_DAY), BadLeaseDate)
    refused(
        lambda: take_back_settlement(settlement=settlement, reason="x", acting_user=None),
        SettlementOver,
    )
    for _click in range(2):
        drop_settlement(settlement=settlement, acting_user=None)
    assert money(left) == (2000, 2000, 0, 0)
    whole = close(draft(left))  # without a line all of it goes back
    assert (whole.held, money(left)) == (2000, (2000, 2000, 0, 0))
    unsigned = cancel_lease(
        lease=tenancies.drafted(site, scene.office(site)), reason="x", acting_user=None
    )
    refused(lambda: begin_settlement(lease=unsigned, acting_user=None), WrongLeaseState)
    bare = tenancies.signed(site, scene.office(site))
    refused(lambda: close(draft(bare)), NothingToSettle)


def test_a_line_points_into_a_closed_report_of_its_lease_only(left: Lease, site: Site) -> None:
    """What is still being written may leave the report again."""
    settlement = begin_settlement(lease=left, acting_user=None)
    report = handovers.begun(left, HandoverWay.OUT)
    item = report.items.order_by("position")[0]
    refused(lambda: draft_line(settlement, item=item), UnknownItem)
    remove_item(item=report.items.order_by("position")[1], acting_user=None)
    handovers.closed(report)
    assert draft_line(settlement, item=item).item == item
    other = handovers.closed(handovers.begun(tenancies.signed(site, scene.office(site))))
    elsewhere = other.items.order_by("position")[0]
    refused(lambda: draft_line(settlement, item=elsewhere), UnknownItem)


def test_a_part_is_kept_while_the_tenant_stays_and_what_is_left_is_held_on(lease: Lease) -> None:
    refused(lambda: close(draft(lease)), NothingToSettle)
    closed = close(draft(lease, "400"))
    assert not closed.final
    assert money(lease) == (2000, 1600, 0, 400)
    assert deposit_of(lease).missing == 400
    end_lease(lease=lease, last_day=today(), reason="Départ", acting_user=None)
    lease.refresh_from_db()
    assert not settles(closed, lease)
    final = close(draft(lease, "100"))
    assert (final.held, settles(final, lease)) == (1600, True)


def test_a_mistaken_settlement_is_taken_back_as_a_whole(left: Lease) -> None:
    settlement = close(draft(left, "300", "200"))
    refused(
        lambda: take_back_settlement(settlement=settlement, reason=" ", acting_user=None),
        ReasonNeeded,
    )
    for _click in range(2):
        back = take_back_settlement(settlement=settlement, reason="Autre bail", acting_user=None)
    assert (back.state, back.reason) == (SettlementState.TAKEN_BACK, "Autre bail")
    assert money(left) == (2000, 2000, 0, 0)
    assert DepositEntry.objects.filter(reverses__line__settlement=settlement).count() == 2
    assert not settles(back, left)
    close(draft(left, "300"))
    assert money(left) == (2000, 1700, 0, 300)


def test_evidence_is_checked_kept_privately_and_goes_with_its_line(
    left: Lease, django_capture_on_commit_callbacks: Any
) -> None:
    settlement = draft(left, "300")
    line = settlement.lines.get()
    bill = shown(line)
    assert (bill.name, bill.media_type, bill.size) == (
        "facture.pdf", "application/pdf", len(uploads.pdf())
    )  # fmt: skip
    assert shown(line, name="encore.pdf") == bill  # the same bytes
    scripted = uploads.pdf(lambda writer: writer.add_attachment("x.exe", b"x"))
    refused(lambda: shown(line, scripted, "x.pdf"), UploadActive)
    photo = shown(line, uploads.png(), "porte.png")
    kept = {bill.file.name, photo.file.name}
    assert all(default_storage.exists(name) for name in kept)
    with time_machine.travel(timezone.now() + dt.timedelta(days=3)):
        sweep_leftovers()
    assert all(default_storage.exists(name) for name in kept)
    with django_capture_on_commit_callbacks(execute=True):
        remove_evidence(evidence=photo, acting_user=None)
    with django_capture_on_commit_callbacks(execute=True):
        remove_line(line=line, acting_user=None)
    assert not any(default_storage.exists(name) for name in kept)
    assert SettlementEvidence.objects.count() == 0


FROZEN = (
    "UPDATE leases_depositsettlement SET state = 'draft', closed_at = NULL",
    "UPDATE leases_depositsettlement SET state = 'dropped'",
    "UPDATE leases_depositsettlement SET held = held + 1",
    "UPDATE leases_depositsettlement SET note = 'x'",
    "DELETE FROM leases_depositsettlement",
    "UPDATE leases_settlementline SET amount = 1",
    "DELETE FROM leases_settlementline",
    "INSERT INTO leases_settlementline (settlement_id, position, kind, words, amount) "
    "SELECT id, 9, 'other', 'x', 1 FROM leases_depositsettlement",
    "UPDATE leases_settlementevidence SET name = 'x'",
    "DELETE FROM leases_settlementevidence",
)


def test_a_closed_settlement_stays_as_it_was_told_whatever_sql_is_sent(left: Lease) -> None:
    settlement = draft(left, "300")
    shown(settlement.lines.get())
    close(settlement)

    def say(statement: str) -> str:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except DatabaseError as error:
            return str(error)
        return ""

    for statement in FROZEN:
        assert "is frozen" in say(statement), statement
    keep = (
        'INSERT INTO leases_depositentry (lease_id, act, method, amount, "on", note, line_id, '
        f"made_at) VALUES ({left.pk}, 'kept', '', 5, now(), 'x', %s, now())"
    )
    assert "kept_by_a_settlement" in say(keep % "NULL")
    take_back_settlement(settlement=settlement, reason="Erreur", acting_user=None)
    for statement in FROZEN:
        assert "is frozen" in say(statement), statement
    other = draft(left, "5")
    assert "a line of a closed settlement" in say(keep % other.lines.get().pk)


def test_its_document_says_what_is_kept_and_where_it_goes(left: Lease, site: Site) -> None:
    settlement = draft(left, "300.50")
    line = settlement.lines.get()
    shown(line, name="devis peintre.pdf")
    note_settlement(settlement=settlement, note="Photos sur demande.", acting_user=None)
    assert draft_settlement(settlement, "fr").startswith(b"%PDF-")
    refused(lambda: issued(settlement, "fr"), NothingToIssue)
    settlement = close(settlement)
    issue_missing()
    document = LeaseDocument.objects.get(kind=DocumentKind.SETTLEMENT)
    assert (document.settlement, document.language) == (settlement, "fr")
    with document.file.open("rb") as file:
        pages = [page.extract_text() for page in PdfReader(file).pages]
    text = " ".join(" ".join(pages).split()).replace("\u202f", " ").replace("\u00a0", " ")
    for words in (
        "12, rue Haute", "Fès", "2 000,00 MAD", "deux mille dirhams", "300,50 MAD", "1 699,50 MAD",
        "Porte 1", "devis peintre.pdf", "Photos sur demande.", "Vous avez quitté les lieux",
    ):  # fmt: skip
        assert words in text
    assert issued(settlement, "fr") == document
    assert issued(settlement, "ar") != document
    assert issue_missing() == 0
    reader = scene.staff(Role.ADMISSIONS_OFFICER, site)
    seen = LeaseDocument.objects.visible_to(reader).values_list("kind", flat=True)
    assert set(seen) == {"contract"}


def issued(settlement: DepositSettlement, language: str) -> LeaseDocument:
    return issue_document(
        lease=settlement.lease, kind=DocumentKind.SETTLEMENT, language=language,
        settlement=settlement, acting_user=None,
    )  # fmt: skip


def test_only_who_may_change_deposits_at_the_site_settles_them(left: Lease, site: Site) -> None:
    settlement = draft(left, "300")
    line = settlement.lines.get()
    finance = scene.staff(Role.FINANCE_OFFICER, site)
    for user in (
        scene.staff(Role.AUDITOR, None),
        scene.staff(Role.ADMISSIONS_OFFICER, site),
        scene.staff(Role.FINANCE_OFFICER, scene.site("RAB")),
    ):
        about = {"acting_user": user}
        for act in (
            lambda: begin_settlement(lease=left, **about),  # noqa: B023
            lambda: draft_line(settlement, **about),  # noqa: B023
            lambda: remove_line(line=line, **about),  # noqa: B023
            lambda: close_settlement(settlement=settlement, on=today(), **about),  # noqa: B023
            lambda: drop_settlement(settlement=settlement, **about),  # noqa: B023
        ):
            refused(act, NotAllowed)
    assert close_settlement(settlement=settlement, on=today(), acting_user=finance).final
    assert list(DepositSettlement.objects.visible_to(finance)) == [settlement]
    there = scene.staff(Role.FINANCE_OFFICER, Site.objects.get(code="RAB"))
    assert not DepositSettlement.objects.visible_to(there).exists()
