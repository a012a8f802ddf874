"""The rows of a lessor's VAT return: what of its invoices and money falls due in a period."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db.models import Q, Sum

from billing.choices import ChequeState, InvoiceKind, PaymentMethod, VatBasis
from billing.models import Allocation, ChequeStep, Invoice, InvoiceLine, Payment, Refund
from billing.selectors.counting import with_counting
from billing.selectors.regimes import Regimes
from billing.vat_returns import (
    Advance,
    Counted,
    Document,
    Given,
    OwnCredit,
    Party,
    Row,
    Settling,
    Taxed,
    advanced,
    collected,
    given_away,
    issued,
)
from core.money import ZERO
from core.periods import Period
from leases.rent import VatTable
from leases.selectors.statements import vat_table
from sites.choices import VatSubject

_BORN: Final = ("issued_on", "sequence", "made_at",
                "corrects__issued_on", "corrects__sequence", "corrects__made_at")  # fmt: skip
"""What says which regime a document follows (`Regimes.of_invoice`)."""


@dataclass(frozen=True, slots=True)
class _Given:
    """An allocation."""

    invoice: int
    payment: int | None
    note: int | None
    amount: Decimal
    on: dt.date


def vat_rows(lessor_id: int, period: Period) -> list[Row]:
    """By day and document. Every query looks at what the period touched, whatever came before."""
    regimes = Regimes(lessor_id)
    touched = _Touched(lessor_id, period)
    known = _Known(lessor_id, touched, regimes)
    rows = known.issued_in(period)
    for pk in touched.invoices:
        if known.on_collection(pk):
            rows += collected(known.documents[pk], *known.settled(pk), period)
    for pk in touched.notes:
        if known.on_collection(pk):
            rows += given_away(known.documents[pk], *known.of_note(pk), period)
    for pk in touched.payments:
        rows += advanced(known.advance(pk), known.used(pk), period)
    return sorted(rows, key=lambda row: (row.day, row.number, row.source, -row.rate, row.reason))


def taxed_of(invoice_ids: Collection[int]) -> Mapping[int, tuple[Taxed, ...]]:
    """Sums of documents by rate, the highest first."""
    found: dict[int, list[Taxed]] = defaultdict(list)
    rows = InvoiceLine.objects.filter(invoice__in=invoice_ids).order_by("invoice", "-vat_rate")
    for pk, *sums in rows.values_list("invoice_id", "vat_rate").annotate(Sum("amount"), Sum("vat")):
        found[pk].append(Taxed(*sums))
    return {pk: tuple(taxed) for pk, taxed in found.items()}


class _Touched:
    """The documents and payments to which something happened in the period."""

    def __init__(self, lessor_id: int, period: Period) -> None:
        span = {"on__gte": period.start, "on__lt": period.end}
        steps = ChequeStep.objects.filter(payment__lessor=lessor_id, **span).exclude(
            state=ChequeState.BANKED
        )
        cheques = set(steps.values_list("payment_id", flat=True))
        back = list(
            Refund.objects.filter(
                Q(payment__lessor=lessor_id) | Q(credit_note__lessor=lessor_id), **span
            ).values_list("payment_id", "credit_note_id")
        )
        # A cheque that is handed back leaves what was withheld with it to stand by itself.
        of = cheques | {payment for payment, _note in back}
        cheques |= set(Payment.objects.filter(withheld_with__in=of).values_list("pk", flat=True))
        given = Allocation.objects.filter(
            Q(**span) | Q(payment__in=cheques), invoice__lessor=lessor_id, write_off=None
        ).values_list("invoice_id", "payment_id", "credit_note_id")
        came = Payment.objects.filter(
            lessor=lessor_id, received_on__gte=period.start, received_on__lt=period.end
        ).values_list("pk", flat=True)
        rows = [*given, *((None, *row) for row in back)]
        self.invoices = _ids(row[0] for row in rows)
        self.payments = sorted({*_ids(row[1] for row in rows), *cheques, *came})
        self.notes = _ids(row[2] for row in rows)


class _Known:
    """All that ever happened to what was touched."""

    def __init__(self, lessor_id: int, touched: _Touched, regimes: Regimes) -> None:
        self.lessor_id, self.regimes = lessor_id, regimes
        self.given = [
            _Given(*row)
            for row in Allocation.objects.filter(
                Q(invoice__in=touched.invoices)
                | Q(payment__in=touched.payments)
                | Q(credit_note__in=touched.notes),
                write_off=None,
            )
            .order_by("id")
            .values_list("invoice_id", "payment_id", "credit_note_id", "amount", "on")
        ]
        self.by_invoice = _grouped((one.invoice, one) for one in self.given)
        self.by_payment = _grouped((one.payment, one) for one in self.given)
        self.by_note = _grouped((one.note, one) for one in self.given)
        documents = {*touched.invoices, *touched.notes}
        documents |= {one.note for one in self.given if one.note is not None}
        self._read_documents(documents)
        payments = {*touched.payments}
        payments |= {one.payment for one in self.given if one.payment is not None}
        self._read_payments(payments)
        self._read_refunds(touched)
        self.vat: VatTable = vat_table(lessor_id)

    def _read_refunds(self, touched: _Touched) -> None:
        self.back: dict[Any, list[Given]] = defaultdict(list)
        # A balance of the old system that was entered by mistake and taken away: nothing moved.
        self.mistaken: dict[int, Decimal] = defaultdict(lambda: ZERO)
        rows = Refund.objects.filter(
            Q(payment__in=touched.payments) | Q(credit_note__in=touched.notes)
        ).order_by("id")
        for payment, note, on, amount, method, made_at in rows.values_list(
            "payment_id", "credit_note_id", "on", "amount", "method", "made_at"
        ):
            if method == PaymentMethod.BALANCE:
                self.mistaken[payment] += amount
            elif payment in self.waited and made_at <= self.waited[payment][1]:
                # Given back before its cheque was cleared: it never counted.
                self.back["payment", payment].append((min(on, self.waited[payment][0]), amount))
            else:
                source = ("payment", payment) if payment is not None else ("note", note)
                self.back[source].append((on, amount))

    def _read_documents(self, pks: Collection[int]) -> None:
        taxed = taxed_of(pks)
        rows = Invoice.objects.filter(pk__in=pks).values_list(
            "pk", "number", "client", "corrects_id", *_BORN
        )
        self.documents, self.corrects, self.basis = {}, {}, {}
        for pk, number, client, corrects, *born in rows:
            self.documents[pk] = Document(number, born[0], _party(client), taxed.get(pk, ()))
            self.corrects[pk] = corrects
            self.basis[pk] = self._basis(born)

    def _read_payments(self, pks: Collection[int]) -> None:
        rows: list[Any] = list(
            with_counting(Payment.objects.filter(pk__in=pks)).values_list(
                "pk", "number", "received_on", "amount", "method", "company__name", "company__ice",
                "withheld_with_id", "withheld_with__method", "counts_from", "counts_known",
            )
        )  # fmt: skip
        self.payments = {row[0]: row[1:7] for row in rows}
        steps: dict[int | None, dict[str, dt.date]] = defaultdict(dict)
        cheques = {*pks, *(row[7] for row in rows if row[7] is not None)}
        for payment, state, on in ChequeStep.objects.filter(payment__in=cheques).values_list(
            "payment_id", "state", "on"
        ):
            steps[payment][state] = on
        self.counted: dict[int, Counted] = {}
        self.waited: dict[int, tuple[dt.date, dt.datetime]] = {}
        """Of what was withheld with a cheque: since when it counts, and when that was entered."""
        for pk, _number, received_on, _amount, method, _name, _ice, of, with_it, *counts in rows:
            first = received_on
            if method == PaymentMethod.CHEQUE:
                first = steps[pk].get(ChequeState.CLEARED)
            elif with_it == PaymentMethod.CHEQUE:
                first = counts[0]
                if first is not None:
                    self.waited[pk] = (first, counts[1])
            # What was withheld with a cheque that bounces was not withheld.
            until = steps[of or pk].get(ChequeState.BOUNCED)
            self.counted[pk] = Counted(first, until)

    def on_collection(self, pk: int) -> bool:
        return self.basis[pk] == VatBasis.COLLECTION

    def settled(self, pk: int) -> tuple[list[Settling], list[OwnCredit]]:
        settled, credits = [], []
        for one in self.by_invoice[pk]:
            if one.note is not None and self.corrects[one.note] == pk:
                credits.append(OwnCredit(one.on, one.amount, self.documents[one.note]))
            elif one.note is not None:
                note = self.documents[one.note]
                settled.append(Settling(one.on, one.amount, note.number, Counted(note.day)))
            elif one.payment is not None:
                number, counted = self.payments[one.payment][0], self.counted[one.payment]
                settled.append(Settling(one.on, one.amount, number, counted))
        return settled, credits

    def of_note(self, pk: int) -> tuple[list[Given], list[Given]]:
        mine = self.by_note[pk]
        own = [(one.on, one.amount) for one in mine if one.invoice == self.corrects[pk]]
        others = [(one.on, one.amount) for one in mine if one.invoice != self.corrects[pk]]
        return own, [*others, *self.back["note", pk]]

    def used(self, pk: int) -> list[Given]:
        return [
            *((one.on, one.amount) for one in self.by_payment[pk]),
            *self.back["payment", pk],
        ]

    def advance(self, pk: int) -> Advance:
        number, received_on, amount, method, name, ice = self.payments[pk]
        return Advance(
            number,
            received_on,
            Party(name, ice),
            amount - self.mistaken[pk],
            rate_of_rent(self.vat, received_on),
            self.counted[pk],
            reported=method == PaymentMethod.BALANCE,
        )

    def _basis(self, born: Sequence[Any]) -> VatBasis:
        """Of a credit note, its invoice's."""
        return self.regimes.of_invoice(*(born[:3] if born[3] is None else born[3:]))

    def issued_in(self, period: Period) -> list[Row]:
        """What falls due with the document itself; the old system declared its own."""
        rows = (
            Invoice.objects.filter(
                lessor=self.lessor_id,
                sequence__isnull=False,
                issued_on__gte=period.start,
                issued_on__lt=period.end,
            )
            .order_by("id")
            .values_list("pk", "number", "kind", "client", *_BORN)
        )
        due = [row for row in rows if self._basis(row[4:]) == VatBasis.ISSUE]
        taxed = taxed_of([row[0] for row in due])
        found = []
        for pk, number, kind, client, day, *_rest in due:
            document = Document(number, day, _party(client), taxed.get(pk, ()))
            found += issued(document, is_credit=kind == InvoiceKind.CREDIT_NOTE)
        return found


def rate_of_rent(vat: VatTable, day: dt.date) -> Decimal:
    """What an advance bears: the rate of offices that day; where the lessor has no rule for them,
    the highest of its rules."""
    rates = {
        subject: rule.rate for subject, rules in vat.items() for rule in rules if day in rule.period
    }
    if VatSubject.OFFICE in rates:
        return rates[VatSubject.OFFICE]
    return max(rates.values(), default=ZERO)


def _party(client: Mapping[str, Any]) -> Party:
    return Party(client.get("name", ""), client.get("ice", ""))


def _ids(found: Iterable[int | None]) -> list[int]:
    return sorted({pk for pk in found if pk is not None})


def _grouped(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for key, one in pairs:
        found[key].append(one)
    return found
