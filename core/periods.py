"""Days and periods of days, pure.

A business day is a `date` in Africa/Casablanca. In code and in the database a period is
half-open, [start, end); what people read and write gives the last day included instead.
"""

import calendar
import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from django.utils import timezone

CASABLANCA: Final = ZoneInfo("Africa/Casablanca")
ONE_DAY: Final = dt.timedelta(days=1)


def today() -> dt.date:
    """The business day it is now in Morocco, whatever the server's or the database's zone."""
    return timezone.now().astimezone(CASABLANCA).date()


def end_of(day: dt.date) -> dt.datetime:
    """The moment at which the day is over in Morocco."""
    return dt.datetime.combine(day + ONE_DAY, dt.time(), CASABLANCA)


def last_day_before(moment: dt.datetime) -> dt.date:
    """The last day that is not over before `moment`: the day that `end_of` was given."""
    return (moment.astimezone(CASABLANCA) - dt.timedelta.resolution).date()


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day `months` later (or earlier), clipped to that month's last day.

    Always add to the original start: 31 January + 1 is 28 February, but + 2 is 31 March.
    Raises OverflowError outside the years 1 to 9999.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        raise OverflowError(f"{months} months from {day} is out of range")
    if day.day <= 28:
        return dt.date(year, month + 1, day.day)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))


def first_of_month(day: dt.date) -> dt.date:
    return day.replace(day=1)


def month_ends(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """The last day of each month from `first`'s to `last`'s, the final one cut at `last`."""
    month = first_of_month(first)
    while month <= last:
        following = add_months(month, 1)
        yield min(following - ONE_DAY, last)
        month = following


@dataclass(frozen=True, slots=True, order=False)
class Period:
    """The days from `start` up to, not including, `end`; `end=None` is open-ended.

    Never empty: raises ValueError when `end` is not after `start`.
    """

    start: dt.date
    end: dt.date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end <= self.start:
            raise ValueError(f"an empty period: {self.start} to {self.end}")

    @classmethod
    def through(cls, first: dt.date, last: dt.date | None) -> "Period":
        """From the first to the last day, both included, as people write it."""
        return cls(first, None if last is None else last + ONE_DAY)

    @property
    def last_day(self) -> dt.date | None:
        """The last day included; None when open-ended."""
        return None if self.end is None else self.end - ONE_DAY

    @property
    def days(self) -> int | None:
        return None if self.end is None else (self.end - self.start).days

    def __contains__(self, day: dt.date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)

    def covers(self, other: "Period") -> bool:
        """Whether every day of `other` is one of ours."""
        if other.start < self.start:
            return False
        return self.end is None or (other.end is not None and other.end <= self.end)

    def overlaps(self, other: "Period") -> bool:
        return (other.end is None or self.start < other.end) and (
            self.end is None or other.start < self.end
        )

    def intersection(self, other: "Period") -> "Period | None":
        """The days that are in both, or None."""
        if not self.overlaps(other):
            return None
        if other.covers(self):  # as most do: no new one is made
            return self
        if self.covers(other):
            return other
        ends = [end for end in (self.end, other.end) if end is not None]
        return Period(max(self.start, other.start), min(ends) if ends else None)

    def without(self, others: "Iterable[Period]") -> "list[Period]":
        """The days that are in none of the others, in their order."""
        left, start = [], self.start
        for other in sorted(others, key=lambda period: period.start):
            if not self.overlaps(other):
                continue
            if start < other.start:
                left.append(Period(start, other.start))
            if other.end is None:
                return left
            start = max(start, other.end)
        if self.end is None or start < self.end:
            left.append(Period(start, self.end))
        return left

    def is_past(self, day: dt.date) -> bool:
        return self.end is not None and self.end <= day

    def __str__(self) -> str:
        return f"{self.start.isoformat()} – {self.last_day.isoformat() if self.last_day else '…'}"
