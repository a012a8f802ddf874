"""What the terms of leases make due month by month, before anything is billed. Pure.

A month's figure is what a run of that month would bill if all before it were billed and nothing
of it: lines that fall due in it, one-off items apart.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from billing.reconciling import rhythms
from core.money import ZERO
from core.periods import Period, add_months, first_of_month
from leases.rent import DISCOUNT, ONCE, RENT, Line, VatTable, rent_due
from leases.terms import LeaseTerms


@dataclass(frozen=True, slots=True)
class Due:
    """DH without tax: rent less its discounts, and what is charged beside it."""

    rent: Decimal = ZERO
    charges: Decimal = ZERO

    @property
    def net(self) -> Decimal:
        return self.rent + self.charges

    def __add__(self, other: "Due") -> "Due":
        return Due(self.rent + other.rent, self.charges + other.charges)


Months = Mapping[dt.date, Due]
"""By the first day of the month."""


def due_by_month(
    terms: LeaseTerms, *, since: dt.date, first: dt.date, months: int, vat: VatTable
) -> Months:
    """Of `months` months from the one that begins on `first`; days before `since` are not billed.

    Where everything is billed by the month, a month in which nothing begins or ends is worth what
    the one before it was, to the centime, and is not computed again.
    """
    longest = max((rhythm.months for rhythm in rhythms(terms)), default=1)
    begun = max(since, terms.period.start)
    found: dict[dt.date, Due] = defaultdict(Due)
    if longest > 1:
        days = _within(add_months(first, -longest), add_months(first, months + longest), since)
        for line in _lines(terms, days, vat):
            found[first_of_month(max(line.due_on, begun))] += _worth(line)
    else:
        # The month in which something begins or ends, and the first whole one after it.
        edges = {first_of_month(day) for day in _edges(terms, since, vat)}
        edges |= {add_months(month, 1) for month in edges}
        sums: dict[int, Due] = {}
        for number in range(-1, months):  # what is asked in arrears falls due a month later
            month = add_months(first, number)
            if number == -1 or month in edges:
                days = _within(month, add_months(month, 1), since)
                sums = defaultdict(Due)
                for line in _lines(terms, days, vat):
                    sums[0 if line.rhythm.in_advance else 1] += _worth(line)
            for later, worth in sums.items():
                found[add_months(month, later)] += worth
    last = add_months(first, months)
    return {month: due for month, due in sorted(found.items()) if first <= month < last}


def _within(start: dt.date, end: dt.date, since: dt.date) -> Period | None:
    return Period(max(start, since), end) if since < end else None


def _lines(terms: LeaseTerms, days: Period | None, vat: VatTable) -> Iterator[Line]:
    if days is None:
        return
    for line in rent_due(terms, days, vat).lines:
        if line.unit != ONCE and line.charge_id is not None:
            yield line


def _worth(line: Line) -> Due:
    return Due(rent=line.amount) if line.kind in {RENT, DISCOUNT} else Due(charges=line.amount)


def _edges(terms: LeaseTerms, since: dt.date, vat: VatTable) -> Iterator[dt.date]:
    """The days on which what is due may become something else."""
    yield since
    for period in _periods(terms, vat):
        yield period.start
        if period.end is not None:
            yield period.end


def _periods(terms: LeaseTerms, vat: VatTable) -> Iterator[Period]:
    yield terms.period
    for letting in terms.lettings:
        yield letting.period
        yield from (step.period for step in letting.steps)
        yield from (discount.period for discount in letting.discounts)
        yield from (charge.period for charge in letting.charges)
    yield from (charge.period for charge in terms.charges)
    for rules in vat.values():
        yield from (rule.period for rule in rules)
