"""Pieces of payments as they come, and of what is given back."""

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce

from billing import booking
from billing.booking import Event, Piece
from billing.choices import ChequeState, LedgerKey, PaymentMethod
from billing.models import Allocation, ChequeStep, Payment, Refund
from billing.selectors.counting import with_counting
from core.money import ZERO
from core.periods import Period


def payment_pieces(lessor_id: int, period: Period) -> list[Piece]:
    """But for what was kept of deposits (`deposit_pieces`)."""
    rows = Payment.objects.filter(lessor=lessor_id).exclude(method=PaymentMethod.DEPOSIT)
    return paid(rows, period)


def refund_pieces(lessor_id: int, period: Period) -> list[Piece]:
    rows = Refund.objects.filter(Q(payment__lessor=lessor_id) | Q(credit_note__lessor=lessor_id))
    return refunded(rows.exclude(method=PaymentMethod.DEPOSIT), period)


def paid(payments: QuerySet[Payment], period: Period) -> list[Piece]:
    """With what they settled in the moment of entering."""
    with_it = Allocation.objects.filter(
        payment=OuterRef("pk"),
        made_at=OuterRef("made_at"),
        on=OuterRef("received_on"),
        amount__gt=0,
    )
    settled = with_it.order_by().values("payment").annotate(sum=Sum("amount")).values("sum")
    rows = (
        payments.filter(received_on__gte=period.start, received_on__lt=period.end)
        .annotate(settled=Coalesce(settled, ZERO))
        .values_list(
            "pk", "received_on", "number", "company_id", "company__name",
            "method", "amount", "settled", "stamp_duty", "withheld_with__method",
        )
    )  # fmt: skip
    return [
        booking.paid(
            Event.of(who),
            method=PaymentMethod(method),
            amount=amount,
            allocated=allocated,
            stamp_duty=stamp,
            awaited=of == PaymentMethod.CHEQUE,
        )
        for *who, method, amount, allocated, stamp, of in rows
    ]


def refunded(refunds: QuerySet[Refund], period: Period) -> list[Piece]:
    cleared = ChequeStep.objects.filter(payment=OuterRef("payment"), state=ChequeState.CLEARED)
    with_cheque = with_counting(Payment.objects.filter(withheld_with__method=PaymentMethod.CHEQUE))
    # It did not count yet when that was entered.
    not_yet = Q(counts_known=None) | Q(counts_known__gte=OuterRef("made_at"))
    awaited = with_cheque.filter(not_yet, pk=OuterRef("payment"))
    rows = (
        refunds.filter(on__gte=period.start, on__lt=period.end)
        .annotate(
            company_id=Coalesce("payment__company_id", "credit_note__company_id"),
            name=Coalesce("payment__company__name", "credit_note__company__name"),
            was_cleared=Exists(cleared),
            waits=Exists(awaited),
            stamp=Case(When(by_mistake=True, then="payment__stamp_duty"), default=ZERO),
        )
        .values_list("pk", "on", "number", "company_id", "name", "method", "amount",
                     "credit_note_id", "was_cleared", "waits", "stamp")
    )  # fmt: skip
    pieces = []
    for *who, method, amount, note, was_cleared, waits, stamp in rows:
        way = PaymentMethod(method)
        out_of = booking.TREASURY[way]
        # A cheque that was handed back never was at the bank; one of ours is drawn on it.
        if out_of == LedgerKey.CHEQUES and (note is not None or was_cleared):
            out_of = LedgerKey.BANK
        elif waits:
            out_of = LedgerKey.AWAITED
        of_note = note is not None
        pieces.append(
            booking.refunded(
                Event.of(who), amount, method=way, out_of=out_of, of_note=of_note, stamp_duty=stamp
            )
        )
    return pieces
