"""What becomes of a cheque after it was received: banked, cleared, or bounced."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Final

from django.utils import timezone

from accounts.models import User
from accounts.rights import Action
from billing.choices import ChequeState, PaymentMethod
from billing.errors.money import BadDay, ChequeGivenBack, ChequeOver, NotACheque
from billing.models import ChequeStep, Payment, Refund
from billing.services.accounts import locked
from billing.services.allocating import take_all_back
from billing.services.closing import check_open
from core.history import recorded
from core.periods import today
from leases.errors import ReasonNeeded
from sites.permissions import require


def bank_cheque(*, payment: Payment, on: dt.date, acting_user: User | None) -> ChequeStep:
    """It was brought to the bank. Raises NotACheque, ChequeOver, ChequeGivenBack, BadDay,
    MonthClosed, NotAllowed."""
    return _step(payment, ChequeState.BANKED, on, "", acting_user)


def clear_cheque(*, payment: Payment, on: dt.date, acting_user: User | None) -> ChequeStep:
    """The money is there; also where nobody wrote that it was banked. Raises NotACheque,
    ChequeOver, ChequeGivenBack, BadDay, MonthClosed, NotAllowed."""
    return _step(payment, ChequeState.CLEARED, on, "", acting_user)


def bounce_cheque(
    *, payment: Payment, on: dt.date, reason: str, acting_user: User | None
) -> ChequeStep:
    """It was not paid, even where it seemed cleared: what it settled, and what was withheld with
    it, is open again by new rows that say why, and none of it is credit.

    Raises ReasonNeeded, NotACheque, ChequeOver, ChequeGivenBack, BadDay, MonthClosed,
    NotAllowed.
    """
    if not reason.strip():
        raise ReasonNeeded
    return _step(payment, ChequeState.BOUNCED, on, reason.strip(), acting_user)


def state_of(payment: Payment) -> ChequeState | None:
    """None: received, and no more."""
    last = payment.cheque_steps.order_by("id").last()
    return None if last is None else ChequeState(last.state)


_MAY_FOLLOW: Final[Mapping[ChequeState, frozenset[str | None]]] = {
    ChequeState.BANKED: frozenset({None}),
    ChequeState.CLEARED: frozenset({None, ChequeState.BANKED}),
    ChequeState.BOUNCED: frozenset({None, ChequeState.BANKED, ChequeState.CLEARED}),
}


def _step(
    payment: Payment, state: ChequeState, on: dt.date, reason: str, acting_user: User | None
) -> ChequeStep:
    with recorded(acting_user, reason=reason):
        check_open(payment.lessor_id, on, field="on")
        locked(payment.lessor_id, payment.company_id)
        require(acting_user, Action.CHANGE, "payment", payment.site_id)
        if payment.method != PaymentMethod.CHEQUE:
            raise NotACheque(number=payment.number)
        before = payment.cheque_steps.order_by("id").last()
        if (None if before is None else before.state) not in _MAY_FOLLOW[state]:
            assert before is not None
            raise ChequeOver(number=payment.number, state=before.get_state_display())
        first = payment.received_on if before is None else before.on
        if not first <= on <= today():
            raise BadDay(first=first, last=today())
        now = timezone.now()
        if state == ChequeState.BOUNCED:
            sources = [payment, *payment.withheld.order_by("pk")]
            _check_kept(payment, sources)
            take_all_back(sources, on=on, made_at=now, reason=reason, acting_user=acting_user)
        else:
            _check_kept(payment, [payment])
        return ChequeStep.objects.create(
            payment=payment,
            state=state,
            on=on,
            reason=reason,
            made_at=now,
            acting_user=acting_user,
        )


def _check_kept(cheque: Payment, sources: Iterable[Payment]) -> None:
    """Raises ChequeGivenBack where something of them was given back."""
    refund = Refund.objects.filter(payment__in=sources).first()
    if refund is not None:
        raise ChequeGivenBack(number=cheque.number, refund=refund.number)
