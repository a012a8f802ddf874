"""What terms make due, day by day in plain Python, written apart from the engine.

Each day of a month bears the rate divided by the month's days. Days that follow each other within
one billing term and differ in nothing make a line, which is rounded once.
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

Rate = tuple[str, Decimal] | None
"""A unit and a rate in it."""


@dataclass(frozen=True)
class Due:
    """A line: its first and last day, its amount, its VAT."""

    first: dt.date
    last: dt.date
    amount: Decimal
    vat_rate: Decimal | None


@dataclass(frozen=True)
class Source:
    """Something that is charged: what it costs on a day, and how it is billed."""

    rate_on: Callable[[dt.date], Rate]
    rhythm: Rhythm
    area: Decimal | None


def due(terms: LeaseTerms, period: Period, vat: VatTable) -> list[Due]:
    return [line for source in _sources(terms) for line in _lines(source, period, vat)]


def _sources(terms: LeaseTerms) -> Iterator[Source]:
    for let in terms.lettings:
        yield Source(_rent(let), let.rhythm, let.area_m2)
        for less in let.discounts:
            yield Source(_less(let, less), let.rhythm, let.area_m2)
        for charge in let.charges:
            yield Source(_charge(charge, let), charge.rhythm, let.area_m2)
    for charge in terms.charges:
        yield Source(_charge(charge, None), charge.rhythm, None)


def _rent(let: LettingTerms) -> Callable[[dt.date], Rate]:
    def on(day: dt.date) -> Rate:
        if day not in let.period:
            return None
        (step,) = [step for step in let.steps if day in step.period]
        return let.unit, step.rate

    return on


def _less(let: LettingTerms, less: DiscountTerms) -> Callable[[dt.date], Rate]:
    def on(day: dt.date) -> Rate:
        rent = _rent(let)(day)
        if rent is None or day not in less.period:
            return None
        if less.unit == "percent":
            return rent[0], -rent[1] * less.value / 100
        return less.unit, -less.value

    return on


def _charge(charge: ChargeTerms, let: LettingTerms | None) -> Callable[[dt.date], Rate]:
    def on(day: dt.date) -> Rate:
        if day not in charge.period or (let is not None and day not in let.period):
            return None
        return charge.unit, charge.rate

    return on


def _lines(source: Source, period: Period, vat: VatTable) -> Iterator[Due]:
    def vat_on(day: dt.date) -> Decimal | None:
        rules = vat.get(source.rhythm.vat_subject, ())
        return next((rule.rate for rule in rules if day in rule.period), None)

    def alike(day: dt.date) -> tuple[object, ...]:
        term = (day.year, (day.month - 1) // source.rhythm.months)
        return source.rate_on(day), term, vat_on(day)

    assert period.end is not None
    days = [dt.date.fromordinal(n) for n in range(*map(dt.date.toordinal, _ends(period)))]
    for _same, run in groupby(days, alike):
        line = list(run)
        rate = source.rate_on(line[0])
        if rate is not None:
            exact = sum((_of_a_day(rate, day, source) for day in line), Fraction(0))
            yield Due(line[0], line[-1], _half_up(exact), vat_on(line[0]))


def _ends(period: Period) -> tuple[dt.date, dt.date]:
    assert period.end is not None
    return period.start, period.end


def _of_a_day(rate: tuple[str, Decimal], day: dt.date, source: Source) -> Fraction:
    unit, amount = rate
    if unit == "once":
        return Fraction(amount)
    share = Fraction(amount) / calendar.monthrange(day.year, day.month)[1]
    if unit == "per_m2":
        assert source.area is not None
        return share * Fraction(source.area)
    return share / source.rhythm.months if unit == "per_term" else share


def _half_up(exact: Fraction) -> Decimal:
    centimes = int(abs(exact) * 100 + Fraction(1, 2))
    return Decimal(centimes if exact >= 0 else -centimes) / 100
