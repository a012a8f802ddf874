"""What an act after signature makes of the terms: terms in, terms out. Pure; nothing is written.

A letting is named by its position in the terms, since one that was just added has no id. A letting
keeps its m² for life: more or fewer of them end it and begin another on the same space.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Any

from core.periods import Period
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


def let(terms: LeaseTerms, letting: LettingTerms) -> LeaseTerms:
    """Another space."""
    return replace(terms, lettings=(*terms.lettings, letting))


def give_up(terms: LeaseTerms, position: int, since: dt.date) -> LeaseTerms:
    """A space goes back: the last day is the one before `since`. Begun later, it falls away."""
    kept = shortened(terms.lettings[position], since)
    return _put(terms, position, () if kept is None else (kept,))


def resize(terms: LeaseTerms, position: int, since: dt.date, area_m2: Decimal) -> LeaseTerms:
    """More or fewer m² of the same space from `since` on, at the same rates."""
    after = _from(terms.lettings[position], since)
    return _split(terms, position, since, replace(after, area_m2=area_m2))


def reprice(
    terms: LeaseTerms, position: int, since: dt.date, unit: str, steps: Sequence[Step]
) -> LeaseTerms:
    """Another rent from `since` on; `steps` cover the letting's days from then on.

    Another unit than before begins another letting: one letting has one unit.
    """
    letting = terms.lettings[position]
    if unit != letting.unit and letting.period.start < since:
        after = replace(_from(letting, since), unit=unit, steps=tuple(steps))
        return _split(terms, position, since, after)
    before = [_until(step, since) for step in letting.steps]
    kept = [step for step in before if step is not None]
    return _put(terms, position, (replace(letting, unit=unit, steps=merged([*kept, *steps])),))


def recategorise(
    terms: LeaseTerms,
    since: dt.date,
    tenant_kind: str,
    steps: Sequence[Sequence[Step]],
    list_rate: Decimal | None = None,
) -> LeaseTerms:
    """Another kind of tenant from `since` on (start-up → SME → large), at other rates.

    `steps`: for each letting of the terms those of its days from `since` on; none for a letting
    that is over by then. `list_rate`: of the spaces, where the kind is asked less on purpose.
    """
    found: list[LettingTerms] = []
    for letting, following in zip(terms.lettings, steps, strict=True):
        if letting.period.is_past(since):
            found.append(letting)
            continue
        before = shortened(letting, since)
        if before is not None:
            found.append(before)
        begun = _from(letting, since) if before is not None else letting
        listed = None if letting.area_m2 is None else list_rate
        found.append(
            replace(begun, tenant_kind=tenant_kind, steps=tuple(following), list_rate=listed)
        )
    return replace(terms, tenant_kind=tenant_kind, lettings=tuple(found))


def move_end(terms: LeaseTerms, end: dt.date | None) -> LeaseTerms:
    """Another end of the term (excluded; None: open); what ran to the old end, or on after it
    while the tenant held over, follows.

    Longer, the last rate goes on; shorter, what would begin later falls away.
    """
    lettings = []
    for letting in terms.lettings:
        if _runs_on(terms, letting):
            moved = _ending(letting, end, terms.period.end)
        else:
            moved = letting if end is None else shortened(letting, end)
        if moved is not None:
            lettings.append(moved)
    return replace(
        terms,
        period=Period(terms.period.start, end),
        lettings=tuple(lettings),
        charges=_charges_ending(terms, end),
    )


def vacated(terms: LeaseTerms, end: dt.date) -> LeaseTerms:
    """The tenant has left: nothing is let or charged from `end` on.

    What ran to the term's end lasts until `end`, also when that is later (the tenant held over); a
    space that had been given up before keeps its days. The term itself stays what was agreed.
    """
    cut = (
        _ending(letting, end, terms.period.end)
        if _runs_on(terms, letting)
        else shortened(letting, end)
        for letting in terms.lettings
    )
    return replace(
        terms,
        lettings=tuple(letting for letting in cut if letting is not None),
        charges=_charges_ending(terms, end),
    )


def assigned(terms: LeaseTerms, since: dt.date, company_id: int) -> LeaseTerms:
    """What another company goes on with from `since` on: the same terms, stored nowhere yet.

    `since` lies inside the term.
    """
    charges = (_charge_from(charge, since) for charge in terms.charges)
    return replace(
        terms,
        company_id=company_id,
        period=Period(since, terms.period.end),
        lettings=tuple(
            going_on(letting, since)
            for letting in terms.lettings
            if not letting.period.is_past(since)
        ),
        charges=tuple(charge for charge in charges if charge is not None),
    )


def carried_on(terms: LeaseTerms, position: int, end: dt.date) -> LeaseTerms:
    """One letting of a tenant who holds over goes on until `end`, at the last rates; so do the
    charges of the lease that ran to its end."""
    moved = _ending(terms.lettings[position], end, terms.period.end)
    assert moved is not None
    charges = tuple(_charge_carried_on(charge, terms.period, end) for charge in terms.charges)
    return replace(_put(terms, position, (moved,)), charges=charges)


def add_charge(terms: LeaseTerms, position: int | None, charge: ChargeTerms) -> LeaseTerms:
    """A charge beside the rent of a letting, or (None) of the lease."""
    if position is None:
        return replace(terms, charges=(*terms.charges, charge))
    letting = terms.lettings[position]
    return _put(terms, position, (replace(letting, charges=(*letting.charges, charge)),))


def end_charge(terms: LeaseTerms, charge_id: int, since: dt.date) -> LeaseTerms:
    """The charge is not due from `since` on. Raises LookupError for one that is not there."""

    def ended(charges: Sequence[ChargeTerms]) -> tuple[ChargeTerms, ...]:
        shorter = (
            charge if charge.id != charge_id else _charge_until(charge, since) for charge in charges
        )
        return tuple(charge for charge in shorter if charge is not None)

    everywhere = [*terms.charges, *(c for letting in terms.lettings for c in letting.charges)]
    if not any(charge.id == charge_id for charge in everywhere):
        raise LookupError(charge_id)
    return replace(
        terms,
        charges=ended(terms.charges),
        lettings=tuple(
            replace(letting, charges=ended(letting.charges)) for letting in terms.lettings
        ),
    )


def discount(terms: LeaseTerms, position: int, granted: DiscountTerms) -> LeaseTerms:
    letting = terms.lettings[position]
    return _put(terms, position, (replace(letting, discounts=(*letting.discounts, granted)),))


def with_deposit(terms: LeaseTerms, due: Decimal) -> LeaseTerms:
    return replace(terms, deposit_due=due)


def with_tacit_renewal(terms: LeaseTerms, months: int | None) -> LeaseTerms:
    """The term goes on by itself for so long, time after time; None: it does not."""
    return replace(terms, tacit_months=months)


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
            steps=merged(letting.steps),
            discounts=tuple(sorted(letting.discounts, key=lambda each: each.period.start)),
            charges=_named_alike(letting.charges),
        )
        for letting in cut
        if letting is not None
    ]
    charges = (_charge_until(charge, day) for charge in terms.charges)
    return [
        terms.period.start,
        sorted(lettings, key=lambda let: (let.space_id or 0, let.period.start)),
        _named_alike([charge for charge in charges if charge is not None]),
    ]


def _named_alike(charges: Sequence[ChargeTerms]) -> tuple[ChargeTerms, ...]:
    alike = (replace(charge, id=None) for charge in charges)
    return tuple(sorted(alike, key=lambda each: (each.kind, each.label, each.period.start)))


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


def shortened(letting: LettingTerms, end: dt.date) -> LettingTerms | None:
    """The letting's days before `end`: all, some, or none (None)."""
    if letting.period.end is not None and letting.period.end <= end:
        return letting
    if letting.period.start >= end:
        return None
    steps = (_until(step, end) for step in letting.steps)
    charges = (_charge_until(charge, end) for charge in letting.charges)
    return replace(
        letting,
        period=Period(letting.period.start, end),
        steps=tuple(step for step in steps if step is not None),
        discounts=tuple(
            replace(each, period=Period(each.period.start, _earlier(each.period.end, end)))
            for each in letting.discounts
            if each.period.start < end
        ),
        charges=tuple(charge for charge in charges if charge is not None),
    )


