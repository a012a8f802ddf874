"""Money of deposits: received, returned, taken back, waived. `settlements` keeps it."""

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import Action
from core.history import recorded
from core.periods import today
from leases.choices import DepositAct, DepositMethod, LeaseState
from leases.errors import (
    BadDeposit,
    BadLeaseDate,
    DepositNotHeld,
    KeptBySettlement,
    MovedWithLease,
    ReasonNeeded,
)
from leases.models import DepositEntry, Lease
from leases.selectors.deposits import deposit_of
from leases.services.locking import locked
from sites.permissions import require

WITH_DEPOSIT = set(LeaseState) - {LeaseState.DRAFT}


def enter_deposit(
    *,
    lease: Lease,
    act: DepositAct,
    amount: Decimal,
    on: dt.date,
    method: DepositMethod = DepositMethod.TRANSFER,
    note: str = "",
    acting_user: User | None,
) -> DepositEntry:
    """Money came or went back; what goes back says why in `note`.

    Raises DepositNotHeld, BadDeposit (no amount in centimes), BadLeaseDate (in the future),
    KeptBySettlement, ReasonNeeded, WrongLeaseState, NotAllowed.
    """
    if act == DepositAct.KEPT:
        raise KeptBySettlement
    if on > today():
        raise BadLeaseDate(field="on", reason=_("The day has not come yet."))
    check_amount(amount)
    if act != DepositAct.RECEIVED and not note.strip():
        raise ReasonNeeded(field="note")
    with recorded(acting_user, reason=note):
        row = locked(lease, states=WITH_DEPOSIT)
        require(acting_user, Action.CHANGE, "deposit", row.site_id)
        if act != DepositAct.RECEIVED and amount > (held := deposit_of(row).held):
            raise DepositNotHeld(held=held, field="amount")
        return DepositEntry.objects.create(
            lease=row,
            act=act,
            amount=amount,
            on=on,
            method=method,
            note=note.strip(),
            acting_user=acting_user,
        )


def take_back_entry(*, entry: DepositEntry, reason: str, acting_user: User | None) -> DepositEntry:
    """The entry was a mistake: another one undoes it. Twice gives the first one.

    Raises DepositNotHeld when what it brought has gone back meanwhile, KeptBySettlement,
    MovedWithLease, ReasonNeeded, NotAllowed.
    """
    if not reason.strip():
        raise ReasonNeeded
    with recorded(acting_user, reason=reason):
        row = locked(entry.lease, states=WITH_DEPOSIT)
        require(acting_user, Action.CHANGE, "deposit", row.site_id)
        if entry.reverses_id is not None:
            raise BadDeposit
        if entry.line_id is not None:
            raise KeptBySettlement(field="entry")
        if entry.method == DepositMethod.MOVED:
            raise MovedWithLease(field="entry")
        return undo_entry(entry, row, reason=reason, acting_user=acting_user)


def undo_entry(
    entry: DepositEntry, lease: Lease, *, reason: str, acting_user: User | None
) -> DepositEntry:
    """The entry of a *locked* lease, taken back by another one; twice gives the first one."""
    known = DepositEntry.objects.filter(reverses=entry).first()
    if known is not None:
        return known
    held = deposit_of(lease).held
    if entry.act == DepositAct.RECEIVED and entry.amount > held:
        raise DepositNotHeld(held=held)
    return DepositEntry.objects.create(
        lease=lease,
        act=entry.act,
        amount=entry.amount,
        on=today(),
        method=entry.method,
        note=reason.strip(),
        reverses=entry,
        acting_user=acting_user,
    )


def check_amount(amount: Decimal) -> None:
    """Raises BadDeposit unless it is more than nothing, in whole centimes."""
    if amount <= 0 or amount != amount.quantize(Decimal("0.01")):
        raise BadDeposit(field="amount")


def waive_deposit(*, lease: Lease, reason: str, acting_user: User | None) -> Lease:
    """The keys may go out without (all of) the deposit. An empty reason takes that back.

    Raises WrongLeaseState once the keys are out, NotAllowed.
    """
    with recorded(acting_user, reason=reason):
        row = locked(lease, states={LeaseState.DRAFT, LeaseState.SIGNED})
        require(acting_user, Action.SIGN, "lease", row.site_id)
        row.deposit_waiver = reason.strip()
        row.save(update_fields=["deposit_waiver"])
    return row
