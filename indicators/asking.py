"""The questions that one can ask of the indicators, pure.

`figure` and `series` answer as of days, `period_figure` and `over_periods` over periods, `rows` and
`period_rows` tell what stands behind them, `movements` reconciles the companies at the two ends of
a period. A site is given by its id, the network by None; days are ordinals; `gap_days` is the
longest absence that is bridged in residencies, None: what the network says. Bridging looks ahead:
a return within the gap takes back the exit it follows. Each function raises ValueError for an
unknown site and KeyError for an unknown name.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from indicators.choices import Theme
from indicators.contributions import Rows
from indicators.figure import Figure, Indicator, Series
from indicators.formulas import INDICATORS
from indicators.intervals import WINDOW_MONTHS, months_after, running, trailing_window
from indicators.portfolio import Portfolio
from indicators.scope import Scope
from indicators.tables import OPEN, Ints


@dataclass(frozen=True)
class Movements:
    """Residencies over a period: `opening` + `entries` - `exits` = `closing`, always.

    `opening` is before the first day's entries, `closing` after the last day's departures: a
    company that leaves on the last day is an exit and no longer in the closing.
    """

    opening: int
    entries: int
    new: int
    returning: int
    exits: int
    closing: int
    gap_days: int


def figure(
    portfolio: Portfolio, name: str, site: int | None, day: int, *, gap_days: int | None = None
) -> Figure:
    """The indicator as of one day (for moves: over the twelve months up to it)."""
    return series(portfolio, name, site, [day], gap_days=gap_days).figures()[0]


def series(
    portfolio: Portfolio,
    name: str,
    site: int | None,
    days: Iterable[int],
    *,
    gap_days: int | None = None,
) -> Series:
    """The indicator as of each of the days, in their order."""
    indicator = INDICATORS[name]
    asked = np.array(list(days), dtype=np.int64)
    if indicator.is_windowed:
        windows = np.column_stack((months_after(asked + 1, -WINDOW_MONTHS), asked + 1))
        return _over_windows(portfolio, indicator, site, windows, gap_days)
    if indicator.daily is None:
        windows = np.column_stack((asked, asked + 1))
        return replace(
            _row_by_row(portfolio, indicator, site, windows, gap_days), starts=None, ends=None
        )
    scope = _scope(portfolio, site, asked, asked + 1, gap_days)
    sums = indicator.daily(scope)
    at = asked - scope.low
    return Series(
        numerator=sums.numerator[at],
        denominator=None if sums.denominator is None else sums.denominator[at],
        scale=np.ones(len(asked), np.int64),
        rated=np.ones(len(asked), np.bool_),
        is_average=False,
        beside={code: column[at] for code, column in sums.beside.items()},
        starts=None,
        ends=None,
        value_scale=indicator.value_scale,
    )


def rows(
    portfolio: Portfolio, name: str, site: int | None, day: int, *, gap_days: int | None = None
) -> Rows:
    """What stands behind `figure` with the same arguments."""
    indicator = INDICATORS[name]
    return indicator.rows(scope_of_day(portfolio, indicator, site, day, gap_days))


def scope_of_day(
    portfolio: Portfolio,
    indicator: Indicator,
    site: int | None,
    day: int,
    gap_days: int | None = None,
) -> Scope:
    """What the indicator as of one day is asked of."""
    start, end = trailing_window(day) if indicator.is_windowed else (day, day + 1)
    return _one_scope(portfolio, site, start, end, gap_days)


def period_rows(
    portfolio: Portfolio,
    name: str,
    site: int | None,
    start: int,
    end: int,
    *,
    gap_days: int | None = None,
) -> Rows:
    """What stands behind `period_figure` for what happens in a period (entries, turnover).

    Raises ValueError for a state of a day: ask `rows` day by day.
    """
    if not INDICATORS[name].is_windowed:
        raise ValueError(f"{name} is a state of a day")
    return INDICATORS[name].rows(_one_scope(portfolio, site, start, end, gap_days))


def over_periods(
    portfolio: Portfolio,
    name: str,
    site: int | None,
    periods: Sequence[tuple[int, int]],
    *,
    gap_days: int | None = None,
) -> Series:
    """The indicator over each of the periods [start, end): moves counted, occupancies as sums of
    days over sums of days. Raises ValueError for an empty period and for what is a state of a day,
    whose days add up to nothing."""
    indicator = INDICATORS[name]
    if not indicator.is_summable:
        raise ValueError(f"{name} is a state of a day, not of a period")
    if any(start >= end for start, end in periods):
        raise ValueError("an empty period")
    windows = np.array(periods, dtype=np.int64).reshape(-1, 2)
    return _over_windows(portfolio, indicator, site, windows, gap_days)


def period_figure(
    portfolio: Portfolio,
    name: str,
    site: int | None,
    start: int,
    end: int,
    *,
    gap_days: int | None = None,
) -> Figure:
    """One figure of `over_periods`."""
    return over_periods(portfolio, name, site, [(start, end)], gap_days=gap_days).figures()[0]


def movements(
    portfolio: Portfolio, site: int | None, start: int, end: int, *, gap_days: int | None = None
) -> Movements:
    """The companies at both ends of [start, end) and what happened between."""
    came = period_figure(portfolio, "entries", site, start, end, gap_days=gap_days)
    left = period_figure(portfolio, "exits", site, start, end, gap_days=gap_days)
    ends = np.array([start, end])
    scope = _scope(portfolio, site, ends, ends, gap_days)
    inside = scope.residencies(bridged=True)
    opening, closing = (
        int(np.count_nonzero((inside.start < day) & (inside.end > day))) for day in (start, end)
    )
    return Movements(
        opening=opening,
        entries=came.numerator,
        new=came.beside["new"],
        returning=came.beside["returning"],
        exits=left.numerator,
        closing=closing,
        gap_days=scope.gap_days,
    )


def _scope(
    portfolio: Portfolio, site: int | None, starts: Ints, ends: Ints, gap_days: int | None
) -> Scope:
    """The scope over a calendar that holds all the periods."""
    low, high = int(starts.min(initial=OPEN)), int(ends.max(initial=0))
    position = None if site is None else portfolio.position(site)
    return Scope(portfolio, position, low, max(low, high), _bridged(portfolio, gap_days))


def _one_scope(
    portfolio: Portfolio, site: int | None, start: int, end: int, gap_days: int | None
) -> Scope:
    position = None if site is None else portfolio.position(site)
    return Scope(portfolio, position, start, end, _bridged(portfolio, gap_days))


def _bridged(portfolio: Portfolio, gap_days: int | None) -> int:
    if gap_days is None:
        return portfolio.gap_days
    if gap_days < 0:
        raise ValueError("gap_days is negative")
    return gap_days


def _over_windows(
    portfolio: Portfolio,
    indicator: Indicator,
    site: int | None,
    windows: Ints,
    gap_days: int | None,
) -> Series:
    """The daily sums added up over each period [start, end), a row of `windows`."""
    if indicator.daily is None:
        return _row_by_row(portfolio, indicator, site, windows, gap_days)
    starts, ends = windows.T
    scope = _scope(portfolio, site, starts, ends, gap_days)
    sums = indicator.daily(scope)

    def total(column: Ints) -> Ints:
        before = running(column)
        added: Ints = before[ends - scope.low] - before[starts - scope.low]
        return added

    beside = {code: total(column) for code, column in sums.beside.items()}
    days = ends - starts
    is_average = indicator.is_average_based
    if indicator.theme is Theme.MOVES:
        beside["gap_days"] = np.full(len(days), scope.gap_days)
    if is_average:
        beside["days"] = days
    # A site that was not open for the whole window has moves, and no rate.
    unrated = is_average & (starts < portfolio.rateable_from(scope.site))
    return Series(
        numerator=total(sums.numerator),
        denominator=None if sums.denominator is None else total(sums.denominator),
        scale=days if is_average else np.ones(len(days), np.int64),
        rated=~unrated,
        is_average=is_average,
        beside=beside,
        starts=starts,
        ends=ends,
        value_scale=indicator.value_scale,
    )


def _row_by_row(
    portfolio: Portfolio,
    indicator: Indicator,
    site: int | None,
    windows: Ints,
    gap_days: int | None,
) -> Series:
    """Each period's rows added up, for what has no sums by day."""
    totals: list[tuple[int, int]] = []
    beside: list[Mapping[str, int]] = []
    for start, end in windows.tolist():
        scope = _one_scope(portfolio, site, start, end, gap_days)
        found = indicator.rows(scope)
        totals.append((int(found.numerator.sum()), int(found.denominator.sum())))
        beside.append(indicator.beside(scope, found) if indicator.beside else {})
    above, below = np.array(totals, dtype=np.int64).reshape(-1, 2).T
    codes = beside[0] if beside else ()
    return Series(
        numerator=above,
        denominator=None if indicator.denominator is None else below,
        scale=np.ones(len(windows), np.int64),
        rated=np.ones(len(windows), np.bool_),
        is_average=False,
        beside={code: np.array([one[code] for one in beside], np.int64) for code in codes},
        starts=windows[:, 0],
        ends=windows[:, 1],
        value_scale=indicator.value_scale,
    )
