"""What is charged as one although walls cut it in two. Pure.

Where walls moved a letting ends and another goes on in the new space, with the same m² and rates.
Its rent, discounts and charges are billed as if nothing had moved: each billing term is one line.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.periods import Period
from leases.terms import ChargeTerms, DiscountTerms, LettingTerms, merged


def joined(lettings: Sequence[LettingTerms]) -> Iterator[tuple[LettingTerms, list[LettingTerms]]]:
    """Each letting as it is charged, under the first ids, with those that it was cut into."""
    alike: dict[object, list[LettingTerms]] = {}
    for position, letting in enumerate(lettings):
        alike.setdefault(letting.origin or (position,), []).append(letting)
    for found in alike.values():
        run: list[LettingTerms] = []
        for letting in sorted(found, key=lambda each: each.period.start):
            if run and not _goes_on(run[-1], letting):
                yield _as_one(run), run
                run = []
            run.append(letting)
        yield _as_one(run), run


def merged_discounts(discounts: Sequence[DiscountTerms]) -> list[DiscountTerms]:
    """Touching discounts that grant the same as one."""
    found: list[DiscountTerms] = []
    for each in sorted(discounts, key=lambda each: each.period.start):
        last = found[-1] if found else None
        if (
            last is not None
            and replace(last, period=each.period) == each
            and _touch(last.period, each.period)
        ):
            found[-1] = replace(last, period=Period(last.period.start, each.period.end))
        else:
            found.append(each)
    return found


def _goes_on(one: LettingTerms, other: LettingTerms) -> bool:
    """An amendment since may have given either another rent."""
    same = (one.unit, one.area_m2, one.rhythm) == (other.unit, other.area_m2, other.rhythm)
    return same and _touch(one.period, other.period)


def _touch(one: Period, other: Period) -> bool:
    return one.end == other.start


def _as_one(run: Sequence[LettingTerms]) -> LettingTerms:
    if len(run) == 1:
        return run[0]
    return replace(
        run[0],
        period=Period(run[0].period.start, run[-1].period.end),
        steps=merged(step for letting in run for step in letting.steps),
        discounts=tuple(each for letting in run for each in letting.discounts),
        charges=tuple(_charges([charge for letting in run for charge in letting.charges])),
    )


def _charges(charges: Sequence[ChargeTerms]) -> list[ChargeTerms]:
    found: list[ChargeTerms] = []
    for charge in charges:
        for at, known in enumerate(found):
            if known.origin == charge.origin and _touch(known.period, charge.period):
                found[at] = replace(known, period=Period(known.period.start, charge.period.end))
                break
        else:
            found.append(charge)
    return found
