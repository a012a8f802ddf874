"""Months and parts of months. Pure.

One rule for every amount: each calendar month counts by itself, by its own days. Half of February
is 14/28; 31 January to 28 February is 1/31 of one month and all of the next.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from core.periods import Period, add_months, first_of_month


@dataclass(frozen=True, slots=True)
class MonthPart:
    """`days` of the `of` days of the month that begins on `month`."""

    month: dt.date
    days: int
    of: int

    @property
    def share(self) -> Fraction:
        return Fraction(self.days, self.of)


@lru_cache(maxsize=4096)
def month_parts(period: Period) -> tuple[MonthPart, ...]:
    """The months that a bounded period touches, each with its share of days.

    Raises ValueError for an open-ended period.
    """
    return tuple(
        MonthPart(part.start.replace(day=1), _days(part), _days(month))
        for part, month in _cut(period, 1)
    )


@lru_cache(maxsize=4096)
def months_in(period: Period) -> Fraction:
    """How many months a bounded period is worth."""
    return sum((part.share for part in month_parts(period)), Fraction(0))


def by_terms(period: Period, months: int) -> Iterator[Period]:
    """The period cut at the calendar's months, quarters or years (`months`: 1, 3 or 12)."""
    return (part for part, _whole in _cut(period, months))


@lru_cache(maxsize=4096)
def term_of(day: dt.date, months: int) -> Period:
    """The calendar's month, quarter or year (`months`: 1, 3 or 12) in which the day lies."""
    month = first_of_month(day)
    start = month.replace(month=(month.month - 1) // months * months + 1)
    return Period(start, add_months(start, months))


def _cut(period: Period, months: int) -> Iterator[tuple[Period, Period]]:
    """Each part of the period with the whole calendar term that it lies in."""
    if period.end is None:
        raise ValueError("an open-ended period has no number of months")
    whole = term_of(period.start, months)
    while part := whole.intersection(period):
        yield part, whole
        assert whole.end is not None
        whole = term_of(whole.end, months)


def _days(period: Period) -> int:
    assert period.days is not None
    return period.days
