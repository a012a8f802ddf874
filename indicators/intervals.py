"""Arithmetic of many half-open periods at once, in whole numbers, pure.

Nothing here loops over days or rows: a period becomes +1 on its first day and -1 on its end, the
events are summed by day and accumulated. All arrays are int64, shape (rows,) or (days,).
"""

import datetime as dt
from typing import Final, Literal, NamedTuple

import numpy as np

from core.periods import add_months
from indicators.tables import DAY_BITS, Ints

_EPOCH: Final = dt.date(1970, 1, 1).toordinal()  # numpy counts its days from here
WINDOW_MONTHS: Final = 12
_KEY_BITS: Final = 63
SPARSE: Final = 4  # how many times larger than its use an id table may be


class Spans(NamedTuple):
    """Periods [start, end) of groups; a group is a number from 0 below 2**41."""

    group: Ints
    start: Ints
    end: Ints


def in_order(key: Ints) -> tuple[Ints, Ints]:
    """The key sorted, and the row that each comes from; of equal ones the first comes first."""
    if np.all(key[1:] >= key[:-1]):
        return key, np.arange(len(key))
    bits = len(key).bit_length()
    if max(-key.min(), key.max()) >> (_KEY_BITS - bits):
        row = np.argsort(key, kind="stable")
        return key[row], row
    # Numbers alone are sorted many times faster than an order is found: each takes its row along.
    packed = (key << bits) | np.arange(len(key))
    packed.sort()
    return packed >> bits, packed & ((1 << bits) - 1)


def distinct(values: Ints) -> Ints:
    """Each value once, ascending. `np.unique` asks a hash table, which takes many times as long."""
    found = np.sort(values)
    first = np.ones(len(found), np.bool_)
    first[1:] = found[1:] != found[:-1]
    return found[first]


def packed(group: Ints, day: Ints) -> Ints:
    """One number for both, by which they are sorted."""
    return (group << DAY_BITS) | day


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
    if max(ids.max(), wanted.max()) < SPARSE * (len(ids) + len(wanted)):
        # Ids are mostly consecutive: one table look-up is ten times faster than a search.
        last = max(int(ids.max()), int(wanted.max()))
        table = np.full(last + 2, -1)
        table[ids] = np.arange(len(ids))
        return table[np.maximum(wanted, -1)]
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
    begins = np.sort(packed(group, start))
    finishes = np.sort(packed(group, end))
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
    row, other = _pairs(spans, others)
    start, end = spans.start[row], spans.end[row]
    np.maximum(start, others.start[other], out=start)
    np.minimum(end, others.end[other], out=end)
    return row, other, start, end


def _pairs(spans: Spans, others: Spans) -> tuple[Ints, Ints]:
    """The rows that share days, each with its other row."""
    group, start, end = spans
    if not len(group) or not len(others.group):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    other_starts = packed(others.group, others.start)
    other_ends = packed(others.group, others.end)
    high = _ranks(other_starts, packed(group, end), side="left")
    # Never more: what ends by our start also begins before our end.
    count = high - _ranks(other_ends, packed(group, start), side="right")
    other = np.repeat(high - np.cumsum(count), count)
    other += np.arange(len(other))
    return np.repeat(np.arange(len(group)), count), other


def _ranks(values: Ints, keys: Ints, side: Literal["left", "right"]) -> Ints:
    """`np.searchsorted`, many times faster: keys are sought in their order, and where they are many
    the few values are sought among them."""
    if np.any(keys[1:] < keys[:-1]):
        ordered, row = in_order(keys)
        ranks = np.empty(len(keys), np.int64)
        ranks[row] = _ranks(values, ordered, side)
        return ranks
    if SPARSE * len(values) > len(keys):
        return np.searchsorted(values, keys, side=side)
    at = np.searchsorted(keys, values, side="left" if side == "right" else "right")
    ranks = np.bincount(at, minlength=len(keys) + 1)[:-1]
    return np.cumsum(ranks, out=ranks)


def overlaps(spans: Spans) -> bool:
    """Whether two periods of one group overlap; the rows are sorted by group and start."""
    group, start, end = spans
    return bool(np.any((group[1:] == group[:-1]) & (start[1:] < end[:-1])))


def flow(day: Ints, low: int, high: int, weight: Ints | None = None) -> Ints:
    """What falls on each day of [low, high): the number of events, or the sum of their weights."""
    daily = np.zeros(high - low + 1, np.int64)
    # Events outside the calendar fall into the spare last slot.
    slot = np.where((day >= low) & (day < high), day - low, high - low)
    np.add.at(daily, slot, 1 if weight is None else weight)
    return daily[:-1]


def stock(start: Ints, end: Ints, low: int, high: int, weight: Ints | None = None) -> Ints:
    """What is alive on each day of [low, high): the number of periods, or their weights' sum."""
    daily = np.zeros(high - low + 1, np.int64)
    # In whole numbers: bincount's weights would pass through floats.
    each = 1 if weight is None else weight
    np.add.at(daily, np.clip(start, low, high) - low, each)
    np.subtract.at(daily, np.clip(end, low, high) - low, each)
    return np.cumsum(daily)[:-1]


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
