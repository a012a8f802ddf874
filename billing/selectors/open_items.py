"""What is open of invoices, and free of what settles them: the open items of an account."""

import datetime as dt
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    DecimalField,
    Exists,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from billing.models import Allocation, Doubtful, Invoice, Payment, Refund
from core.money import ZERO

_MONEY = DecimalField(max_digits=14, decimal_places=2)
_NOTHING = Value(ZERO, output_field=_MONEY)


def with_open(
    invoices: QuerySet[Invoice], on: dt.date | None = None, known: dt.datetime | None = None
) -> QuerySet[Any]:
    """Annotates `settled` and `open`: total less what settles it, as known today; with a day, less
    what settled it by the end of that day; with a moment, as it was known then."""
    settling = Allocation.objects.filter(invoice=OuterRef("pk"))
    if on is not None:
        settling = settling.filter(on__lte=on)
    if known is not None:
        settling = settling.filter(made_at__lte=known)
    return invoices.annotate(settled=_sum(settling, "invoice")).annotate(
        open=F("total") - F("settled")
    )


def open_of(invoice_ids: Collection[int]) -> Mapping[int, Decimal]:
    """By invoice, what is still asked."""
    rows = with_open(Invoice.objects.filter(pk__in=invoice_ids))
    return dict(rows.values_list("pk", "open"))


def doubts_with_open(doubts: QuerySet[Doubtful]) -> QuerySet[Any]:
    """Annotates `open`: what is still asked of the invoice."""
    settling = Allocation.objects.filter(invoice=OuterRef("invoice"))
    return doubts.annotate(open=F("invoice__total") - _sum(settling, "invoice"))


def with_free(payments: QuerySet[Payment]) -> QuerySet[Any]:
    """Annotates `free`: what is neither allocated nor given back. Nothing of a cheque that bounced
    is, nor of what was withheld with it."""
    given = Allocation.objects.filter(payment=OuterRef("pk"))
    back = Refund.objects.filter(payment=OuterRef("pk"))
    void = Exists(Payment.objects.void().filter(pk=OuterRef("pk")))
    left = F("amount") - _sum(given, "payment") - _sum(back, "payment")
    return payments.annotate(free=Case(When(void, then=_NOTHING), default=left))


def notes_with_free(notes: QuerySet[Invoice]) -> QuerySet[Any]:
    """Annotates `free` of credit notes: what is neither allocated nor given back."""
    given = Allocation.objects.filter(credit_note=OuterRef("pk"))
    back = Refund.objects.filter(credit_note=OuterRef("pk"))
    return notes.annotate(
        free=F("total") - _sum(given, "credit_note") - _sum(back, "credit_note"),
    )


def _sum(rows: QuerySet[Allocation] | QuerySet[Refund], of: str) -> Coalesce:
    total = rows.order_by().values(of).annotate(sum=Sum("amount")).values("sum")
    return Coalesce(Subquery(total, output_field=_MONEY), _NOTHING)
