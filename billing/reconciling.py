"""A rent run is a reconciliation: what the leases make due minus what is billed. Pure.

A day of a charge is billed once. What was billed stands for as long as the terms still say the
same of each of its days: unit, rate, m². Where they say something else, the days are taken back
and billed anew, the discount of a rent with it; nothing is ever corrected inside a line. VAT is no
part of the comparison: a line keeps the rate that it was issued with.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.periods import Period
from leases.proration import term_of
from leases.rent import DISCOUNT, Line, VatTable, narrowed, rent_due
from leases.terms import LeaseTerms, Rhythm

Side = tuple[int, bool]
"""A charge's id, and whether it is about its discount: days are counted once on each side."""
Facts = tuple[str, Decimal, Decimal | None, int]


@dataclass(frozen=True, slots=True)
class Gift:
    """Goodwill for days of a line, DH without tax; of a discount it is below nothing."""

    period: Period
    net: Decimal


@dataclass(frozen=True, slots=True)
class Billed:
    """Days of a charge on an issued line, as far as no credit has taken them back.

    `id` is the billed period's own; unit, rate, m², `per_months` and the VAT rate are the line's,
    and so are kind, label and space, which only name it, with its document's number.
    """

    id: int
    line_id: int
    invoice_id: int
    charge_id: int
    discount: bool
    period: Period
    unit: str
    rate: Decimal
    area_m2: Decimal | None
    per_months: int
    due_on: dt.date
    """From which day on it was asked for (`leases.rent.Line.due_on`)."""
    vat_rate: Decimal
    net: Decimal
    """What taking these days back gives back: what is left of them; a discount's is negative."""
    vat: Decimal
    rests_on: int | None = None
    """Of a discount granted after the rent was billed: the line of the rent that it lessened."""
    kind: str = ""
    label: str = ""
    space: str = ""
    number: str = ""
    gifts: tuple[Gift, ...] = ()
    """Of the whole line: what was given back on top of what the terms say."""

    @property
    def side(self) -> Side:
        return self.charge_id, self.discount

    @property
    def facts(self) -> Facts:
        return self.unit, self.rate, self.area_m2, self.per_months


@dataclass(frozen=True, slots=True)
class Difference:
    """What a run proposes for a lease: lines `due` and not billed, days billed and not due.

    `settled`: late discounts of rent that goes: what is left of that rent is less already.
    """

    due: tuple[Line, ...]
    undue: tuple[Billed, ...]
    settled: tuple[Billed, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.due or self.undue or self.settled)


def reconcile(
    terms: LeaseTerms | None,
    billed: Iterable[Billed],
    *,
    since: dt.date,
    through: dt.date,
    vat: VatTable,
) -> Difference:
    """What falls due on the days from `since` up to and including `through`, and is not billed.

    `since` is the first day that is billed at all (the site's billing start); days before it are
    left alone, on both sides, and so is what was asked for after `through`. `terms` None: nothing
    is due, of a cancelled lease. Lines without an amount are no part of it.
    """
    known = [each for each in billed if since <= each.period.start]
    lines = _lines(terms, since, _far(terms, known, through), vat) if terms is not None else []
    of_side: dict[Side, list[Line]] = defaultdict(list)
    for line in lines:
        of_side[_side(line)].append(line)
    standing: dict[Side, list[Billed]] = defaultdict(list)
    undue: list[Billed] = []
    for each in known:
        if each.due_on > through or _stands(each, of_side.get(each.side, ())):
            standing[each.side].append(each)
        else:
            undue.append(each)
    for rows in standing.values():
        along = [each for each in rows if _goes_along(each, undue)]
        rows[:] = [each for each in rows if each not in along]
        undue += along
    gone = {each.line_id for each in undue}
    settled = [each for rows in standing.values() for each in rows if each.rests_on in gone]
    settled += [each for each in undue if each.rests_on in gone]
    due = [
        part
        for line in lines
        if line.due_on <= through
        for part in _open(line, [one for one in standing[_side(line)] if one not in settled])
        if part.amount
    ]
    undue = [each for each in undue if each not in settled]
    return Difference(tuple(due), tuple(undue), tuple(settled))


def _lines(terms: LeaseTerms, since: dt.date, far: dt.date, vat: VatTable) -> list[Line]:
    if far <= since:
        return []
    return [
        line
        for line in rent_due(terms, Period(since, far), vat).lines
        if line.charge_id is not None
    ]


def _far(terms: LeaseTerms | None, billed: Iterable[Billed], through: dt.date) -> dt.date:
    """The first day that need not be looked at any more: after all billing terms that have begun,
    and after all that is billed."""
    ends = [each.period.end for each in billed]
    if terms is not None:
        ends += [term_of(through, rhythm.months).end for rhythm in rhythms(terms)]
    return max((end for end in ends if end is not None), default=through)


def rhythms(terms: LeaseTerms) -> Iterator[Rhythm]:
    """How each of the charges is billed."""
    for letting in terms.lettings:
        yield letting.rhythm
        yield from (charge.rhythm for charge in letting.charges)
    yield from (charge.rhythm for charge in terms.charges)


def _side(line: Line) -> Side:
    assert line.charge_id is not None
    return line.charge_id, line.kind == DISCOUNT


def _stands(each: Billed, lines: Sequence[Line]) -> bool:
    """Whether the terms say of each of its days what it was billed by."""
    assert each.period.days is not None
    days = 0
    for line in lines:
        shared = line.period.intersection(each.period)
        if shared is not None:
            if (line.unit, line.rate, line.area_m2, line.per_months) != each.facts:
                return False
            days += shared.days or 0
    return days == each.period.days


def _goes_along(each: Billed, undue: Iterable[Billed]) -> bool:
    """A discount goes with its rent, so that no more of an invoice is given back than it asked."""
    return each.discount and any(
        other.invoice_id == each.invoice_id
        and other.charge_id == each.charge_id
        and not other.discount
        and other.period.overlaps(each.period)
        for other in undue
    )


def _open(line: Line, standing: Iterable[Billed]) -> Iterator[Line]:
    """The line over those of its days that nothing stands for."""
    start = line.period.start
    for each in sorted(standing, key=lambda each: each.period.start):
        shared = each.period.intersection(line.period)
        if shared is None or shared.end is None:
            continue
        if start < shared.start:
            yield narrowed(line, Period(start, shared.start))
        start = shared.end
    assert line.period.end is not None
    if start < line.period.end:
        yield narrowed(line, Period(start, line.period.end))
