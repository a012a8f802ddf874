"""Pieces of a lessor's journals over a period, made of what was issued, paid and kept.

A piece is dated by its event. The number of queries does not depend on that of rows.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from django.db.models import Exists, F, OuterRef, Q, Sum

from billing import booking
from billing.booking import Event, Piece
from billing.choices import (
    InvoiceKind,
    Journal,
    PieceKind,
    VatBasis,
)
from billing.models import (
    Allocation,
    ChequeStep,
    Doubtful,
    Invoice,
    InvoiceLine,
    MonthClosing,
)
from billing.selectors.cheque_pieces import cheque_pieces, withheld_pieces
from billing.selectors.deposit_pieces import deposit_pieces, kept_pieces, put_back_pieces
from billing.selectors.open_items import with_open
from billing.selectors.payment_pieces import payment_pieces, refund_pieces
from billing.selectors.regimes import Regimes, closings_of
from billing.selectors.vat import taxed_of
from billing.vat_returns import never_due
from core.money import ZERO
from core.periods import CASABLANCA, ONE_DAY, Period, end_of, first_of_month, month_ends


def pieces_of(lessor_id: int, journal: Journal, period: Period) -> list[Piece]:
    """In the order of days; of a bounded period."""
    found = [piece for make in _MAKERS[journal] for piece in make(lessor_id, period)]
    order = {kind: place for place, kind in enumerate(PieceKind)}
    return sorted(found, key=lambda one: (one.event.day, order[one.kind], one.event.id))


# --- Sales --------------------------------------------------------------------------------------
def _invoices(lessor_id: int, period: Period) -> list[Piece]:
    rows: list[Any] = list(
        Invoice.objects.filter(lessor=lessor_id, sequence__isnull=False)
        .filter(issued_on__gte=period.start, issued_on__lt=period.end)
        .values_list("pk", "issued_on", "number", "company_id", "company__name", "kind")
    )
    income: dict[int, dict[bool, Decimal]] = defaultdict(lambda: {True: ZERO, False: ZERO})
    vat: dict[int, dict[Decimal, Decimal]] = defaultdict(dict)
    sums = InvoiceLine.objects.filter(invoice__in=[row[0] for row in rows]).order_by()
    for pk, is_rent, rate, net, tax in sums.values_list(
        "invoice_id", "is_rent", "vat_rate"
    ).annotate(Sum("amount"), Sum("vat")):
        income[pk][is_rent] += net
        vat[pk][rate] = vat[pk].get(rate, ZERO) + tax
    return [
        booking.invoiced(
            Event.of(who),
            rent=income[who[0]][True],
            services=income[who[0]][False],
            vat=vat[who[0]],
            is_credit=kind == InvoiceKind.CREDIT_NOTE,
        )
        for *who, kind in rows
    ]


def _written_off(lessor_id: int, period: Period) -> list[Piece]:
    rows = list(
        Allocation.objects.filter(invoice__lessor=lessor_id, write_off__isnull=False)
        .filter(on__gte=period.start, on__lt=period.end)
        .values_list(
            "pk", "on", "invoice__number", "invoice__company_id", "invoice__company__name",
            "amount", "invoice_id", "invoice__issued_on", "invoice__sequence", "invoice__made_at",
        )
    )  # fmt: skip
    if not rows:
        return []
    regimes, of_invoice = Regimes(lessor_id), _settling([row[6] for row in rows])
    taxed = taxed_of({*of_invoice, *(note for all_of in of_invoice.values()
                                     for _pk, note, _amount in all_of if note)})  # fmt: skip
    pieces = []
    for pk, *who, amount, invoice, issued_on, sequence, made_at in rows:
        vat = ZERO
        if regimes.of_invoice(issued_on, sequence, made_at) == VatBasis.COLLECTION:
            # What was entered before alone: what is entered later changes no piece.
            before = [(note, given) for at, note, given in of_invoice[invoice] if at < pk]
            vat = never_due(
                taxed[invoice],
                [(taxed[note], given) for note, given in _summed(before) if note is not None],
                sum((given for note, given in before if note is None), ZERO),
                amount,
            )
        pieces.append(booking.written_off(Event.of([pk, *who]), amount, vat=vat))
    return pieces


def _settling(
    invoice_ids: Collection[int],
) -> Mapping[int, Sequence[tuple[int, int | None, Decimal]]]:
    """By invoice, the allocations to it in the order in which they were entered: id, the credit
    note if it is the invoice's own, amount."""
    found: dict[int, list[tuple[int, int | None, Decimal]]] = defaultdict(list)
    rows = Allocation.objects.filter(invoice__in=invoice_ids).order_by("pk")
    for pk, invoice, note, corrects, amount in rows.values_list(
        "pk", "invoice_id", "credit_note_id", "credit_note__corrects_id", "amount"
    ):
        found[invoice].append((pk, note if corrects == invoice else None, amount))
    return found


