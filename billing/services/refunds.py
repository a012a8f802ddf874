"""Credit that is given back: what is free of a payment, or of a credit note."""

import datetime as dt
from decimal import Decimal

from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from accounts.rights import Action
from billing.choices import WITHHELD, ChequeState, InvoiceKind, PaymentMethod
from billing.errors.money import (
    BadAmount,
    BadDay,
    BadMethod,
    ChequeNotCleared,
    MoreThanFree,
    NothingFree,
)
from billing.models import Allocation, BankLine, Invoice, Payment, Refund
from billing.services import numbers
from billing.services.accounts import locked
from billing.services.allocating import free_of
from billing.services.closing import check_open
from core.history import recorded
from core.money import ZERO, rounded
from core.periods import today
from leases.errors import ReasonNeeded
from sites.permissions import require


def refund(
    *,
    source: Payment | Invoice,
    amount: Decimal,
    on: dt.date,
    method: PaymentMethod,
    reason: str,
    acting_user: User | None,
    reference: str = "",
    bank_line: BankLine | None = None,
) -> Refund:
    """So much of the credit was given back, DH. (A payment that never was: `mistakes`.)

    What a client withheld is given back only so: it was a mistake. Of a cheque nothing is before it
    is cleared, unless whole by itself: it was handed back, or never was. Raises ReasonNeeded,
    BadAmount, BadMethod, BadDay, MonthClosed, ChequeNotCleared, NothingFree, MoreThanFree,
    NotAllowed.
    """
    if not reason.strip():
        raise ReasonNeeded
    with recorded(acting_user, reason=reason.strip()):
        check_open(source.lessor_id, on, field="on")
        locked(source.lessor_id, source.company_id)
        require(acting_user, Action.CHANGE, "payment", source.site_id)
        if amount <= ZERO or amount != rounded(amount):
            raise BadAmount
        _check_way(source, method, amount)
        free = free_of(source)
        if free <= ZERO:
            raise NothingFree(number=source.number)
        if amount > free:
            raise MoreThanFree(number=source.number, free=free, field="amount")
        first = _free_since(source)
        if not first <= on <= today():
            raise BadDay(first=first, last=today())
        lessor = source.site.lessor
        return Refund.objects.create(
            number=numbers.next_number(lessor, numbers.REFUND),
            payment=source if isinstance(source, Payment) else None,
            credit_note=source if isinstance(source, Invoice) else None,
            amount=amount,
            on=on,
            method=method,
            by_mistake=_is_mistake(source, amount),
            reference=reference.strip(),
            reason=reason.strip(),
            bank_line=bank_line,
            made_at=timezone.now(),
            acting_user=acting_user,
        )


def _check_way(source: Payment | Invoice, method: PaymentMethod, amount: Decimal) -> None:
    if isinstance(source, Invoice):
        if source.kind != InvoiceKind.CREDIT_NOTE:
            raise NothingFree(number=source.number)
        came = None
    else:
        came = PaymentMethod(source.method)
    odd = WITHHELD | {PaymentMethod.BALANCE}
    # What was kept of a deposit goes back into it with its settlement alone.
    if method == PaymentMethod.DEPOSIT or (method != came and (method in odd or came in WITHHELD)):
        raise BadMethod(method=method.label)
    if came == PaymentMethod.CHEQUE:
        assert isinstance(source, Payment)
        whole = method == came and amount == source.amount
        if not whole and not source.cheque_steps.filter(state=ChequeState.CLEARED).exists():
            raise ChequeNotCleared(number=source.number)


def _is_mistake(source: Payment | Invoice, amount: Decimal) -> bool:
    """What was never withheld: else nobody gives it back."""
    return isinstance(source, Payment) and source.method in WITHHELD and amount == source.amount


def _free_since(source: Payment | Invoice) -> dt.date:
    """The day from which on all that is free of it now was free: when it came, or when something
    was last taken back."""
    if isinstance(source, Payment):
        came, rows = source.received_on, Allocation.objects.filter(payment=source)
    else:
        came, rows = source.issued_on, Allocation.objects.filter(credit_note=source)
    back = rows.filter(amount__lt=0).aggregate(on=Max("on"))["on"]
    return max(came, back or came)
