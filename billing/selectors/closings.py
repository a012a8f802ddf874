"""Closed months of a lessor: what is closed, what is next, what should be looked at before."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Exists, Min, OuterRef, Sum

from billing.booking import Piece
from billing.choices import (
    BankLineState,
    ClosingCheck,
    InvoiceKind,
    Journal,
    PaymentMethod,
)
from billing.models import (
    BankLine,
    ChequeStep,
    ExportedPiece,
    Invoice,
    MonthClosing,
    Payment,
    RentRun,
    SiteBilling,
)
from billing.selectors.pieces import pieces_of
from core.money import ZERO
from core.periods import Period, add_months, first_of_month, today
from sites.models import Lessor


@dataclass(frozen=True, slots=True)
class Found:
    """So many of something that is unfinished."""

    check: ClosingCheck
    count: int


@dataclass(frozen=True, slots=True)
class Booked:
    """Of a journal: pieces, their debits (DH), and how many of them no file had."""

    journal: Journal
    pieces: int
    amount: Decimal
    waiting: int


@dataclass(frozen=True, slots=True)
class Billed:
    """So many documents, DH."""

    count: int
    net: Decimal
    vat: Decimal


@dataclass(frozen=True, slots=True)
class Sums:
    """Of a month."""

    invoices: Billed
    credits: Billed
    received: Sequence[tuple[PaymentMethod, int, Decimal]]


def last_closed(lessor_id: int) -> dt.date | None:
    """The first day of the last closed month."""
    rows = MonthClosing.objects.closed().filter(lessor=lessor_id).order_by("-month")
    return rows.values_list("month", flat=True).first()


def next_to_close(lessor_id: int) -> dt.date | None:
    """After the last closed month; before any is, the first month in which something happened here.
    None: nothing has."""
    last = last_closed(lessor_id)
    if last is not None:
        return add_months(last, 1)
    firsts = [
        SiteBilling.objects.filter(site__lessor=lessor_id).aggregate(day=Min("starts_on")),
        Invoice.objects.filter(lessor=lessor_id, sequence__isnull=False).aggregate(
            day=Min("issued_on")
        ),
        Payment.objects.filter(lessor=lessor_id).aggregate(day=Min("received_on")),
    ]
    days = [first["day"] for first in firsts if first["day"] is not None]
    return first_of_month(min(days)) if days else None


def whole(month: dt.date) -> Period:
    return Period(month, add_months(month, 1))


def booked_in(lessor_id: int, month: dt.date) -> list[Booked]:
    """The journals of a month."""
    found = []
    for journal in Journal:
        pieces = pieces_of(lessor_id, journal, whole(month))
        amount = sum((piece.debit for piece in pieces), ZERO)
        waiting = len(not_exported(lessor_id, journal, pieces))
        found.append(Booked(journal, len(pieces), amount, waiting))
    return found


def unfinished(lessor: Lessor, month: dt.date, booked: Sequence[Booked]) -> list[Found]:
    """What somebody should look at before the month is closed; none of it is wrong in itself.
    `booked`: `booked_in` the month."""
    period = whole(month)
    runs = RentRun.objects.open().filter(site__lessor=lessor, month__lte=month)
    lines = BankLine.objects.filter(
        lessor=lessor, state=BankLineState.NEW, booked_on__lt=period.end
    )
    steps = ChequeStep.objects.filter(payment=OuterRef("pk"))
    cheques = Payment.objects.filter(
        lessor=lessor, method=PaymentMethod.CHEQUE, received_on__lt=period.end, refunds=None
    ).exclude(Exists(steps))  # what was handed back goes to no bank
    found = {
        ClosingCheck.RUNS: runs.count(),
        ClosingCheck.BANK_LINES: lines.count(),
        ClosingCheck.CHEQUES: cheques.count(),
        ClosingCheck.PIECES: sum(one.waiting for one in booked),
    }
    return [Found(check, count) for check, count in found.items() if count]


def not_exported(lessor_id: int, journal: Journal, pieces: Sequence[Piece]) -> list[Piece]:
    """Those that no file had; what is not settled yet waits for its month to be closed."""
    keys = [piece.key for piece in pieces]
    rows = ExportedPiece.objects.filter(lessor=lessor_id, journal=journal, piece__in=keys)
    known = set(rows.values_list("piece", flat=True))
    return [piece for piece in pieces if piece.key not in known and piece.settled]


def sums_of(lessor_id: int, month: dt.date) -> Sums:
    period = whole(month)
    rows = Invoice.objects.filter(
        lessor=lessor_id,
        sequence__isnull=False,
        issued_on__gte=period.start,
        issued_on__lt=period.end,
    )
    by_kind = {
        kind: sums
        for kind, *sums in rows.order_by()
        .values_list("kind")
        .annotate(Count("id"), Sum("net"), Sum("vat"))
    }
    came = Payment.objects.filter(
        lessor=lessor_id, received_on__gte=period.start, received_on__lt=period.end
    )
    received = {
        method: (count, amount)
        for method, count, amount in came.order_by()
        .values_list("method")
        .annotate(Count("id"), Sum("amount"))
    }
    billed = by_kind.get(InvoiceKind.INVOICE, (0, ZERO, ZERO))
    credited = by_kind.get(InvoiceKind.CREDIT_NOTE, (0, ZERO, ZERO))
    methods = [(method, *received[method]) for method in PaymentMethod if method in received]
    return Sums(Billed(*billed), Billed(*credited), methods)


def first_open_day(lessor_id: int) -> dt.date | None:
    """None: every day is open."""
    last = last_closed(lessor_id)
    return None if last is None else add_months(last, 1)


def may_be_closed_from(month: dt.date) -> dt.date:
    return add_months(month, 1)


def is_over(month: dt.date) -> bool:
    return may_be_closed_from(month) <= today()
