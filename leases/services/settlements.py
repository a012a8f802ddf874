"""Settlements of deposits: begun, written line by line, closed, dropped, taken back."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import Action
from core import formats
from core.history import recorded
from core.jobs import wake_on_commit
from core.periods import today
from leases.choices import DepositAct, SettlementLineKind, SettlementState
from leases.errors import (
    BadLeaseDate,
    MoreThanHeld,
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
    HandoverItem,
    Lease,
    SettlementEvidence,
    SettlementLine,
)
from leases.selectors.settlements import account_of
from leases.services.deposits import WITH_DEPOSIT, check_amount, undo_entry
from leases.services.documents import ISSUE_TASK
from leases.services.locking import locked
from leases.signals import settlement_closed, settlement_taken_back
from sites.permissions import require


def begin_settlement(*, lease: Lease, acting_user: User | None) -> DepositSettlement:
    """A draft; asked for again, the one that is there. Raises WrongLeaseState, NotAllowed."""
    with recorded(acting_user):
        row = locked(lease, states=WITH_DEPOSIT)
        require(acting_user, Action.CHANGE, "deposit", row.site_id)
        if row.signed_on is None:  # cancelled before it was signed
            raise WrongLeaseState(number=row.number, state=row.get_state_display())
        known = row.settlements.drafts().first()
        if known is not None:
            return known
        return DepositSettlement.objects.create(lease=row, acting_user=acting_user)


def note_settlement(
    *, settlement: DepositSettlement, note: str, acting_user: User | None
) -> DepositSettlement:
    """What the company reads below the lines. Raises SettlementOver, NotAllowed."""
    with recorded(acting_user):
        draft, _lease = draft_of(settlement, acting_user)
        draft.note = note.strip()
        draft.save(update_fields=["note"])
    return draft


def add_line(
    *,
    settlement: DepositSettlement,
    kind: SettlementLineKind,
    words: str,
    amount: Decimal,
    item: HandoverItem | None = None,
    acting_user: User | None,
) -> SettlementLine:
    """One more thing that is kept, after the others; `item`: where the handover report says so.

    Raises BadDeposit (no amount in centimes), WordsMissing, UnknownItem, SettlementOver,
    NotAllowed.
    """
    _check_line(words, amount)
    with recorded(acting_user):
        draft, lease = draft_of(settlement, acting_user)
        _check_item(item, lease)
        last = draft.lines.aggregate(last=Max("position"))["last"] or 0
        return SettlementLine.objects.create(
            settlement=draft,
            position=last + 1,
            kind=kind,
            words=words.strip(),
            amount=amount,
            item=item,
        )


def change_line(
    *,
    line: SettlementLine,
    kind: SettlementLineKind,
    words: str,
    amount: Decimal,
    item: HandoverItem | None = None,
    acting_user: User | None,
) -> SettlementLine:
    """In its place, with its evidence. Raises what `add_line` does."""
    _check_line(words, amount)
    with recorded(acting_user):
        _draft, lease = draft_of(line.settlement, acting_user)
        _check_item(item, lease)
        row = SettlementLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
        row.kind, row.words, row.amount, row.item = kind, words.strip(), amount, item
        row.save(update_fields=["kind", "words", "amount", "item"])
    return row


def remove_line(*, line: SettlementLine, acting_user: User | None) -> None:
    """With its evidence. Twice changes nothing. Raises SettlementOver, NotAllowed."""
    with recorded(acting_user):
        draft_of(line.settlement, acting_user)
        for evidence in line.evidence.all():
            forget(evidence)
        SettlementLine.objects.filter(pk=line.pk).delete()


def close_settlement(
    *, settlement: DepositSettlement, on: dt.date, acting_user: User | None
) -> DepositSettlement:
    """Keep the money of its lines, an entry of the ledger for each; a job issues its document.

    Of a lease that is over it is the final one: what is left goes back to the company, and is
    entered as returned when it is paid. Without a line all of it goes back.

    Raises MoreThanHeld, NothingToSettle, BadLeaseDate (in the future, before the tenant left),
    SettlementOver, NotAllowed.
    """
    if on > today():
        raise BadLeaseDate(field="on", reason=_("The day has not come yet."))
    with recorded(acting_user):
        draft, lease = draft_of(settlement, acting_user)
        if lease.exit_on is not None and on < lease.exit_on:
            day = formats.day(lease.exit_on, get_language() or "fr")
            reason = _("The tenant was there until %(day)s.") % {"day": day}
            raise BadLeaseDate(field="on", reason=reason)
        draft.lease = lease
        found = account_of(draft)
        if found.exceeding:
            raise MoreThanHeld(kept=found.kept, held=found.held, more=found.exceeding)
        if not found.held or not (found.lines or found.final):
            raise NothingToSettle
        draft.state = SettlementState.CLOSED
        draft.on, draft.closed_at = on, timezone.now()
        draft.held, draft.final, draft.acting_user = found.held, found.final, acting_user
        draft.save(update_fields=["state", "on", "closed_at", "held", "final", "acting_user"])
        DepositEntry.objects.bulk_create(
            DepositEntry(
                lease=lease,
                act=DepositAct.KEPT,
                amount=line.amount,
                on=on,
                note=line.words,
                line=line,
                acting_user=acting_user,
            )
            for line in found.lines
        )
        settlement_closed.send(sender=DepositSettlement, settlement=draft, acting_user=acting_user)
        wake_on_commit(ISSUE_TASK)
    return draft


def drop_settlement(
    *, settlement: DepositSettlement, acting_user: User | None
) -> DepositSettlement:
    """The draft is not wanted. Twice changes nothing. Raises SettlementOver, NotAllowed."""
    with recorded(acting_user):
        current, _lease = _current(settlement, acting_user)
        if current.state != SettlementState.DROPPED:
            _require_draft(current)
            current.state = SettlementState.DROPPED
            current.acting_user = acting_user
            current.save(update_fields=["state", "acting_user"])
    return current


def take_back_settlement(
    *, settlement: DepositSettlement, reason: str, acting_user: User | None
) -> DepositSettlement:
    """It was a mistake: what its lines kept is held again. Twice changes nothing.

    Raises ReasonNeeded, SettlementOver unless it was closed, NotAllowed.
    """
    if not reason.strip():
        raise ReasonNeeded
    with recorded(acting_user, reason=reason):
        current, lease = _current(settlement, acting_user)
        if current.state == SettlementState.TAKEN_BACK:
            return current
        if current.state != SettlementState.CLOSED:
            raise SettlementOver(state=current.get_state_display())
        for entry in DepositEntry.objects.filter(line__settlement=current).order_by("id"):
            undo_entry(entry, lease, reason=reason, acting_user=acting_user)
        current.state = SettlementState.TAKEN_BACK
        current.reason, current.acting_user = reason.strip(), acting_user
        current.save(update_fields=["state", "reason", "acting_user"])
        settlement_taken_back.send(
            sender=DepositSettlement,
            settlement=current,
            reason=reason.strip(),
            acting_user=acting_user,
        )
    return current


def forget(evidence: SettlementEvidence) -> None:
    """The row now, the bytes once that is certain."""
    storage, name = evidence.file.storage, evidence.file.name or ""
    SettlementEvidence.objects.filter(pk=evidence.pk).delete()
    transaction.on_commit(lambda: storage.delete(name))


def draft_of(
    settlement: DepositSettlement, acting_user: User | None
) -> tuple[DepositSettlement, Lease]:
    """The draft and its lease, both locked. Raises SettlementOver, NotAllowed."""
    current, lease = _current(settlement, acting_user)
    _require_draft(current)
    return current, lease


def _current(
    settlement: DepositSettlement, acting_user: User | None
) -> tuple[DepositSettlement, Lease]:
    lease = locked(settlement.lease, states=WITH_DEPOSIT)
    require(acting_user, Action.CHANGE, "deposit", lease.site_id)
    rows = DepositSettlement.objects.select_for_update(of=("self",))
    return rows.get(pk=settlement.pk), lease


def _require_draft(settlement: DepositSettlement) -> None:
    if not settlement.is_draft:
        raise SettlementOver(state=settlement.get_state_display())


def _check_line(words: str, amount: Decimal) -> None:
    check_amount(amount)
    if not words.strip():
        raise WordsMissing


def _check_item(item: HandoverItem | None, lease: Lease) -> None:
    if item is None:
        return
    # Of a draft, an item may still be removed.
    closed = lease.handover_reports.closed()
    if not closed.filter(pk=item.report_id).exists():
        raise UnknownItem
