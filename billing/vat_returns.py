"""Which VAT of what falls due when, for a return. Pure.

**On collection** the VAT of an invoice falls due with the money that settles it. Of an invoice that
is settled up to an amount, every rate bears its share, to the centime (largest remainder); a
payment brings the difference between before and after. So the parts of an invoice add up to it,
in whatever parts it is paid, and what is taken back takes back what it had brought.

- A cheque is money from the day that it is cleared until it bounces, and so is what was withheld
  with it; what was withheld with other money counts when that comes.
- Credit of a payment is an advance: its VAT falls due when received, at the rate that the site's
  rent bears that day, and is taken back when it settles something or is given back.
- A credit note that settles its own invoice lessens what is to be collected. One that settles
  another, or is given back, takes back its own VAT then; until then its credit is money received.
- What is written off was never received.

**On invoice** it falls due with the invoice; a credit note lessens it. What comes before an invoice
is due when it comes (CGI art. 95): advances count as above.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor

from billing.choices import VatReason
from core.money import CENTIME, ZERO, rounded
from core.periods import Period


@dataclass(frozen=True, slots=True)
class Taxed:
    """Amounts at one rate (percent), DH."""

    rate: Decimal
    net: Decimal
    vat: Decimal


@dataclass(frozen=True, slots=True)
class Party:
    """Whom a row of the return names."""

    name: str
    ice: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a return. `number`: of the invoice, the credit note, or the advance's payment;
    `source`: of what settled it."""

    day: dt.date
    reason: VatReason
    number: str
    source: str
    party: Party
    rate: Decimal
    net: Decimal
    vat: Decimal


@dataclass(frozen=True, slots=True)
class Document:
    """An invoice or a credit note with its sums by rate."""

    number: str
    day: dt.date
    party: Party
    taxed: tuple[Taxed, ...]

    @property
    def total(self) -> Decimal:
        return sum((each.net + each.vat for each in self.taxed), ZERO)


@dataclass(frozen=True, slots=True)
class Counted:
    """The days on which a source is money: of a cheque and of what was withheld with it from
    cleared to bounced, none (`first` empty) before; of anything else from the day that it came."""

    first: dt.date | None
    until: dt.date | None = None

    def span(self, day: dt.date) -> tuple[dt.date, dt.date | None] | None:
        """From when and until when what was given on the day is money."""
        if self.first is None or (self.until is not None and day >= self.until):
            return None
        return max(day, self.first), self.until


@dataclass(frozen=True, slots=True)
class Settling:
    """So much of a source settles an invoice from the day on, DH; less than nothing: no more."""

    day: dt.date
    amount: Decimal
    source: str
    counted: Counted


@dataclass(frozen=True, slots=True)
class OwnCredit:
    """So much of a credit note settles the invoice that it corrects, from the day on."""

    day: dt.date
    amount: Decimal
    note: Document


@dataclass(frozen=True, slots=True)
class Advance:
    """A payment, and the rate at which what is free of it bears VAT. `reported`: it came before
    billing began here, and the old system declared it."""

    number: str
    day: dt.date
    party: Party
    amount: Decimal
    rate: Decimal
    counted: Counted
    reported: bool = False


Given = tuple[dt.date, Decimal]
"""So much was given, from the day on; less than nothing: taken back."""


def issued(document: Document, *, is_credit: bool) -> list[Row]:
    """Of a document whose VAT falls due when it is issued."""
    sign = -1 if is_credit else 1
    reason = VatReason.CREDITED if is_credit else VatReason.ISSUED
    change = {each.rate: (sign * each.net, sign * each.vat) for each in document.taxed}
    return _rows(document.day, reason, (document.number, "", document.party), change)


