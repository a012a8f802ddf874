"""The demo's past: files are brought to where they stand on the days on which it would have been.

The services write the moment at which they are called, from Django's clock. While the demo is
loaded, by one command that does nothing else, that clock is set back for each act; so all that
follows from it (targets, lateness, ages, deadlines) is the services' own work. What the database
itself stamps, the history's rows, bears the day of the loading.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.utils import timezone

from core.periods import CASABLANCA, ONE_DAY

_OPENS = dt.time(9)
_WORKING = dt.timedelta(hours=8)
_SATURDAY = 5


@contextmanager
def at(moment: dt.datetime) -> Iterator[None]:
    """Whatever is done inside is done at that moment."""
    real = timezone.now
    timezone.now = lambda: moment
    try:
        yield
    finally:
        timezone.now = real


def moment(day: dt.date, number: int) -> dt.datetime:
    """A moment of the working day, another one for each number; never one that is to come, and of
    a weekend the Friday before."""
    while day.weekday() >= _SATURDAY:
        day -= ONE_DAY
    within = _WORKING * (number * 47 % 480) / 480
    return min(dt.datetime.combine(day, _OPENS, CASABLANCA) + within, timezone.now())


def way(until: dt.date, gaps: Sequence[int], number: int) -> list[dt.datetime]:
    """The moments of a file's steps: the first, then one more after each gap in days, the last of
    them on the day `until`."""
    days = [until - dt.timedelta(days=sum(gaps[position:])) for position in range(len(gaps) + 1)]
    return [moment(day, number) for day in days]
