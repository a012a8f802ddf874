"""Terms cut where an act takes effect: the days before, the days from it on, another end. Pure."""

import datetime as dt
from dataclasses import replace

from core.periods import Period
from leases.rent import ONCE
from leases.terms import ChargeTerms, LeaseTerms, LettingTerms
from sites.rates import Step


def shortened(letting: LettingTerms, end: dt.date) -> LettingTerms | None:
    """The letting's days before `end`: all, some, or none (None)."""
    if letting.period.end is not None and letting.period.end <= end:
        return letting
    if letting.period.start >= end:
        return None
    steps = (step_until(step, end) for step in letting.steps)
    charges = (charge_until(charge, end) for charge in letting.charges)
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
    after = letting_from(letting, since)
    known = [charge for charge in letting.charges if not charge.period.is_past(since)]
    return replace(
        after,
        continues=letting.origin,
        charges=tuple(
            replace(charge, continues=was.origin)
            for charge, was in zip(after.charges, known, strict=True)
        ),
    )


def letting_from(letting: LettingTerms, since: dt.date) -> LettingTerms:
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
            for charge in (charge_from(each, since) for each in letting.charges)
            if charge is not None
        ),
    )


def charge_from(charge: ChargeTerms, since: dt.date) -> ChargeTerms | None:
    """The charge's days from `since` on, as a new charge."""
    rest = charge.period.intersection(Period(since))
    return None if rest is None else replace(charge, id=None, continues=None, period=rest)


def runs_on(terms: LeaseTerms, letting: LettingTerms) -> bool:
    """Whether the letting ran to the term's end, or on after it."""
    end = terms.period.end
    return letting.period.end is None or (end is not None and letting.period.end >= end)


def ending(
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


def charges_ending(terms: LeaseTerms, end: dt.date | None) -> tuple[ChargeTerms, ...]:
    """The charges of the lease: what ran to its end, or on after it, follows."""
    found = (
        _charge_ending(charge, end, terms.period.end, _after(charge.period, terms.period))
        for charge in terms.charges
    )
    return tuple(charge for charge in found if charge is not None)


def charge_carried_on(charge: ChargeTerms, term: Period, end: dt.date) -> ChargeTerms:
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
        return charge_until(charge, end)
    if charge.unit == ONCE or charge.period.end not in old_ends:
        return charge
    return replace(charge, period=Period(charge.period.start, end))


def charge_until(charge: ChargeTerms, end: dt.date) -> ChargeTerms | None:
    if charge.period.start >= end:
        return None
    return replace(charge, period=Period(charge.period.start, _earlier(charge.period.end, end)))


def step_until(step: Step, end: dt.date) -> Step | None:
    if step.period.start >= end:
        return None
    return Step(Period(step.period.start, _earlier(step.period.end, end)), step.rate)


def _earlier(day: dt.date | None, other: dt.date) -> dt.date:
    return other if day is None else min(day, other)