def _summed(
    given: Iterable[tuple[int | None, Decimal]],
) -> Iterable[tuple[int | None, Decimal]]:
    sums: dict[int | None, Decimal] = defaultdict(lambda: ZERO)
    for source, amount in given:
        sums[source] += amount
    return sums.items()


def _doubted(lessor_id: int, period: Period) -> list[Piece]:
    """At the end of each month, by how much what is doubtful has changed since the last one. Of a
    month that was reopened what each closing booked stays, and the next one books the change."""
    last = period.last_day
    assert last is not None
    ends = [end for end in month_ends(period.start, last) if (end + ONE_DAY).day == 1]
    if not ends:
        return []
    eve = first_of_month(ends[0]) - ONE_DAY
    rows = list(
        Doubtful.objects.filter(invoice__lessor=lessor_id, since__lte=ends[-1])
        .filter(Q(lifted_on=None) | Q(lifted_on__gte=eve))
        .select_related("invoice__company")
        .order_by("id")
    )
    if not rows:
        return []
    closings = closings_of(lessor_id)
    doubtful = {row.invoice_id: row.invoice for row in rows}
    before = _doubtful_on(eve, rows)
    pieces = []
    for end in ends:
        for time, known in enumerate(_known(closings[first_of_month(end)]), start=1):
            now = _doubtful_on(end, rows, known)
            for invoice in doubtful.values():
                if change := now[invoice.pk] - before[invoice.pk]:
                    who = (invoice.number, invoice.company_id, invoice.company.name)
                    event = Event(invoice.pk, end, *who)
                    settled = known is not None
                    pieces.append(booking.doubted(event, change, settled=settled, time=time))
            before = now
    return pieces


def _known(closings: Sequence[MonthClosing]) -> Iterator[dt.datetime | None]:
    """When a month was closed, each time; None where it is open now."""
    yield from (closing.closed_at for closing in closings)
    if not closings or closings[-1].reopened_at is not None:
        yield None


def _doubtful_on(
    day: dt.date, rows: Sequence[Doubtful], known: dt.datetime | None = None
) -> Mapping[int, Decimal]:
    """By invoice, what is open of it at the day's end, if it is doubtful then."""
    invoices = Invoice.objects.filter(pk__in=[row.invoice_id for row in rows])
    opened = dict(with_open(invoices, on=day, known=known).values_list("pk", "open"))
    doubtful = {
        row.invoice_id
        for row in rows
        if row.since <= day and (row.lifted_on is None or row.lifted_on > day)
    }
    return {pk: left if pk in doubtful else ZERO for pk, left in opened.items()}


# --- Receipts -----------------------------------------------------------------------------------


def _openings(lessor_id: int, period: Period) -> list[Piece]:
    """Open invoices of the old system, on the day that they were brought in."""
    assert period.end is not None
    since, until = end_of(period.start - ONE_DAY), end_of(period.end - ONE_DAY)
    rows = Invoice.objects.filter(lessor=lessor_id, sequence=None, kind=InvoiceKind.INVOICE)
    rows = rows.filter(made_at__gte=since, made_at__lt=until).select_related("company")
    return [
        booking.imported(
            Event(row.pk, _day_of(row.made_at), row.number, row.company_id, row.company.name),
            row.total,
        )
        for row in rows
    ]


def _allocations(lessor_id: int, period: Period) -> list[Piece]:
    """Those that stand neither in the piece of their payment nor in that of its bounce."""
    bounced = ChequeStep.objects.bounced().filter(
        Q(payment=OuterRef("payment")) | Q(payment=OuterRef("payment__withheld_with")),
        made_at=OuterRef("made_at"),
    )
    on_that_day = Exists(bounced.filter(on=OuterRef("on")))
    # What was withheld later than that bounces on its own day (`cheque_pieces`).
    before = Exists(bounced.filter(on__lt=OuterRef("on")))
    rows = (
        Allocation.objects.filter(invoice__lessor=lessor_id, payment__isnull=False)
        .filter(on__gte=period.start, on__lt=period.end)
        .exclude(made_at=F("payment__made_at"), on=F("payment__received_on"), amount__gt=0)
        .exclude(on_that_day, amount__lt=0)
        .exclude(before, amount__lt=0, on=F("payment__received_on"))
        .values_list(
            "pk", "on", "payment__number", "payment__company_id", "payment__company__name", "amount"
        )
    )
    return [booking.allocated_later(Event.of(who), amount) for *who, amount in rows]


_MAKERS: Final[Mapping[Journal, tuple[Callable[[int, Period], list[Piece]], ...]]] = {
    Journal.SALES: (_invoices, _written_off, _doubted),
    Journal.RECEIPTS: (
        _openings,
        payment_pieces,
        _allocations,
        cheque_pieces,
        withheld_pieces,
        refund_pieces,
    ),
    Journal.DEPOSITS: (deposit_pieces, kept_pieces, put_back_pieces),
}


def _day_of(moment: dt.datetime) -> dt.date:
    return moment.astimezone(CASABLANCA).date()
