"""What terms come to on one day: who has which m², at what rent, and when that changes. Pure.

A letting that ran to the term's end is still there afterwards while the tenant holds over, at its
last rate.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from core.money import ZERO
from leases.rent import PERCENT
from leases.terms import DiscountTerms, LeaseTerms, LettingTerms
from sites.rates import Step, monthly_rent

FLAT: Final = "flat"


@dataclass(frozen=True, slots=True)
class Change:
    """From `day` on, the rent of a whole month is `rent`, DH without tax."""

    day: dt.date
    rent: Decimal


def is_let(terms: LeaseTerms, letting: LettingTerms, day: dt.date, *, over: bool = False) -> bool:
    """Whether the tenant has the space on the day; `over`: it holds over that day."""
    ends, term = letting.period.end, terms.period.end
    to_the_term = ends is not None and term is not None and ends >= term
    return day in letting.period or (over and to_the_term and letting.period.start <= day)


def lettings_on(terms: LeaseTerms, day: dt.date, *, over: bool = False) -> list[LettingTerms]:
    return [letting for letting in terms.lettings if is_let(terms, letting, day, over=over)]


def step_on(letting: LettingTerms, day: dt.date) -> Step | None:
    """The last step that has begun; None: none has."""
    begun = [step for step in letting.steps if step.period.start <= day]
    return max(begun, key=lambda step: step.period.start, default=None)


def discount_on(letting: LettingTerms, day: dt.date) -> DiscountTerms | None:
    return next((each for each in letting.discounts if day in each.period), None)


def rent_of(letting: LettingTerms, day: dt.date) -> Decimal:
    """The letting's rent of a whole month at the rate and the discount of the day, DH.

    Rent and discount are each rounded once, as the two lines of a month's statement are.
    """
    step, less = step_on(letting, day), discount_on(letting, day)
    if step is None:
        return ZERO
    full = monthly_rent(step.rate, unit=letting.unit, area_m2=letting.area_m2)
    if less is None:
        return full
    unit, rate = less.unit, less.value
    if unit == PERCENT:
        unit, rate = letting.unit, step.rate * less.value / 100
    return full - monthly_rent(rate, unit=unit, area_m2=letting.area_m2)


def rent_on(terms: LeaseTerms, day: dt.date, *, over: bool = False) -> Decimal:
    return sum((rent_of(let, day) for let in lettings_on(terms, day, over=over)), ZERO)


def area_on(terms: LeaseTerms, day: dt.date, *, over: bool = False) -> Decimal:
    return agreed_area(lettings_on(terms, day, over=over))


def agreed_area(lettings: Sequence[LettingTerms]) -> Decimal:
    """The m² that were agreed. What walls parted goes on in one part with all of its m²: the other
    parts, let beside it for nothing, add none."""
    paid = [let for let in lettings if not _for_nothing(let)]
    return sum((let.area_m2 for let in paid or lettings if let.area_m2 is not None), ZERO)


def _for_nothing(letting: LettingTerms) -> bool:
    return letting.unit == FLAT and not any(step.rate for step in letting.steps)


def next_change(terms: LeaseTerms, day: dt.date) -> Change | None:
    """The next day on which the rent of a month is another one, the end of all lettings apart."""
    now = rent_on(terms, day)
    for edge in sorted({edge for edge in _edges(terms) if edge > day}):
        rent = rent_on(terms, edge)
        if rent != now and lettings_on(terms, edge):
            return Change(edge, rent)
    return None


def _edges(terms: LeaseTerms) -> Iterator[dt.date]:
    for letting in terms.lettings:
        periods = [
            letting.period,
            *(step.period for step in letting.steps),
            *(each.period for each in letting.discounts),
        ]
        for period in periods:
            yield period.start
            if period.end is not None:
                yield period.end
