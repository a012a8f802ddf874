"""Arithmetic of many half-open periods at once, in whole numbers, pure.

Nothing here loops over days or rows: a period becomes +1 on its first day and -1 on its end, the
events are summed by day and accumulated. All arrays are int64, shape (rows,) or (days,).
"""

import datetime as dt
from typing import Final, NamedTuple

import numpy as np

from core.periods import add_months
from indicators.tables import DAY_BITS, Ints

_EPOCH: Final = dt.date(1970, 1, 1).toordinal()  # numpy counts its days from here
WINDOW_MONTHS: Final = 12
SPARSE: Final = 4  # how many times larger than its use an id table may be


class Spans(NamedTuple):
    """Periods [start, end) of groups; a group is a number from 0 below 2**41."""

    group: Ints
    start: Ints
    end: Ints


def sorted_rows(key: Ints) -> Ints | slice:
    """The order that sorts `key`; a slice (no copy) when it is sorted already."""
    if np.all(key[1:] >= key[:-1]):
        return slice(None)
    return np.argsort(key, kind="stable")


def places(ids: Ints, wanted: Ints, what: str) -> Ints:
    """Where each wanted id stands in `ids`, which are distinct and not negative.

    Raises ValueError for an id that is not there.
    """
    found = found_in(ids, wanted)
    if np.any(found < 0):
        raise ValueError(f"a row names an unknown {what}")
    return found


def found_in(ids: Ints, wanted: Ints) -> Ints:
    """The same; -1 for an id that is not there."""
    if not len(ids) or not len(wanted):
        return np.full(len(wanted), -1)
    if ids.max() < SPARSE * (len(ids) + len(wanted)):
        # Ids are mostly consecutive: one table look-up is ten times faster than a search.
        table = np.full(int(ids.max()) + 2, -1)
        table[ids] = np.arange(len(ids))
        return table[np.where((wanted < 0) | (wanted > ids.max()), -1, wanted)]
    order = np.argsort(ids)
    found = order[np.minimum(np.searchsorted(ids[order], wanted), len(ids) - 1)]
    return np.where(ids[found] == wanted, found, -1)


def union(spans: Spans, gap_days: int = 0) -> Spans:
    """Each group's periods melted together, sorted by group and start.

    Overlapping and touching periods become one, and so do periods with at most `gap_days` free
    days between them.
    """
    group, start, end = spans
    if not len(group):
        return spans
    # Starts and ends may be sorted apart: a union begins where all that began before has ended,
    # that is where the i-th smallest end lies before the i-th next start. A later group's keys
    # are all greater, so one sort serves all the groups.
    begins = np.sort((group << DAY_BITS) | start, kind="stable")
    finishes = np.sort((group << DAY_BITS) | end, kind="stable")
    fresh = np.ones(len(begins), np.bool_)
    np.greater(begins[1:], finishes[:-1] + gap_days, out=fresh[1:])
    if gap_days:
        # However long the gap, the bridge never reaches over into the next group.
        fresh[1:] |= (begins[1:] >> DAY_BITS) != (finishes[:-1] >> DAY_BITS)
    first = np.flatnonzero(fresh)
    last = np.append(first[1:], len(begins)) - 1
    day = (1 << DAY_BITS) - 1
    return Spans(begins[first] >> DAY_BITS, begins[first] & day, finishes[last] & day)


def intersect(spans: Spans, others: Spans) -> tuple[Ints, Ints, Ints, Ints]:
    """What every period shares with the other periods of its group.

    The others are sorted by group and start and do not overlap in a group. Returns (row,
    other row, start, end), one line a non-empty intersection, in the order of the rows.
    """
    group, start, end = spans
    other_starts = (others.group << DAY_BITS) | others.start
    other_ends = (others.group << DAY_BITS) | others.end
    low = np.searchsorted(other_ends, (group << DAY_BITS) | start, side="right")
    high = np.searchsorted(other_starts, (group << DAY_BITS) | end, side="left")
    count = high - low  # never negative: what ends by our start also begins before our end
    row = np.repeat(np.arange(len(group)), count)
    offset = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    other = np.repeat(low, count) + offset
    starts = np.maximum(start[row], others.start[other])
    return row, other, starts, np.minimum(end[row], others.end[other])


def overlaps(spans: Spans) -> bool:
    """Whether two periods of one group overlap; the rows are sorted by group and start."""
    group, start, end = spans
    return bool(np.any((group[1:] == group[:-1]) & (start[1:] < end[:-1])))


def flow(day: Ints, low: int, high: int, weight: Ints | None = None) -> Ints:
    """What falls on each day of [low, high): the number of events, or the sum of their weights."""
    daily = np.zeros(high - low + 1, np.int64)
    # Events outside the calendar fall into the spare last slot.
    slot = np.where((day >= low) & (day < high), day - low, high - low)
    _add(daily, slot, weight)
    return daily[:-1]


def stock(start: Ints, end: Ints, low: int, high: int, weight: Ints | None = None) -> Ints:
    """What is alive on each day of [low, high): the number of periods, or their weights' sum."""
    daily = np.zeros(high - low + 1, np.int64)
    _add(daily, np.clip(start, low, high) - low, weight)
    gone = np.zeros(high - low + 1, np.int64)
    _add(gone, np.clip(end, low, high) - low, weight)
    return np.cumsum(daily - gone)[:-1]


def _add(daily: Ints, slot: Ints, weight: Ints | None) -> None:
    """Adds to the slots in whole numbers; bincount's own weights would pass through floats."""
    if weight is None:
        daily += np.bincount(slot, minlength=len(daily))
    else:
        np.add.at(daily, slot, weight)


def running(daily: Ints) -> Ints:
    """Sums of all the days before each, one longer than `daily`: a window is one difference."""
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(daily)))


def months_after(day: Ints, months: int | Ints) -> Ints:
    """The same day of the month so many months later, clipped to that month's last day, as
    `core.periods.add_months` has it."""
    date = (day - _EPOCH).astype("datetime64[D]")
    month = date.astype("datetime64[M]")
    later = month + np.asarray(months).astype("timedelta64[M]")
    first = later.astype("datetime64[D]")
    last = (later + 1).astype("datetime64[D]") - np.timedelta64(1, "D")
    found = np.minimum(first + (date - month.astype("datetime64[D]")), last)
    ordinal: Ints = found.astype(np.int64) + _EPOCH
    return ordinal


def months_between(start: Ints, end: Ints | int) -> Ints:
    """The whole months from `start` that are over by `end` (excluded), which is not before it."""
    found = _month(end) - _month(start)
    short: Ints = found - (months_after(start, found) > end)
    return short


def years_of(day: Ints) -> Ints:
    """The calendar year of each day."""
    year: Ints = _month(day) // 12 + 1970
    return year


def _month(day: Ints | int) -> Ints:
    date = (np.asarray(day) - _EPOCH).astype("datetime64[D]")
    month: Ints = date.astype("datetime64[M]").astype(np.int64)
    return month


def trailing_window(day: int) -> tuple[int, int]:
    """The twelve months up to and including the day, half-open.

    Counted back from the day after: at the end of a month they are twelve whole months, also
    where February has 28 days one year and 29 the other.
    """
    end = dt.date.fromordinal(day + 1)
    return add_months(end, -WINDOW_MONTHS).toordinal(), day + 1
