"""The registry of indicators and the four questions one can ask of them, pure.

`figure` and `series` answer as of days, `period_figure` over a period, `movements` reconciles
the companies at its two ends. All of them read the same daily sums (daily.py). A site is given
by its id, the network by None; days are ordinals; `gap_days` is the longest absence that is
bridged in residencies. Bridging looks ahead: a return within the gap takes back the exit it
follows. Each function raises ValueError for an unknown site and KeyError for an unknown name.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Final

import numpy as np

from core.periods import add_months
from indicators import daily
from indicators.choices import MILESTONES
from indicators.daily import Daily, Scope
from indicators.figure import Figure, Indicator, Series
from indicators.intervals import running
from indicators.portfolio import Portfolio
from indicators.success import success
from indicators.tables import OPEN, Ints

WINDOW_MONTHS: Final = 12

INDICATORS: Final[Mapping[str, Indicator]] = MappingProxyType(
    {
        indicator.name: indicator
        for indicator in (
            Indicator(
                name="hosted",
                unit="companies",
                grain="day",
                version=1,
                numerator="hosted_companies",
                denominator=None,
                daily=daily.hosted,
            ),
            Indicator(
                name="ever_hosted",
                unit="companies",
                grain="day",
                version=1,
                numerator="companies_ever_hosted",
                denominator=None,
                daily=daily.ever_hosted,
            ),
            Indicator(
                name="occupancy_area",
                unit="ratio",
                grain="day",
                version=1,
                numerator="let_centi_m2",
                denominator="centi_m2_in_service",
                daily=daily.occupancy_area,
            ),
            Indicator(
                name="occupancy_unit",
                unit="ratio",
                grain="day",
                version=1,
                numerator="let_units",
                denominator="units_in_service",
                daily=daily.occupancy_unit,
            ),
            Indicator(
                name="occupancy_company",
                unit="ratio",
                grain="day",
                version=1,
                numerator="presences_at_open_sites",
                denominator="capacity_of_open_sites",
                daily=daily.occupancy_company,
            ),
            Indicator(
                name="entries",
                unit="residencies",
                grain="twelve_months",
                version=1,
                numerator="residencies_started",
                denominator=None,
                daily=daily.entries,
            ),
            Indicator(
                name="exits",
                unit="residencies",
                grain="twelve_months",
                version=1,
                numerator="residencies_ended",
                denominator=None,
                daily=daily.exits,
            ),
            Indicator(
                name="turnover",
                unit="ratio",
                grain="twelve_months",
                version=1,
                numerator="residencies_started",
                denominator="average_hosted",
                daily=daily.turnover,
            ),
            Indicator(
                name="departure_rate",
                unit="ratio",
                grain="twelve_months",
                version=1,
                numerator="residencies_ended",
                denominator="average_hosted",
                daily=daily.departure_rate,
            ),
            *(
                Indicator(
                    name=milestone.name,
                    unit="ratio",
                    grain="day",
                    version=1,
                    numerator="successful_companies",
                    denominator="companies_with_known_outcome",
                    daily=partial(success, milestone=milestone),
                )
                for milestone in MILESTONES
            ),
        )
    }
)


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


def trailing_window(day: int) -> tuple[int, int]:
    """The twelve months up to and including the day, half-open.

    Counted back from the day after: at the end of a month they are twelve whole months, also
    where February has 28 days one year and 29 the other.
    """
    end = dt.date.fromordinal(day + 1)
    return add_months(end, -WINDOW_MONTHS).toordinal(), day + 1


def figure(
    portfolio: Portfolio, name: str, site: int | None, day: int, *, gap_days: int = 0
) -> Figure:
    """The indicator as of one day (for moves: over the twelve months up to it)."""
    return series(portfolio, name, site, [day], gap_days=gap_days).figures()[0]


def series(
    portfolio: Portfolio,
    name: str,
    site: int | None,
    days: Iterable[int],
    *,
    gap_days: int = 0,
) -> Series:
    """The indicator as of each of the days, in their order."""
    indicator = INDICATORS[name]
    asked = np.array(list(days), dtype=np.int64)
    if indicator.is_windowed:
        pairs = [trailing_window(day) for day in asked.tolist()]
        windows = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        return _over_windows(portfolio, indicator, site, windows, gap_days)
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
    )


def period_figure(
    portfolio: Portfolio, name: str, site: int | None, start: int, end: int, *, gap_days: int = 0
) -> Figure:
    """The indicator over the days [start, end): moves counted, occupancies as sums of days over
    sums of days. Raises ValueError for an empty period and for `hosted` and `ever_hosted`,
    whose days add up to nothing."""
    indicator = INDICATORS[name]
    if indicator.denominator is None and not indicator.is_windowed:
        raise ValueError(f"{name} is a state of a day, not of a period")
    if start >= end:
        raise ValueError("an empty period")
    windows = np.array([[start, end]])
    return _over_windows(portfolio, indicator, site, windows, gap_days).figures()[0]


def movements(
    portfolio: Portfolio, site: int | None, start: int, end: int, *, gap_days: int = 0
) -> Movements:
    """The companies at both ends of [start, end) and what happened between."""
    came = period_figure(portfolio, "entries", site, start, end, gap_days=gap_days)
    left = period_figure(portfolio, "exits", site, start, end, gap_days=gap_days)
    ends = np.array([start, end])
    inside = _scope(portfolio, site, ends, ends, gap_days).residencies(bridged=True)
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
        gap_days=gap_days,
    )


def _scope(
    portfolio: Portfolio, site: int | None, starts: Ints, ends: Ints, gap_days: int
) -> Scope:
    """The scope over a calendar that holds all the periods."""
    if gap_days < 0:
        raise ValueError("gap_days is negative")
    low, high = int(starts.min(initial=OPEN)), int(ends.max(initial=0))
    position = None if site is None else portfolio.position(site)
    return Scope(portfolio, position, low, max(low, high), gap_days)


def _over_windows(
    portfolio: Portfolio,
    indicator: Indicator,
    site: int | None,
    windows: Ints,
    gap_days: int,
) -> Series:
    """The daily sums added up over each period [start, end), a row of `windows`."""
    starts, ends = windows.T
    scope = _scope(portfolio, site, starts, ends, gap_days)
    sums: Daily = indicator.daily(scope)

    def total(column: Ints) -> Ints:
        before = running(column)
        added: Ints = before[ends - scope.low] - before[starts - scope.low]
        return added

    beside = {code: total(column) for code, column in sums.beside.items()}
    days = ends - starts
    is_average = indicator.is_average_based
    if indicator.is_windowed:
        beside["gap_days"] = np.full(len(days), gap_days)
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
    )
