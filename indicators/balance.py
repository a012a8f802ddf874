"""Hosted companies month by month and year by year: opening + entries - exits = closing, pure."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

import numpy as np

from core.periods import add_months, first_of_month
from indicators.lines import Lines
from indicators.scope import Scope
from indicators.tables import Ints

MONTHS: Final = 24
MEASURES: Final = ("opening", "new", "returning", "exits", "closing")


def by_month(scope: Scope) -> Lines:
    """The two years of months up to the day's, which ends with the day."""
    this_month = first_of_month(dt.date.fromordinal(scope.low))
    months = [add_months(this_month, -back).toordinal() for back in reversed(range(MONTHS))]
    return Lines(months, _movements(scope, months))


def by_year(scope: Scope) -> Lines:
    """The calendar years since somebody first came; the last ends with the day."""
    starts = scope.residencies(bridged=True).start
    came = starts[starts <= scope.low]
    last = dt.date.fromordinal(scope.low).year
    first = dt.date.fromordinal(int(came.min())).year if len(came) else last + 1
    years = range(first, last + 1)
    return Lines(years, _movements(scope, [dt.date(year, 1, 1).toordinal() for year in years]))


def _movements(scope: Scope, starts: Sequence[int]) -> dict[str, Ints]:
    """Over periods that touch: they begin on `starts`, the last one ends with the day."""
    inside = scope.residencies(bridged=True)
    bounds = np.array([*starts, scope.high], dtype=np.int64)
    came = _before(inside.start, bounds)
    new = _before(inside.start[inside.is_first], bounds)
    # Whoever leaves on the last day of a period is no longer in its closing.
    left = _before(inside.end - 1, bounds)
    there = came - left
    return {
        "opening": there[:-1],
        "new": np.diff(new),
        "returning": np.diff(came - new),
        "exits": np.diff(left),
        "closing": there[1:],
    }


def _before(days: Ints, bounds: Ints) -> Ints:
    """How many of the days lie before each bound."""
    found: Ints = np.searchsorted(np.sort(days), bounds)
    return found
