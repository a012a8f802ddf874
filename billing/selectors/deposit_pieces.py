"""Pieces of deposits: what came and went back, and what was kept."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

from django.db.models import Q
from django.db.models.functions import Coalesce

from billing import booking
from billing.booking import Event, Piece
from billing.choices import LedgerKey, PaymentMethod
from billing.models import MonthClosing, Payment, Refund
from billing.selectors.payment_pieces import paid, refunded
from billing.selectors.regimes import closings_of
from core.periods import CASABLANCA, ONE_DAY, Period, end_of, first_of_month
from leases.choices import DepositAct, DepositMethod, SettlementLineKind
from leases.models import DepositEntry

AGAINST: Final[Mapping[str, LedgerKey]] = {
    DepositMethod.TRANSFER: LedgerKey.BANK,
    # What becomes of a deposit's cheque nobody notes: it is at the bank.
    DepositMethod.CHEQUE: LedgerKey.BANK,
    DepositMethod.CARD: LedgerKey.CARD,
    DepositMethod.CASH: LedgerKey.CASH,
    DepositMethod.BALANCE: LedgerKey.OPENING,
}
"""Where the money came from or goes to."""


def deposit_pieces(lessor_id: int, period: Period) -> list[Piece]:
    """By their day; one that was entered while its month was closed, or held in the old system, on
    the day of entering: leases know nothing of closed months. That stays so where the month is
    reopened. What goes over from lease to lease stays on its account."""
    assert period.end is not None
    since, until = end_of(period.start - ONE_DAY), end_of(period.end - ONE_DAY)
    closings = closings_of(lessor_id)
    rows = (
        DepositEntry.objects.filter(lease__site__lessor=lessor_id)
        .filter(
            Q(on__gte=period.start, on__lt=period.end) | Q(made_at__gte=since, made_at__lt=until)
        )
        .exclude(method=DepositMethod.MOVED)
        .annotate(why=Coalesce("line__kind", "reverses__line__kind"))
        # A payment tells it (`kept_pieces`).
        .exclude(act=DepositAct.KEPT, why=SettlementLineKind.UNPAID)
        .values_list("pk", "on", "lease__number", "lease__company_id", "lease__company__name",
                     "act", "method", "amount", "reverses_id", "made_at")
    )  # fmt: skip
    pieces = []
    for pk, on, *who, act, method, amount, reverses, made_at in rows:
        as_entered = method == DepositMethod.BALANCE or _was_closed(closings, on, made_at)
        day = made_at.astimezone(CASABLANCA).date() if as_entered else on
        if day not in period:
            continue
        sign = (1 if act == DepositAct.RECEIVED else -1) * (1 if reverses is None else -1)
        against = LedgerKey.SERVICES if act == DepositAct.KEPT else AGAINST[method]
        pieces.append(booking.deposit(Event.of([pk, day, *who]), sign * amount, against))
    return pieces


def kept_pieces(lessor_id: int, period: Period) -> list[Piece]:
    """What was kept for unpaid rent settles it."""
    rows = Payment.objects.filter(lessor=lessor_id, method=PaymentMethod.DEPOSIT)
    return paid(rows, period)


def put_back_pieces(lessor_id: int, period: Period) -> list[Piece]:
    """By mistake: it is held again."""
    rows = Refund.objects.filter(payment__lessor=lessor_id, method=PaymentMethod.DEPOSIT)
    return refunded(rows, period)


def _was_closed(
    closings: Mapping[dt.date, Sequence[MonthClosing]], on: dt.date, made_at: dt.datetime
) -> bool:
    return any(
        one.closed_at < made_at and (one.reopened_at is None or made_at < one.reopened_at)
        for one in closings[first_of_month(on)]
    )
