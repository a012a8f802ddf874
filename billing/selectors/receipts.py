"""What an invoice was settled by, what may be receipted, and which receipts still hold."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from billing.choices import ChequeState, InvoiceKind, PaymentMethod
from billing.models import Allocation, ChequeStep, Invoice, Payment, Receipt
from billing.selectors.open_items import with_open
from core.money import ZERO


@dataclass(frozen=True, slots=True)
class Settling:
    """So much, DH, of a payment, a credit note or a write-off stands for an invoice."""

    source: Any
    on: dt.date
    amount: Decimal

    @property
    def payment(self) -> Payment | None:
        return self.source if isinstance(self.source, Payment) else None


def settling(invoice: Invoice) -> list[Settling]:
    """What settles the invoice, what was taken back left out; the earliest first. One query."""
    rows = (
        Allocation.objects.filter(invoice=invoice)
        .select_related("payment", "credit_note", "write_off")
        .order_by("on", "id")
    )
    found: dict[tuple[int | None, ...], list[Allocation]] = defaultdict(list)
    for row in rows:
        found[row.payment_id, row.credit_note_id, row.write_off_id].append(row)
    return [
        Settling(of[0].payment or of[0].credit_note or of[0].write_off, of[-1].on, amount)
        for of in found.values()
        if (amount := sum((row.amount for row in of), ZERO)) > ZERO
    ]


def uncleared(invoice_id: int) -> QuerySet[Payment]:
    """Cheques that stand for the invoice and are not cleared yet."""
    cleared = ChequeStep.objects.filter(payment=OuterRef("pk"), state=ChequeState.CLEARED)
    given = (
        Allocation.objects.filter(invoice=invoice_id, payment__method=PaymentMethod.CHEQUE)
        .order_by()
        .values("payment")
        .annotate(sum=Sum("amount"))
        .filter(sum__gt=0)
    )
    return Payment.objects.filter(pk__in=given.values("payment")).exclude(Exists(cleared))


def with_void(receipts: QuerySet[Receipt]) -> QuerySet[Any]:
    """Annotates `void`: what it says was paid was taken back since; a cheque that bounced, say."""
    back = Allocation.objects.filter(
        invoice=OuterRef("invoice"),
        payment__isnull=False,
        amount__lt=0,
        made_at__gt=OuterRef("made_at"),
    )
    return receipts.annotate(void=Exists(back))


def receipts_of(invoice: Invoice) -> list[Any]:
    """With `void`, the latest first."""
    return list(with_void(Receipt.objects.filter(invoice=invoice)).order_by("-id"))


def to_receipt(since: dt.date) -> QuerySet[Any]:
    """Invoices of sites that send receipts, settled by payments that count from `since` on or
    cheques cleared since, without a receipt that holds."""
    paid = Allocation.objects.order_by().filter(
        payment__isnull=False, invoice__site__billing__sends_receipts=True
    )
    cleared = ChequeStep.objects.filter(state=ChequeState.CLEARED, on__gte=since)
    lately = paid.filter(Q(on__gte=since) | Q(payment__in=cleared.values("payment")))
    holding = with_void(Receipt.objects.filter(invoice=OuterRef("pk"))).filter(void=False)
    through = ChequeStep.objects.filter(payment=OuterRef("payment"), state=ChequeState.CLEARED)
    standing = (
        Allocation.objects.filter(invoice=OuterRef("pk"), payment__isnull=False)
        .order_by()
        .values("payment")
        .annotate(sum=Sum("amount"))
        .filter(sum__gt=0)
    )
    waiting = standing.filter(payment__method=PaymentMethod.CHEQUE).exclude(Exists(through))
    invoices = Invoice.objects.filter(kind=InvoiceKind.INVOICE, pk__in=lately.values("invoice"))
    rows = with_open(invoices)
    return rows.filter(~Exists(holding), Exists(standing), ~Exists(waiting), open=0).order_by("id")