def going_on(letting: LettingTerms, since: dt.date) -> LettingTerms:
    """The letting's days from `since` on (there are some) as a new one, which remembers what its
    rent and each of its charges go on from: walls cut nothing that is charged."""
    after = _from(letting, since)
    known = [charge for charge in letting.charges if not charge.period.is_past(since)]
    return replace(
        after,
        continues=letting.origin,
        charges=tuple(
            replace(charge, continues=was.origin)
            for charge, was in zip(after.charges, known, strict=True)
        ),
    )


def _from(letting: LettingTerms, since: dt.date) -> LettingTerms:
    rest = Period(max(since, letting.period.start), letting.period.end)
    return replace(
        letting,
        id=None,
        charge_id=None,
        continues=None,
        period=rest,
        steps=tuple(
            Step(part, step.rate)
            for step in letting.steps
            if (part := step.period.intersection(rest)) is not None
        ),
        discounts=tuple(
            replace(each, period=part)
            for each in letting.discounts
            if (part := each.period.intersection(rest)) is not None
        ),
        charges=tuple(
            charge
            for charge in (_charge_from(each, since) for each in letting.charges)
            if charge is not None
        ),
    )


def _charge_from(charge: ChargeTerms, since: dt.date) -> ChargeTerms | None:
    """The charge's days from `since` on, as a new charge."""
    rest = charge.period.intersection(Period(since))
    return None if rest is None else replace(charge, id=None, continues=None, period=rest)


