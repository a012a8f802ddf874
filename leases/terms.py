"""The terms of a lease as kept in its versions: plain data, complete, readable. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.periods import Period
from sites.rates import Step


@dataclass(frozen=True, slots=True)
class LettingTerms:
    """A space (its id and code; None: domiciliation) let over a period, with its steps."""

    space_id: int | None
    space: str | None
    area_m2: Decimal | None
    period: Period
    unit: str
    steps: Sequence[Step]


@dataclass(frozen=True, slots=True)
class LeaseTerms:
    company_id: int
    tenant_kind: str
    period: Period
    deposit_due: Decimal
    lettings: Sequence[LettingTerms]


def as_json(terms: LeaseTerms) -> dict[str, Any]:
    """Days as ISO, `end` excluded or None; decimals as strings."""
    return {
        "company": terms.company_id,
        "tenant_kind": terms.tenant_kind,
        **_days(terms.period),
        "deposit_due": f"{terms.deposit_due:f}",
        "lettings": [
            {
                "space_id": letting.space_id,
                "space": letting.space,
                "area_m2": None if letting.area_m2 is None else f"{letting.area_m2:f}",
                **_days(letting.period),
                "unit": letting.unit,
                "steps": [
                    {**_days(step.period), "rate": f"{step.rate:f}"} for step in letting.steps
                ],
            }
            for letting in terms.lettings
        ],
    }


def _days(period: Period) -> dict[str, str | None]:
    return {
        "start": period.start.isoformat(),
        "end": period.end.isoformat() if period.end else None,
    }
