"""Pieces of a lessor's journals over a period, made of what was issued, paid and kept.

A piece is dated by its event. The number of queries does not depend on that of rows.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from django.db.models import Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from billing import booking
from billing.booking import Event, Piece
from billing.choices import (
    ChequeState,
    InvoiceKind,
    Journal,
    LedgerKey,
    PaymentMethod,
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
    Payment,
    Refund,
)
from billing.selectors.open_items import with_open
from billing.selectors.regimes import Regimes
from billing.selectors.vat import taxed_of
from billing.vat_returns import never_due
from core.money import ZERO
from core.periods import CASABLANCA, ONE_DAY, Period, end_of, first_of_month, month_ends
from leases.choices import DepositAct, SettlementLineKind
from leases.models import DepositEntry


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
            _event(who),
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
            "amount", "invoice_id", "invoice__issued_on",
        )
    )  # fmt: skip
    if not rows:
        return []
    regimes, of_invoice = Regimes(lessor_id), _settling([row[6] for row in rows])
    taxed = taxed_of({*of_invoice, *(note for all_of in of_invoice.values()
                                     for _pk, note, _amount in all_of if note)})  # fmt: skip
    pieces = []
    for pk, *who, amount, invoice, issued_on in rows:
        vat = ZERO
        if regimes.basis(issued_on) == VatBasis.COLLECTION:
            # What was entered before alone: what is entered later changes no piece.
            before = [(note, given) for at, note, given in of_invoice[invoice] if at < pk]
            vat = never_due(
                taxed[invoice],
                [(taxed[note], given) for note, given in _summed(before) if note is not None],
                sum((given for note, given in before if note is None), ZERO),
                amount,
            )
        pieces.append(booking.written_off(_event([pk, *who]), amount, vat=vat))
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
    closings = _closings(lessor_id)
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


def _payments(lessor_id: int, period: Period) -> list[Piece]:
    with_it = Allocation.objects.filter(
        payment=OuterRef("pk"),
        made_at=OuterRef("made_at"),
        on=OuterRef("received_on"),
        amount__gt=0,
    )
    settled = with_it.order_by().values("payment").annotate(sum=Sum("amount")).values("sum")
    rows = (
        Payment.objects.filter(lessor=lessor_id)
        .filter(received_on__gte=period.start, received_on__lt=period.end)
        .annotate(settled=Coalesce(settled, ZERO))
        .values_list(
            "pk", "received_on", "number", "company_id", "company__name",
            "method", "amount", "settled", "stamp_duty",
        )
    )  # fmt: skip
    return [
        booking.paid(
            _event(who),
            method=PaymentMethod(method),
            amount=amount,
            allocated=allocated,
            stamp_duty=stamp,
        )
        for *who, method, amount, allocated, stamp in rows
    ]


def _allocations(lessor_id: int, period: Period) -> list[Piece]:
    """Those that stand neither in the piece of their payment nor in that of its bounce."""
    bounce = ChequeStep.objects.bounced().filter(
        Q(payment=OuterRef("payment")) | Q(payment=OuterRef("payment__withheld_with")),
        made_at=OuterRef("made_at"),
        on=OuterRef("on"),
    )
    rows = (
        Allocation.objects.filter(invoice__lessor=lessor_id, payment__isnull=False)
        .filter(on__gte=period.start, on__lt=period.end)
        .exclude(made_at=F("payment__made_at"), on=F("payment__received_on"), amount__gt=0)
        .exclude(Exists(bounce), amount__lt=0)
        .values_list(
            "pk", "on", "payment__number", "payment__company_id", "payment__company__name", "amount"
        )
    )
    return [booking.allocated_later(_event(who), amount) for *who, amount in rows]


def _cheques(lessor_id: int, period: Period) -> list[Piece]:
    """Cheques that were cleared; those that bounced, with what was withheld with them."""
    cleared = ChequeStep.objects.filter(payment=OuterRef("pk"), state=ChequeState.CLEARED)
    rows = (
        Payment.objects.filter(lessor=lessor_id)
        .annotate(
            step=F("cheque_steps__state"), on=F("cheque_steps__on"), at=F("cheque_steps__made_at")
        )
        .filter(on__gte=period.start, on__lt=period.end)
    )
    with_them = (
        Payment.objects.filter(lessor=lessor_id)
        .annotate(
            step=F("withheld_with__cheque_steps__state"),
            on=F("withheld_with__cheque_steps__on"),
            at=F("withheld_with__cheque_steps__made_at"),
        )
        .filter(on__gte=period.start, on__lt=period.end, step=ChequeState.BOUNCED)
    )
    back = Allocation.objects.filter(
        payment=OuterRef("pk"), made_at=OuterRef("at"), on=OuterRef("on"), amount__lt=0
    )
    taken_back = back.order_by().values("payment").annotate(sum=Sum("amount")).values("sum")
    pieces = []
    for found in (rows.exclude(step=ChequeState.BANKED), with_them):
        for *who, method, amount, step, taken, was_cleared in found.annotate(
            taken=Coalesce(taken_back, ZERO), was_cleared=Exists(cleared)
        ).values_list("pk", "on", "number", "company_id", "company__name", "method", "amount",
                      "step", "taken", "was_cleared"):  # fmt: skip
            held_on = LedgerKey.BANK if was_cleared else booking.TREASURY[PaymentMethod(method)]
            if step == ChequeState.CLEARED:
                pieces.append(booking.cleared(_event(who), amount))
            else:
                pieces.append(
                    booking.bounced(_event(who), amount, taken_back=-taken, held_on=held_on)
                )
    return pieces


def _refunds(lessor_id: int, period: Period) -> list[Piece]:
    cleared = ChequeStep.objects.filter(payment=OuterRef("payment"), state=ChequeState.CLEARED)
    rows = (
        Refund.objects.filter(Q(payment__lessor=lessor_id) | Q(credit_note__lessor=lessor_id))
        .filter(on__gte=period.start, on__lt=period.end)
        .annotate(
            company_id=Coalesce("payment__company_id", "credit_note__company_id"),
            name=Coalesce("payment__company__name", "credit_note__company__name"),
            was_cleared=Exists(cleared),
        )
        .values_list("pk", "on", "number", "company_id", "name", "method", "amount",
                     "credit_note_id", "was_cleared")
    )  # fmt: skip
    pieces = []
    for *who, method, amount, note, was_cleared in rows:
        out_of = booking.TREASURY[PaymentMethod(method)]
        # A cheque that was handed back never was at the bank; one of ours is drawn on it.
        if out_of == LedgerKey.CHEQUES and (note is not None or was_cleared):
            out_of = LedgerKey.BANK
        of_note = note is not None
        pieces.append(booking.refunded(_event(who), amount, out_of=out_of, of_note=of_note))
    return pieces


# --- Deposits -----------------------------------------------------------------------------------
def _deposits(lessor_id: int, period: Period) -> list[Piece]:
    """By their day; one that was entered while its month was closed, on the day of entering: leases
    know nothing of closed months. That stays so where the month is reopened."""
    assert period.end is not None
    since, until = end_of(period.start - ONE_DAY), end_of(period.end - ONE_DAY)
    closings = _closings(lessor_id)
    rows = (
        DepositEntry.objects.filter(lease__site__lessor=lessor_id)
        .filter(
            Q(on__gte=period.start, on__lt=period.end) | Q(made_at__gte=since, made_at__lt=until)
        )
        .annotate(why=Coalesce("line__kind", "reverses__line__kind"))
        .values_list("pk", "on", "lease__number", "lease__company_id", "lease__company__name",
                     "act", "amount", "reverses_id", "why", "made_at")
    )  # fmt: skip
    pieces = []
    for pk, on, *who, act, amount, reverses, why, made_at in rows:
        closed = any(one.closed_at < made_at for one in closings[first_of_month(on)]
                     if one.reopened_at is None or made_at < one.reopened_at)  # fmt: skip
        day = _day_of(made_at) if closed else on
        if day not in period:
            continue
        sign = (1 if act == DepositAct.RECEIVED else -1) * (1 if reverses is None else -1)
        against = LedgerKey.BANK
        if act == DepositAct.KEPT:
            unpaid = why == SettlementLineKind.UNPAID
            against = LedgerKey.CLIENTS if unpaid else LedgerKey.SERVICES
        pieces.append(booking.deposit(_event([pk, day, *who]), sign * amount, against))
    return pieces


_MAKERS: Final[Mapping[Journal, tuple[Callable[[int, Period], list[Piece]], ...]]] = {
    Journal.SALES: (_invoices, _written_off, _doubted),
    Journal.RECEIPTS: (_openings, _payments, _allocations, _cheques, _refunds),
    Journal.DEPOSITS: (_deposits,),
}


def _closings(lessor_id: int) -> Mapping[dt.date, Sequence[MonthClosing]]:
    """By month, also those that were reopened, in their order."""
    found: dict[dt.date, list[MonthClosing]] = defaultdict(list)
    for closing in MonthClosing.objects.filter(lessor=lessor_id).order_by("closed_at"):
        found[closing.month].append(closing)
    return found


def _event(who: Sequence[Any]) -> Event:
    """Of the first columns of a row: id, day, number, company's id and name."""
    return Event(*who)


def _day_of(moment: dt.datetime) -> dt.date:
    return moment.astimezone(CASABLANCA).date()
