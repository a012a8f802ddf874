"""The rent engine: what a lease's terms make due over a period, and why. Pure.

A line is one charge over one billing term (the calendar's month, quarter or year), cut where its
rate, a discount or the VAT rule changes. Its amount is

    rate x m² (or 1) x months,  months = sum of days / days of the month, month by month

as an exact fraction, rounded once, half up, to the centime. No other rounding happens, so the
amounts of any split of a period add up to the whole's but for half a centime a line.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from core.money import ZERO, rounded, rounded_ratio
from core.periods import Period
from leases.joining import joined, merged_discounts
from leases.proration import MonthPart, by_terms, month_parts, months_in, term_of
from leases.terms import ChargeTerms, DiscountTerms, LeaseTerms, LettingTerms, Rhythm, merged

RENT: Final = "rent"
DISCOUNT: Final = "discount"
PER_M2: Final = "per_m2"
PER_TERM: Final = "per_term"
ONCE: Final = "once"
PERCENT: Final = "percent"


@dataclass(frozen=True, slots=True)
class VatPeriod:
    """A VAT rate in percent over a period, with the ground where it is nil."""

    period: Period
    rate: Decimal
    ground: str = ""


VatTable = Mapping[str, Sequence[VatPeriod]]
"""By VAT subject. A day without a rule has no VAT rate: the line says so."""

NO_RULES: Final[VatTable] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Line:
    """One amount, with everything that made it.

    `rate` x (`area_m2` where the unit is per m²) x months / `per_months` = `amount`, DH without
    tax; a discount's amount is negative. `letting_id` and `charge_id` are those of the terms,
    where walls moved in its days the first ones.
    `vat_rate` None: no rule says.
    """

    letting_id: int | None
    charge_id: int | None
    kind: str
    label: str
    space: str | None
    period: Period
    unit: str
    rate: Decimal
    area_m2: Decimal | None
    parts: Sequence[MonthPart]
    per_months: int
    rhythm: Rhythm
    amount: Decimal
    vat_rate: Decimal | None
    vat_ground: str
    vat: Decimal

    @property
    def months(self) -> Fraction:
        return sum((part.share for part in self.parts), Fraction(0))

    @property
    def due_on(self) -> dt.date:
        """The day on which it may be asked for: the first of its billing term, or the first after
        it (terme à échoir, terme échu)."""
        term = term_of(self.period.start, self.rhythm.months)
        assert term.end is not None
        return term.start if self.rhythm.in_advance else term.end


@dataclass(frozen=True, slots=True)
class RentStatement:
    """What is due over a period: the lines add up to `net`, their VAT to `vat`.

    `forgone` is the list rent that the lettings do not bring, over the same days.
    """

    period: Period
    lines: Sequence[Line]
    forgone: Decimal

    @property
    def net(self) -> Decimal:
        return sum((line.amount for line in self.lines), ZERO)

    @property
    def vat(self) -> Decimal:
        return sum((line.vat for line in self.lines), ZERO)

    @property
    def total(self) -> Decimal:
        return self.net + self.vat

    @property
    def by_vat_rate(self) -> Mapping[Decimal | None, tuple[Decimal, Decimal]]:
        """(net, VAT) by rate."""
        groups: dict[Decimal | None, tuple[Decimal, Decimal]] = {}
        for line in self.lines:
            net, vat = groups.get(line.vat_rate, (ZERO, ZERO))
            groups[line.vat_rate] = (net + line.amount, vat + line.vat)
        return groups


def rent_due(terms: LeaseTerms, period: Period, vat: VatTable = NO_RULES) -> RentStatement:
    """The lines that the terms make due over a bounded period, in a fixed order.

    Lettings in the order of the terms: rent, its discounts, the letting's charges; then the
    charges of the lease; each by day. Raises ValueError for an open-ended period.
    """
    if period.end is None:
        raise ValueError("a statement needs a last day")
    lines: list[Line] = []
    forgone = ZERO
    for letting, pieces in joined(terms.lettings):
        rents = list(_rent(letting, period, vat))
        discounts = [
            line
            for discount in merged_discounts(letting.discounts)
            for line in _less(letting, discount, period, vat)
        ]
        forgone += _forgone(letting, period, [*rents, *discounts])
        charges = [
            line for charge in letting.charges for line in _charge(charge, letting, period, vat)
        ]
        lines += (_placed(line, pieces) for line in (*rents, *discounts, *charges))
    for charge in terms.charges:
        lines += _charge(charge, None, period, vat)
    return RentStatement(period, lines, forgone)


def _placed(line: Line, pieces: Sequence[LettingTerms]) -> Line:
    """Where walls moved, a line names the spaces that it is for, one after the other."""
    if len(pieces) == 1:
        return line
    there = [letting for letting in pieces if letting.period.overlaps(line.period)]
    codes = dict.fromkeys(letting.space for letting in there if letting.space is not None)
    return replace(line, letting_id=there[0].id, space=" → ".join(codes) or None)


def _rent(letting: LettingTerms, period: Period, vat: VatTable) -> Iterator[Line]:
    for step in merged(letting.steps):
        charged = _within(step.period, letting.period, period)
        for part, rule in _pieces(charged, letting.rhythm, vat):
            yield _line(
                letting=letting,
                charge_id=letting.charge_id,
                kind=RENT,
                label="",
                period=part,
                unit=letting.unit,
                rate=step.rate,
                rhythm=letting.rhythm,
                rule=rule,
            )


def _less(
    letting: LettingTerms, discount: DiscountTerms, period: Period, vat: VatTable
) -> Iterator[Line]:
    """A percentage follows the steps that it lessens, so that each line names one rate."""
    pieces = [(letting.period, discount.unit, discount.value)]
    if discount.unit == PERCENT:
        pieces = [
            (step.period, letting.unit, step.rate * discount.value / 100)
            for step in merged(letting.steps)
        ]
    for days, unit, rate in pieces:
        charged = _within(days, discount.period, letting.period, period)
        for part, rule in _pieces(charged, letting.rhythm, vat):
            yield _line(
                letting=letting,
                charge_id=letting.charge_id,
                kind=DISCOUNT,
                label=discount.reason,
                period=part,
                unit=unit,
                rate=-rate,
                rhythm=letting.rhythm,
                rule=rule,
            )


def _charge(
    charge: ChargeTerms, letting: LettingTerms | None, period: Period, vat: VatTable
) -> Iterator[Line]:
    charged = _within(charge.period, period)
    if letting is not None:
        charged = _within(charged, letting.period)
    for part, rule in _pieces(charged, charge.rhythm, vat):
        yield _line(
            letting=letting,
            charge_id=charge.id,
            kind=charge.kind,
            label=charge.label,
            period=part,
            unit=charge.unit,
            rate=charge.rate,
            rhythm=charge.rhythm,
            rule=rule,
        )


def _line(
    *,
    letting: LettingTerms | None,
    charge_id: int | None,
    kind: str,
    label: str,
    period: Period,
    unit: str,
    rate: Decimal,
    rhythm: Rhythm,
    rule: VatPeriod | None,
) -> Line:
    area = letting.area_m2 if letting is not None and unit == PER_M2 else None
    if unit == PER_M2 and area is None:
        raise ValueError("a rate per m² needs an area")
    per_months = rhythm.months if unit == PER_TERM else 1
    months = Fraction(1) if unit == ONCE else months_in(period)
    amount = _amount(rate, area, months, per_months)
    vat_rate = rule.rate if rule is not None else None
    return Line(
        letting_id=letting.id if letting is not None else None,
        charge_id=charge_id,
        kind=kind,
        label=label,
        space=letting.space if letting is not None else None,
        period=period,
        unit=unit,
        rate=rate,
        area_m2=area,
        parts=() if unit == ONCE else month_parts(period),
        per_months=per_months,
        rhythm=rhythm,
        amount=amount,
        vat_rate=vat_rate,
        vat_ground=rule.ground if rule is not None else "",
        vat=vat_on(amount, vat_rate),
    )


def narrowed(line: Line, period: Period) -> Line:
    """The line over some of its days only, its amount computed anew."""
    if line.unit == ONCE or period == line.period:
        return line
    amount = _amount(line.rate, line.area_m2, months_in(period), line.per_months)
    vat = vat_on(amount, line.vat_rate)
    return replace(line, period=period, parts=month_parts(period), amount=amount, vat=vat)


def vat_on(amount: Decimal, rate: Decimal | None) -> Decimal:
    """In centimes; nothing where no rule says a rate (percent)."""
    return ZERO if rate is None else rounded(amount * rate / 100)


def _amount(rate: Decimal, area: Decimal | None, months: Fraction, per_months: int) -> Decimal:
    """The one rounding of a line. Exact in whole numbers: a run asks for thousands."""
    numerator, denominator = months.numerator, months.denominator * per_months
    for factor in (rate,) if area is None else (rate, area):
        above, below = factor.as_integer_ratio()
        numerator, denominator = numerator * above, denominator * below
    return rounded_ratio(numerator, denominator)


def _forgone(letting: LettingTerms, period: Period, lines: Sequence[Line]) -> Decimal:
    """List rent minus what is asked; nothing where at least the list rent is asked."""
    charged = _within(letting.period, period)
    if charged is None or letting.list_rate is None or letting.area_m2 is None:
        return ZERO
    listed = _amount(letting.list_rate, letting.area_m2, months_in(charged), 1)
    return max(listed - sum((line.amount for line in lines), ZERO), ZERO)


def _pieces(
    charged: Period | None, rhythm: Rhythm, vat: VatTable
) -> Iterator[tuple[Period, VatPeriod | None]]:
    """The charged days, cut at the billing terms and where the VAT rule changes."""
    if charged is None:
        return
    rules = vat.get(rhythm.vat_subject, ())
    for term in by_terms(charged, rhythm.months):
        for part in cut(term, _edges(rule.period for rule in rules)):
            yield part, next((rule for rule in rules if part.start in rule.period), None)


def _edges(periods: Iterable[Period]) -> Iterator[dt.date]:
    for period in periods:
        yield period.start
        if period.end is not None:
            yield period.end


def cut(period: Period, edges: Iterable[dt.date]) -> list[Period]:
    """A bounded period cut at those of the days that lie inside it."""
    assert period.end is not None
    inside = {day for day in edges if period.start < day < period.end}
    days = sorted({period.start, *inside, period.end})
    return [Period(start, end) for start, end in pairwise(days)]


def _within(period: Period | None, *others: Period) -> Period | None:
    for other in others:
        period = period.intersection(other) if period is not None else None
    return period
