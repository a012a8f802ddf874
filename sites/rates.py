"""Expands a rate plan into the rent steps of a stay. Pure.

The start-up plan (50 DH for 18 months, then 100) is an *initial stepped rent* agreed at
signature. Its months count from the company's first start-up letting in the network: a renewal,
a move or more m² never starts the 50 DH again.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.money import rounded
from core.periods import Period, add_months


@dataclass(frozen=True, slots=True)
class PlanStep:
    """From `after_months` months after the count began: `rate` DH per m² or flat, per month."""

    after_months: int
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Step:
    """A rate over a period: what an offer freezes and a lease stores."""

    period: Period
    rate: Decimal


def expand(steps: Sequence[PlanStep], *, period: Period, counted_from: dt.date) -> list[Step]:
    """The steps that cover `period` exactly, without gap or overlap.

    A step begins on the same day of the month as `counted_from`, clipped to the month's end.
    Raises ValueError when no step starts at month 0, when two start in the same month, or when
    the count begins after the period does (the first days would have no rate).
    """
    ordered = sorted(steps, key=lambda step: step.after_months)
    if not ordered or ordered[0].after_months != 0:
        raise ValueError("a plan needs a step from month 0")
    if len({step.after_months for step in ordered}) != len(ordered):
        raise ValueError("two steps start in the same month")
    if counted_from > period.start:
        raise ValueError("the months cannot count from a day after the start")
    starts = [add_months(counted_from, step.after_months) for step in ordered]
    ends: list[dt.date | None] = [*starts[1:], None]
    expanded = []
    for step, start, end in zip(ordered, starts, ends, strict=True):
        part = Period(start, end).intersection(period)
        if part is not None:
            expanded.append(Step(part, step.rate))
    return expanded


def monthly_rent(rate: Decimal, *, unit: str, area_m2: Decimal | None) -> Decimal:
    """The rent of a full month, rounded once."""
    if unit == "per_m2":
        if area_m2 is None:
            raise ValueError("a rate per m² needs an area")
        return rounded(rate * area_m2)
    return rounded(rate)
