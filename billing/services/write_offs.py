"""What nobody counts on any more: doubtful, then written off with a reason and a second person;
and asked for again where the company pays after all."""

from decimal import Decimal

from django.utils import timezone

from accounts.models import User
from accounts.rights import Action
from billing.choices import WriteOffState
from billing.errors.money import BadAmount, MoreThanOpen
from billing.errors.overdue import (
    AnotherPerson,
    DoubtfulAlready,
    NotDoubtful,
    NothingOpen,
    WriteOffAsked,
    WriteOffDecided,
)
from billing.models import Doubtful, Invoice, WriteOff
from billing.selectors.open_items import open_of
from billing.services.accounts import locked
from billing.services.allocating import Share, allocate, take_back
from core.history import recorded
from core.money import ZERO, rounded
from core.periods import today
from leases.errors import ReasonNeeded
from sites.permissions import require


def mark_doubtful(*, invoice: Invoice, reason: str, acting_user: User | None) -> Doubtful:
    """From today on nobody counts on its being paid. Raises DoubtfulAlready, NothingOpen,
    ReasonNeeded, NotAllowed."""
    if not reason.strip():
        raise ReasonNeeded
    with recorded(acting_user, reason=reason.strip()):
        require(acting_user, Action.CHANGE, "dunning", invoice.site_id)
        locked(invoice.lessor_id, invoice.company_id)
        _open(invoice)
        if invoice.doubts.standing().exists():
            raise DoubtfulAlready(number=invoice.number)
        return _doubt(invoice, reason.strip(), acting_user)


def lift_doubt(*, invoice: Invoice, reason: str, acting_user: User | None) -> Doubtful:
    """It is counted on again. Raises NotDoubtful, ReasonNeeded, NotAllowed."""
    if not reason.strip():
        raise ReasonNeeded
    with recorded(acting_user, reason=reason.strip()):
        require(acting_user, Action.CHANGE, "dunning", invoice.site_id)
        locked(invoice.lessor_id, invoice.company_id)
        doubt = invoice.doubts.standing().first()
        if doubt is None:
            raise NotDoubtful(number=invoice.number)
        doubt.lifted_on = today()
        doubt.save(update_fields=["lifted_on"])
    return doubt


def ask_write_off(
    *, invoice: Invoice, reason: str, acting_user: User, amount: Decimal | None = None
) -> WriteOff:
    """Ask that what is open of it, or so much, be given up: another person decides. The invoice is
    doubtful from now on, if it was not.

    Raises WriteOffAsked, NothingOpen, MoreThanOpen, BadAmount, ReasonNeeded, NotAllowed.
    """
    reason = reason.strip()
    if not reason:
        raise ReasonNeeded
    with recorded(acting_user, reason=reason):
        require(acting_user, Action.CHANGE, "dunning", invoice.site_id)
        locked(invoice.lessor_id, invoice.company_id)
        left = _open(invoice)
        if amount is not None and (amount <= ZERO or amount != rounded(amount)):
            raise BadAmount
        if amount is not None and amount > left:
            raise MoreThanOpen(number=invoice.number, open=left, field="amount")
        if invoice.write_offs.waiting().exists():
            raise WriteOffAsked(number=invoice.number)
        if not invoice.doubts.standing().exists():
            _doubt(invoice, reason, acting_user)
        return WriteOff.objects.create(
            invoice=invoice,
            amount=left if amount is None else amount,
            reason=reason,
            asked_at=timezone.now(),
            asked_by=acting_user,
        )


def approve_write_off(*, write_off: WriteOff, acting_user: User) -> WriteOff:
    """It settles the invoice from today on. Raises AnotherPerson, WriteOffDecided, MoreThanOpen,
    NotAllowed."""
    with recorded(acting_user):
        row = _decide(write_off, WriteOffState.APPROVED, acting_user)
        allocate(source=row, shares=[Share(row.invoice_id, row.amount)], acting_user=acting_user)
    return row


def refuse_write_off(*, write_off: WriteOff, reason: str, acting_user: User) -> WriteOff:
    """The claim stands, and stays doubtful until that is lifted. Raises AnotherPerson,
    WriteOffDecided, ReasonNeeded, NotAllowed."""
    if not reason.strip():
        raise ReasonNeeded
    with recorded(acting_user, reason=reason.strip()):
        return _decide(write_off, WriteOffState.REFUSED, acting_user)


def take_back_write_off(*, write_off: WriteOff, reason: str, acting_user: User) -> WriteOff:
    """What was given up is asked for again, from today on: the company pays after all. Raises
    NotSettledBy, ReasonNeeded, NotAllowed."""
    with recorded(acting_user):
        require(acting_user, Action.DECIDE, "dunning", write_off.invoice.site_id)
        take_back(
            invoice=write_off.invoice, source=write_off, reason=reason, acting_user=acting_user
        )
    return write_off


def _decide(write_off: WriteOff, state: WriteOffState, acting_user: User) -> WriteOff:
    of = write_off.invoice
    require(acting_user, Action.DECIDE, "dunning", of.site_id)
    locked(of.lessor_id, of.company_id)
    row = WriteOff.objects.select_for_update(of=("self",), no_key=True)
    found = row.select_related("invoice").get(pk=write_off.pk)
    if found.state != WriteOffState.ASKED:
        raise WriteOffDecided(state=found.get_state_display())
    if found.asked_by_id == acting_user.pk:
        raise AnotherPerson
    found.state, found.decided_on, found.decided_by = state, today(), acting_user
    found.save(update_fields=["state", "decided_on", "decided_by"])
    return found


def _open(invoice: Invoice) -> Decimal:
    """What is open of it. Raises NothingOpen."""
    left = open_of([invoice.pk])[invoice.pk]
    if left <= ZERO:
        raise NothingOpen(number=invoice.number)
    return left


def _doubt(invoice: Invoice, reason: str, acting_user: User | None) -> Doubtful:
    return Doubtful.objects.create(
        invoice=invoice, since=today(), reason=reason, acting_user=acting_user
    )
