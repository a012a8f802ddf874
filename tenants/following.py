"""When a company that left is asked, and which answer settles what. Pure."""

import datetime as dt
from collections.abc import Iterable
from typing import Final, Protocol, TypeVar

from core.periods import ONE_DAY, add_months
from tenants.choices import DeclaredStatus

MILESTONES: Final = (18, 24, 60)
"""Months after which staff should know what became of a company (issue 4)."""


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
