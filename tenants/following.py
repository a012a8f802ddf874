"""When a company that left is asked, and which answer settles what. Pure."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

from core.periods import ONE_DAY, add_months
from tenants.choices import DeclaredStatus

MILESTONES: Final = (18, 24, 60)
"""Months after which staff should know what became of a company (issue 4)."""

ASKED_YEARS: Final = 5
"""The yearly letter leaves after each of so many years."""


@dataclass(frozen=True, slots=True)
class Departure:
    """That a company's last lease in the network is over."""

    site_id: int
    left_on: dt.date
    """Its last day there."""


class Told(Protocol):
    """A declaration, as far as it matters here."""

    @property
    def on(self) -> dt.date: ...
    @property
    def status(self) -> str: ...


_Told = TypeVar("_Told", bound=Told)


def due_on(left_on: dt.date, months: int) -> dt.date:
    """The day `months` after the first day away, clipped to its month's end."""
    return add_months(left_on + ONE_DAY, months)


def tells(declaration: Told, due: dt.date) -> bool:
    """Whether it settles a milestone: it knows how the company was on that day or later, or that
    there is none any more."""
    status = DeclaredStatus(declaration.status)
    return status.ends or (status != DeclaredStatus.UNKNOWN and declaration.on >= due)


def first_that_tells(declarations: Iterable[_Told], due: dt.date) -> _Told | None:
    """The earliest day's that settles a milestone; they come in the order they were entered."""
    told = [each for each in declarations if tells(each, due)]
    return min(told, key=lambda each: each.on, default=None)


def years_away(left_on: dt.date, day: dt.date) -> int:
    """Whole years since the first day away; 0 in the first."""
    years = max(day.year - left_on.year - 1, 0)
    while due_on(left_on, 12 * (years + 1)) <= day:
        years += 1
    return years


def asks(
    left_on: dt.date, day: dt.date, *, asked_on: dt.date | None, declared_on: dt.date | None
) -> bool:
    """Whether the yearly letter leaves: once in each year after the first to the last, unless the
    company was asked, or something was declared, since that year began. Years in which nobody
    wrote are not made up for."""
    years = years_away(left_on, day)
    if not 1 <= years <= ASKED_YEARS:
        return False
    began = due_on(left_on, 12 * years)
    return all(known is None or known < began for known in (asked_on, declared_on))
