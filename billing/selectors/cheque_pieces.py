"""Pieces of cheques that were cleared or bounced, and of what was withheld with them."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Greatest

from billing import booking
from billing.booking import Event, Piece
from billing.choices import ChequeState, LedgerKey, PaymentMethod
from billing.models import Allocation, ChequeStep, Payment, Refund
from billing.selectors.counting import with_counting
from core.money import ZERO
from core.periods import Period


def cheque_pieces(lessor_id: int, period: Period) -> list[Piece]:
    steps = ChequeStep.objects.filter(
        payment__lessor=lessor_id, on__gte=period.start, on__lt=period.end
    )
    cleared = ChequeStep.objects.filter(payment=OuterRef("payment"), state=ChequeState.CLEARED)
    back = _taken_back(payment=OuterRef("payment"), made_at=OuterRef("made_at"), on=OuterRef("on"))
    rows = (
        steps.exclude(state=ChequeState.BANKED)
        .annotate(taken=Coalesce(back, ZERO), was_cleared=Exists(cleared))
        .values_list("payment", "on", "payment__number", "payment__company_id",
                     "payment__company__name", "payment__amount", "state", "taken", "was_cleared")
    )  # fmt: skip
    pieces = []
    for *who, amount, state, taken, was_cleared in rows:
        if state == ChequeState.CLEARED:
            pieces.append(booking.cleared(Event.of(who), amount))
        else:
            held_on = LedgerKey.BANK if was_cleared else LedgerKey.CHEQUES
            pieces.append(
                booking.bounced(Event.of(who), amount, taken_back=-taken, held_on=held_on)
            )
    return pieces


def withheld_pieces(lessor_id: int, period: Period) -> list[Piece]:
    """What was withheld with a cheque counts once that is cleared, and bounces with it; on its own
    day, where it was withheld later than that."""
    of_cheques = Payment.objects.filter(
        lessor=lessor_id, withheld_with__method=PaymentMethod.CHEQUE
    )
    return [*_counted(of_cheques, period), *_bounced(of_cheques, period)]


def _counted(of_cheques: QuerySet[Payment], period: Period) -> list[Piece]:
    span: Any = {"on__gte": period.start, "on__lt": period.end}
    touched = of_cheques.filter(
        Q(received_on__gte=period.start, received_on__lt=period.end)
        | Q(withheld_with__in=ChequeStep.objects.filter(**span).values("payment"))
        | Q(withheld_with__in=Refund.objects.filter(**span).values("payment"))
    )
    # What was given back before is no more there to count.
    before = Refund.objects.filter(payment=OuterRef("pk"), made_at__lte=OuterRef("counts_known"))
    gone = before.order_by().values("payment").annotate(sum=Sum("amount")).values("sum")
    rows = (
        with_counting(touched)
        .annotate(left=F("amount") - Coalesce(gone, ZERO))
        .filter(counts_from__gte=period.start, counts_from__lt=period.end, left__gt=0)
        .values_list("pk", "counts_from", "number", "company_id", "company__name", "left", "method")
    )
    return [
        booking.counted(Event.of(who), amount, method=PaymentMethod(method))
        for *who, amount, method in rows
    ]


def _bounced(of_cheques: QuerySet[Payment], period: Period) -> list[Piece]:
    back = _taken_back(payment=OuterRef("pk"), made_at=OuterRef("at"), on=OuterRef("day"))
    rows = (
        with_counting(of_cheques)
        .annotate(
            step=F("withheld_with__cheque_steps__state"),
            day=Greatest("withheld_with__cheque_steps__on", "received_on"),
            at=F("withheld_with__cheque_steps__made_at"),
        )
        .filter(step=ChequeState.BOUNCED, day__gte=period.start, day__lt=period.end)
        .annotate(taken=Coalesce(back, ZERO))
        .values_list("pk", "day", "number", "company_id", "company__name",
                     "amount", "method", "taken", "counts_from")
    )  # fmt: skip
    pieces = []
    for *who, amount, method, taken, counted in rows:
        held_on = LedgerKey.AWAITED if counted is None else booking.TREASURY[PaymentMethod(method)]
        pieces.append(booking.bounced(Event.of(who), amount, taken_back=-taken, held_on=held_on))
    return pieces


def _taken_back(**of: Any) -> QuerySet[Any, Any]:
    """By its payment, what was taken back with it."""
    rows = Allocation.objects.filter(amount__lt=0, **of)
    return rows.order_by().values("payment").annotate(sum=Sum("amount")).values("sum")