def collected(
    invoice: Document, settled: Sequence[Settling], credits: Sequence[OwnCredit], within: Period
) -> list[Row]:
    """Of an invoice whose VAT falls due with the money: what its own credit notes leave of it, in
    the parts that are paid. All that ever settled it is given."""
    money: dict[dt.date, dict[str, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    for each in settled:
        span = each.counted.span(each.day)
        if span is None:
            continue
        money[span[0]][each.source] += each.amount
        if span[1] is not None:
            money[span[1]][each.source] -= each.amount
    lessened: dict[dt.date, list[OwnCredit]] = defaultdict(list)
    for one in credits:
        lessened[one.day].append(one)

    rows = []
    left, paid = invoice.taxed, ZERO
    used: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for day in sorted(money.keys() | lessened.keys()):
        for one in lessened[day]:
            number = one.note.number
            before = part_of(one.note.taxed, used[number])
            used[number] += one.amount
            change = _difference(part_of(one.note.taxed, used[number]), before)
            lesser = _without(left, change)
            moved = _difference(part_of(lesser, paid), part_of(left, paid))
            left = lesser
            if day in within:
                rows += _rows(
                    day, VatReason.CREDITED, (invoice.number, number, invoice.party), moved
                )
        for source, amount in sorted(money[day].items()):
            before, paid = part_of(left, paid), paid + amount
            moved = _difference(part_of(left, paid), before)
            if day in within:
                reason = VatReason.RECEIVED if amount > ZERO else VatReason.TAKEN_BACK
                rows += _rows(day, reason, (invoice.number, source, invoice.party), moved)
    return rows


def given_away(
    note: Document, own: Sequence[Given], others: Sequence[Given], within: Period
) -> list[Row]:
    """Of a credit note whose invoice's VAT falls due with the money: what settled other invoices
    or was given back (`others`), over what settled its own."""
    days: dict[dt.date, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    for place, given in enumerate((own, others)):
        for day, amount in given:
            days[day][place] += amount
    rows = []
    first = rest = ZERO
    before = part_of(note.taxed, ZERO)
    for day in sorted(days):
        first, rest = first + days[day][0], rest + days[day][1]
        now = _difference(part_of(note.taxed, first + rest), part_of(note.taxed, first))
        change = {
            rate: (old[0] - now[rate][0], old[1] - now[rate][1]) for rate, old in before.items()
        }
        before = now
        if day in within:
            rows += _rows(day, VatReason.CREDITED, (note.number, "", note.party), change)
    return rows


def advanced(payment: Advance, used: Sequence[Given], within: Period) -> list[Row]:
    """Of what is free of a payment while it is money. `used`: what settled invoices or was given
    back."""
    first, until = payment.counted.first, payment.counted.until
    if first is None:
        return []
    days = sorted({first, *(max(day, first) for day, _amount in used), *([until] if until else [])})
    rows = []
    before = _advance(payment.amount if payment.reported else ZERO, payment.rate)
    for day in days:
        free = payment.amount - sum((amount for on, amount in used if on <= day), ZERO)
        if until is not None and day >= until:
            free = ZERO
        now = _advance(free, payment.rate)
        change = {payment.rate: (now[0] - before[0], now[1] - before[1])}
        before = now
        if day in within:
            more = sum(change[payment.rate], ZERO) > ZERO
            reason = VatReason.ADVANCE if more else VatReason.TAKEN_BACK
            rows += _rows(day, reason, (payment.number, payment.number, payment.party), change)
    return rows


def never_due(
    invoice: Sequence[Taxed],
    credited: Iterable[tuple[Sequence[Taxed], Decimal]],
    settled: Decimal,
    amount: Decimal,
) -> Decimal:
    """The VAT of what is given up (less than nothing: no more) of an invoice whose VAT falls due
    with the money: of what its own credit notes leave of it (by note, its sums and how much of it
    settles the invoice), beyond what is settled otherwise."""
    left = tuple(invoice)
    for note, used in credited:
        left = _without(left, part_of(note, used))
    change = _difference(part_of(left, settled + amount), part_of(left, settled))
    return sum((vat for _net, vat in change.values()), ZERO)


def totals(rows: Iterable[Row]) -> list[Taxed]:
    """By rate, the highest first."""
    sums: dict[Decimal, tuple[Decimal, Decimal]] = {}
    for row in rows:
        net, vat = sums.get(row.rate, (ZERO, ZERO))
        sums[row.rate] = net + row.net, vat + row.vat
    return [Taxed(rate, *sums[rate]) for rate in sorted(sums, reverse=True)]


def rows_as_json(rows: Iterable[Row]) -> list[dict[str, str]]:
    """To be kept with the return; amounts as strings."""
    return [
        {
            "day": row.day.isoformat(),
            "reason": row.reason.value,
            "number": row.number,
            "source": row.source,
            "client": row.party.name,
            "ice": row.party.ice,
            "rate": f"{row.rate:f}",
            "net": f"{row.net:f}",
            "vat": f"{row.vat:f}",
        }
        for row in rows
    ]


def taxed_as_json(taxed: Iterable[Taxed]) -> list[dict[str, str]]:
    return [
        {"rate": f"{each.rate:f}", "net": f"{each.net:f}", "vat": f"{each.vat:f}"} for each in taxed
    ]


ByRate = Mapping[Decimal, tuple[Decimal, Decimal]]
"""Net and VAT, by rate."""


def part_of(whole: Sequence[Taxed], amount: Decimal) -> dict[Decimal, tuple[Decimal, Decimal]]:
    """Net and VAT of each rate in an amount with tax of the whole, to the centime.

    Largest remainder, ties to the earlier one: adds up to the amount, and of all it is all.
    """
    weights = [weight for each in whole for weight in (each.net, each.vat)]
    total = sum(weights, ZERO)
    if not total:
        return {each.rate: (ZERO, ZERO) for each in whole}
    exact = [Fraction(amount) * Fraction(weight) / Fraction(total) * 100 for weight in weights]
    centimes = [floor(each) for each in exact]
    missing = int(amount * 100) - sum(centimes)
    order = sorted(range(len(exact)), key=lambda place: (centimes[place] - exact[place], place))
    for place in order[:missing]:
        centimes[place] += 1
    shares = [each * CENTIME for each in centimes]
    return {
        each.rate: (shares[2 * place], shares[2 * place + 1]) for place, each in enumerate(whole)
    }


def _advance(free: Decimal, rate: Decimal) -> tuple[Decimal, Decimal]:
    net = rounded(Fraction(free) * 100 / (100 + Fraction(rate)))
    return net, free - net


def _without(whole: Sequence[Taxed], less: ByRate) -> tuple[Taxed, ...]:
    by_rate = {each.rate: (each.net, each.vat) for each in whole}
    for rate, (net, vat) in less.items():
        had = by_rate.get(rate, (ZERO, ZERO))
        by_rate[rate] = had[0] - net, had[1] - vat
    return tuple(Taxed(rate, net, vat) for rate, (net, vat) in by_rate.items())


def _difference(after: ByRate, before: ByRate) -> dict[Decimal, tuple[Decimal, Decimal]]:
    nothing = (ZERO, ZERO)
    return {
        rate: (
            after.get(rate, nothing)[0] - before.get(rate, nothing)[0],
            after.get(rate, nothing)[1] - before.get(rate, nothing)[1],
        )
        for rate in {**before, **after}
    }


def _rows(day: dt.date, reason: VatReason, of: tuple[str, str, Party], change: ByRate) -> list[Row]:
    return [
        Row(day, reason, *of, rate, net, vat) for rate, (net, vat) in change.items() if net or vat
    ]
