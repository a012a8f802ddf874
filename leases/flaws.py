"""What terms of a lease may not be, and what an amendment must leave alone. Pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Any

from core.periods import Period
from leases.cutting import charge_until, shortened
from leases.rent import ONCE, PER_M2, PERCENT
from leases.terms import ChargeTerms, DiscountTerms, LeaseTerms, LettingTerms, merged
from sites.rates import Step


class Flaw(StrEnum):
    """Why terms cannot be those of a lease."""

    NOTHING_LET = "nothing_let"
    OUTSIDE_TERM = "outside_term"
    STEPS = "steps"
    NO_AREA = "no_area"
    ONE_OFF_DAYS = "one_off_days"
    CHARGE_OUTSIDE = "charge_outside"
    DISCOUNT_OUTSIDE = "discount_outside"
    DISCOUNTS_OVERLAP = "discounts_overlap"
    DISCOUNT_OF_NOTHING = "discount_of_nothing"
    DISCOUNT_OVER_RENT = "discount_over_rent"
    CHANGES_EARLIER = "changes_earlier"


def flaws(terms: LeaseTerms) -> list[tuple[Flaw, int | None]]:
    """What is wrong, with the position of the letting it is about. Empty: they can be stored.

    Lettings and charges may run on after the term's end (the tenant holds over), never before its
    start.
    """
    found: list[tuple[Flaw, int | None]] = []
    if not terms.lettings:
        found.append((Flaw.NOTHING_LET, None))
    if any(charge.period.start < terms.period.start for charge in terms.charges):
        found.append((Flaw.CHARGE_OUTSIDE, None))
    everywhere = [*terms.charges, *(c for letting in terms.lettings for c in letting.charges)]
    if any(charge.unit == PER_M2 for charge in terms.charges):
        found.append((Flaw.NO_AREA, None))
    if any(charge.unit == ONCE and charge.period.days != 1 for charge in everywhere):
        found.append((Flaw.ONE_OFF_DAYS, None))
    for position, letting in enumerate(terms.lettings):
        found += [(flaw, position) for flaw in _letting_flaws(terms, letting)]
    return found


def _letting_flaws(terms: LeaseTerms, letting: LettingTerms) -> list[Flaw]:
    found = []
    if letting.period.start < terms.period.start:
        found.append(Flaw.OUTSIDE_TERM)
    if not covers_exactly(letting.steps, letting.period):
        found.append(Flaw.STEPS)
    units = {letting.unit, *(charge.unit for charge in letting.charges)}
    units |= {granted.unit for granted in letting.discounts}
    if letting.area_m2 is None and PER_M2 in units:
        found.append(Flaw.NO_AREA)
    if any(not letting.period.covers(charge.period) for charge in letting.charges):
        found.append(Flaw.CHARGE_OUTSIDE)
    granted = sorted(letting.discounts, key=lambda each: each.period.start)
    if any(not letting.period.covers(each.period) for each in granted):
        found.append(Flaw.DISCOUNT_OUTSIDE)
    if any(one.period.overlaps(other.period) for one, other in pairwise(granted)):
        found.append(Flaw.DISCOUNTS_OVERLAP)
    if any(each.value <= 0 for each in granted):
        found.append(Flaw.DISCOUNT_OF_NOTHING)
    if any(_over_rent(letting, each) for each in granted):
        found.append(Flaw.DISCOUNT_OVER_RENT)
    return found


def _over_rent(letting: LettingTerms, granted: DiscountTerms) -> bool:
    if granted.unit == PERCENT:
        return granted.value > 100
    area = letting.area_m2 or Decimal(1)
    less = granted.value * (area if granted.unit == PER_M2 else 1)
    rents = (
        step.rate * (area if letting.unit == PER_M2 else 1)
        for step in letting.steps
        if step.period.overlaps(granted.period)
    )
    return any(less > rent for rent in rents)


def covers_exactly(steps: Sequence[Step], period: Period) -> bool:
    """Whether each day of the period has one step, and no step leaves it."""
    day: dt.date | None = period.start
    for step in sorted(steps, key=lambda step: step.period.start):
        if day is None or step.period.start != day:
            return False
        day = step.period.end
    return bool(steps) and day == period.end


def same_before(one: LeaseTerms, other: LeaseTerms, day: dt.date) -> bool:
    """Whether both say the same of every day before `day`: what an amendment must leave alone."""
    return _before(one, day) == _before(other, day)


def _before(terms: LeaseTerms, day: dt.date) -> list[Any]:
    """What the terms say of the days before `day`, in one way of writing, ids left out."""
    cut = (shortened(letting, day) for letting in terms.lettings)
    lettings = [
        replace(
            letting,
            id=None,
            charge_id=None,
            continues=None,
            steps=merged(letting.steps),
            discounts=tuple(sorted(letting.discounts, key=lambda each: each.period.start)),
            charges=_named_alike(letting.charges),
        )
        for letting in cut
        if letting is not None
    ]
    charges = (charge_until(charge, day) for charge in terms.charges)
    return [
        terms.period.start,
        sorted(lettings, key=lambda let: (let.space_id or 0, let.period.start)),
        _named_alike([charge for charge in charges if charge is not None]),
    ]


def _named_alike(charges: Sequence[ChargeTerms]) -> tuple[ChargeTerms, ...]:
    alike = (replace(charge, id=None, continues=None) for charge in charges)
    return tuple(sorted(alike, key=lambda each: (each.kind, each.label, each.period.start)))
