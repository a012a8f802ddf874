"""What terms make due, day by day in plain Python, written apart from the engine.

Each day of a month bears the rate divided by the month's days. Days that follow each other within
one billing term and differ in nothing make a line, which is rounded once; walls are no difference.
"""

import calendar
import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from core.periods import Period
from leases.rent import VatTable
from leases.terms import ChargeTerms, DiscountTerms, LeaseTerms, LettingTerms, Rhythm


@dataclass(frozen=True)
class Due:
    """A line: its first and last day, its amount, its VAT."""

    first: dt.date
    last: dt.date
    amount: Decimal
    vat_rate: Decimal | None


@dataclass(frozen=True)
class Price:
    """What something costs on a day, and how it is billed; `beside` is the rent it stands by."""

    unit: str
    rate: Decimal
    rhythm: Rhythm
    area: Decimal | None
    why: str = ""
    beside: object = None


Source = Callable[[dt.date], Price | None]


def due(terms: LeaseTerms, period: Period, vat: VatTable) -> list[Due]:
    return [line for source in _sources(terms) for line in _lines(source, period, vat)]


def _sources(terms: LeaseTerms) -> Iterator[Source]:
    rents: dict[object, list[LettingTerms]] = {}
    charges: dict[object, list[tuple[ChargeTerms, LettingTerms | None]]] = {}
    for number, let in enumerate(terms.lettings):
        rents.setdefault(let.continues or let.charge_id or (number,), []).append(let)
        for order, each in enumerate(let.charges):
            key = each.continues or each.id or (number, order)
            charges.setdefault(key, []).append((each, let))
    for let_as_one in rents.values():
        yield _first_of([_rent(let) for let in let_as_one])
        yield _first_of([_less(let, less) for let in let_as_one for less in let.discounts])
    for charged_as_one in charges.values():
        yield _first_of([_charge(each, let) for each, let in charged_as_one])
    for each in terms.charges:
        yield _charge(each, None)


def _first_of(sources: list[Source]) -> Source:
    """Of what never stands on one day together."""
    return lambda day: next((found for source in sources if (found := source(day))), None)


def _rent(let: LettingTerms) -> Source:
    def on(day: dt.date) -> Price | None:
        if day not in let.period:
            return None
        (step,) = [step for step in let.steps if day in step.period]
        return Price(let.unit, step.rate, let.rhythm, let.area_m2)

    return on


def _less(let: LettingTerms, less: DiscountTerms) -> Source:
    def on(day: dt.date) -> Price | None:
        rent = _rent(let)(day)
        if rent is None or day not in less.period:
            return None
        unit, rate = less.unit, -less.value
        if unit == "percent":
            unit, rate = rent.unit, -rent.rate * less.value / 100
        rule = less.unit, less.value, less.reason
        return Price(unit, rate, let.rhythm, let.area_m2, str(rule), (let.unit, let.area_m2))

    return on


def _charge(charge: ChargeTerms, let: LettingTerms | None) -> Source:
    def on(day: dt.date) -> Price | None:
        if day not in charge.period or (let is not None and day not in let.period):
            return None
        area = let.area_m2 if let is not None else None
        beside = let and (let.unit, let.area_m2, let.rhythm)
        return Price(charge.unit, charge.rate, charge.rhythm, area, "", beside)

    return on


def _lines(source: Source, period: Period, vat: VatTable) -> Iterator[Due]:
    def alike(day: dt.date) -> tuple[object, ...]:
        price = source(day)
        if price is None:
            return ()
        term = (day.year, (day.month - 1) // price.rhythm.months)
        return price, term, _vat_on(day, price, vat)

    assert period.end is not None
    days = [dt.date.fromordinal(n) for n in range(period.start.toordinal(), period.end.toordinal())]
    for _same, run in groupby(days, alike):
        line = list(run)
        price = source(line[0])
        if price is not None:
            exact = sum((_of_a_day(price, day) for day in line), Fraction(0))
            yield Due(line[0], line[-1], _half_up(exact), _vat_on(line[0], price, vat))


def _vat_on(day: dt.date, price: Price, vat: VatTable) -> Decimal | None:
    rules = vat.get(price.rhythm.vat_subject, ())
    return next((rule.rate for rule in rules if day in rule.period), None)


def _of_a_day(price: Price, day: dt.date) -> Fraction:
    if price.unit == "once":
        return Fraction(price.rate)
    share = Fraction(price.rate) / calendar.monthrange(day.year, day.month)[1]
    if price.unit == "per_m2":
        assert price.area is not None
        return share * Fraction(price.area)
    return share / price.rhythm.months if price.unit == "per_term" else share


def _half_up(exact: Fraction) -> Decimal:
    centimes = int(abs(exact) * 100 + Fraction(1, 2))
    return Decimal(centimes if exact >= 0 else -centimes) / 100
