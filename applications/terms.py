"""The terms of an offer: steps as JSON, first rent, deposit. Pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypedDict

from core.money import rounded
from core.periods import Period
from sites.rates import Step, monthly_rent


class StepData(TypedDict):
    """One step as stored: ISO days, `end` excluded or None, the rate as a decimal string."""

    start: str
    end: str | None
    rate: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What is offered: `unit` is "per_m2" or "flat"; amounts are DH, excluding tax."""

    area_m2: Decimal | None
    unit: str
    steps: Sequence[Step]
    monthly_rent: Decimal
    deposit: Decimal


def terms_of(
    steps: Sequence[Step], *, unit: str, area_m2: Decimal | None, deposit_months: Decimal
) -> Terms:
    """The terms that follow from the steps: rent of the first full month, deposit in months."""
    rent = monthly_rent(steps[0].rate, unit=unit, area_m2=area_m2)
    return Terms(area_m2, unit, steps, rent, rounded(rent * deposit_months))


def as_json(steps: Sequence[Step]) -> list[StepData]:
    return [
        StepData(
            start=step.period.start.isoformat(),
            end=step.period.end.isoformat() if step.period.end else None,
            rate=f"{step.rate:f}",
        )
        for step in steps
    ]


def from_json(data: Sequence[StepData]) -> list[Step]:
    return [
        Step(
            Period(
                dt.date.fromisoformat(step["start"]),
                dt.date.fromisoformat(step["end"]) if step["end"] else None,
            ),
            Decimal(step["rate"]),
        )
        for step in data
    ]
