"""Which days' figures are kept, and which of them news make stale, pure."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from core.periods import ONE_DAY, Period, add_months, month_ends
from indicators.choices import Reach, Subject
from indicators.figure import Indicator
from indicators.intervals import WINDOW_MONTHS

EVERY_DAY: Final = 400
"""So many of the latest days are kept one by one: a year to look back to, and its month."""
EARLIEST: Final = dt.date(1990, 1, 1)
"""Of no earlier day is anything kept: a lease's year may be mistyped."""
_AHEAD: Final = 120
"""Months that anybody may look ahead."""
_SECOND: Final = dt.date.min + ONE_DAY


@dataclass(frozen=True, slots=True)
class News:
    """What was told from below: of what, at which site (its id; None: any), on which days."""

    subject: Subject
    site: int | None
    days: Period


def is_near(day: dt.date, today: dt.date) -> bool:
    """Whether it can be asked for: a year may be mistyped."""
    return EARLIEST <= day <= add_months(today, _AHEAD)


def kept_days(first: dt.date, last: dt.date) -> list[dt.date]:
    """The end of each month from `first` on, and every one of the latest days through `last`."""
    first = max(first, EARLIEST)
    daily = [last - ONE_DAY * back for back in reversed(range(EVERY_DAY))]
    return [day for day in month_ends(first, last) if day < daily[0]] + daily


def stale(indicator: Indicator, site: int | None, news: Iterable[News]) -> Iterator[Period]:
    """The days whose figures of the site (by id; None: the network) the news may have changed."""
    for one in news:
        elsewhere = None not in (site, one.site) and site != one.site
        concerns = one.subject in {Subject.EVERYTHING, *indicator.reads}
        if concerns and not (elsewhere and indicator.local):
            yield reached(indicator.reach, one.days)


def widened(days: Period, by: int) -> Period:
    """The days with so many before and after them."""
    start = dt.date.fromordinal(max(days.start.toordinal() - by, 1))
    far = days.end is None or days.end.toordinal() + by > dt.date.max.toordinal()
    return Period(start, None if far or days.end is None else days.end + by * ONE_DAY)


def reached(reach: Reach, days: Period) -> Period:
    """The days whose figures a change on these days changes.

    From the day before: who comes on the first has not left on the last. Twelve months of windows
    follow the day after: who is still there on the last does not enter then.
    """
    if reach is Reach.ANY:
        return Period(dt.date.min)
    start, end = max(days.start, _SECOND) - ONE_DAY, days.end
    if reach is Reach.DAY:
        return Period(start, end)
    if reach is Reach.EVER or end is None or end.year + 2 > dt.MAXYEAR:
        return Period(start)
    return Period(start, add_months(end, WINDOW_MONTHS) + ONE_DAY)