def _runs_on(terms: LeaseTerms, letting: LettingTerms) -> bool:
    """Whether the letting ran to the term's end, or on after it."""
    end = terms.period.end
    return letting.period.end is None or (end is not None and letting.period.end >= end)


def _split(terms: LeaseTerms, position: int, since: dt.date, after: LettingTerms) -> LeaseTerms:
    before = shortened(terms.lettings[position], since)
    return _put(terms, position, (after,) if before is None else (before, after))


def _ending(
    letting: LettingTerms, end: dt.date | None, old_end: dt.date | None
) -> LettingTerms | None:
    if end is not None and (letting.period.end is None or end < letting.period.end):
        return shortened(letting, end)
    last = max(letting.steps, key=lambda step: step.period.start)
    steps = [step for step in letting.steps if step is not last]
    charges = (
        _charge_ending(charge, end, letting.period.end, old_end) for charge in letting.charges
    )
    return replace(
        letting,
        period=Period(letting.period.start, end),
        steps=(*steps, Step(Period(last.period.start, end), last.rate)),
        charges=tuple(charge for charge in charges if charge is not None),
    )


def _charges_ending(terms: LeaseTerms, end: dt.date | None) -> tuple[ChargeTerms, ...]:
    """The charges of the lease: what ran to its end, or on after it, follows."""
    found = (
        _charge_ending(charge, end, terms.period.end, _after(charge.period, terms.period))
        for charge in terms.charges
    )
    return tuple(charge for charge in found if charge is not None)


def _charge_carried_on(charge: ChargeTerms, term: Period, end: dt.date) -> ChargeTerms:
    if charge.period.end is None or charge.period.end >= end:
        return charge
    following = _charge_ending(charge, end, term.end, _after(charge.period, term))
    assert following is not None  # it is not cut
    return following


def _after(period: Period, term: Period) -> dt.date | None:
    """Where the period ends, if it runs on after the term."""
    late = period.end is not None and term.end is not None and period.end > term.end
    return period.end if late else term.end


def _charge_ending(
    charge: ChargeTerms, end: dt.date | None, *old_ends: dt.date | None
) -> ChargeTerms | None:
    """A charge that ran to the old end follows the new one; a one-off stays on its day."""
    if end is not None and (charge.period.end is None or end < charge.period.end):
        return _charge_until(charge, end)
    if charge.unit == ONCE or charge.period.end not in old_ends:
        return charge
    return replace(charge, period=Period(charge.period.start, end))


def _charge_until(charge: ChargeTerms, end: dt.date) -> ChargeTerms | None:
    if charge.period.start >= end:
        return None
    return replace(charge, period=Period(charge.period.start, _earlier(charge.period.end, end)))


def _until(step: Step, end: dt.date) -> Step | None:
    if step.period.start >= end:
        return None
    return Step(Period(step.period.start, _earlier(step.period.end, end)), step.rate)


def _earlier(day: dt.date | None, other: dt.date) -> dt.date:
    return other if day is None else min(day, other)


def _put(terms: LeaseTerms, position: int, instead: Sequence[LettingTerms]) -> LeaseTerms:
    lettings = terms.lettings
    return replace(terms, lettings=(*lettings[:position], *instead, *lettings[position + 1 :]))
