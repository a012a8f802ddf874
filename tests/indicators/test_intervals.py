"""Arithmetic of periods, on examples small enough to read."""

import datetime as dt

import numpy as np
import pytest

from core.periods import add_months
from indicators.intervals import (
    Spans,
    flow,
    in_order,
    intersect,
    months_after,
    overlaps,
    running,
    stock,
    union,
)
from indicators.tables import OPEN, Ints


def spans(*rows: tuple[int, int, int]) -> Spans:
    return Spans(*(np.array([row[i] for row in rows], dtype=np.int64) for i in range(3)))


def rows(*columns: Ints) -> list[tuple[int, ...]]:
    return list(zip(*(column.tolist() for column in columns), strict=True))


@pytest.mark.parametrize(
    ("gap_days", "expected"),
    [
        (0, [(1, 5, 12), (1, 14, 16), (1, 18, OPEN), (2, 3, 4)]),
        (1, [(1, 5, 12), (1, 14, 16), (1, 18, OPEN), (2, 3, 4)]),
        (2, [(1, 5, OPEN), (2, 3, 4)]),
        (10**7, [(1, 5, OPEN), (2, 3, 4)]),
    ],
)
def test_union_joins_touching_and_bridges_gaps(
    gap_days: int, expected: list[tuple[int, ...]]
) -> None:
    given = spans((2, 3, 4), (1, 8, 12), (1, 5, 8), (1, 6, 7), (1, 14, 16), (1, 18, OPEN))
    assert rows(*union(given, gap_days)) == expected


def test_union_of_nothing() -> None:
    assert rows(*union(spans())) == []


def test_intersect_finds_every_shared_part() -> None:
    given = spans((1, 5, 20), (1, 8, 9), (2, 1, 100), (3, 1, 2), (1, 10, 12))
    others = spans((1, 1, 8), (1, 9, 10), (1, 12, 30), (2, 50, 60))
    assert rows(*intersect(given, others)) == [
        (0, 0, 5, 8),
        (0, 1, 9, 10),
        (0, 2, 12, 20),
        (2, 3, 50, 60),
    ]


def test_overlaps_only_within_a_group() -> None:
    assert not overlaps(spans((1, 5, 8), (1, 8, 9), (2, 5, 8)))
    assert overlaps(spans((1, 5, 9), (1, 8, 9)))


def test_stock_and_flow_of_a_short_calendar() -> None:
    start, end = np.array([1, 10, 11, 13, 20]), np.array([11, 13, OPEN, 14, 30])
    weight = np.array([1, 10, 100, 1000, 10_000])
    assert stock(start, end, 10, 14).tolist() == [2, 2, 2, 2]
    assert stock(start, end, 10, 14, weight).tolist() == [11, 110, 110, 1100]
    assert flow(start, 10, 14).tolist() == [1, 1, 0, 1]
    assert flow(start, 10, 14, weight).tolist() == [10, 100, 0, 1000]


def test_sums_stay_exact_beyond_the_floats() -> None:
    """2**53 + 1 has no float; a sum of areas must not lose its last hundredth."""
    weight = np.array([2**53, 1])
    ends = np.array([OPEN, OPEN])
    assert stock(np.array([5, 5]), ends, 5, 6, weight).tolist() == [2**53 + 1]


def test_running_sums_begin_with_nothing() -> None:
    assert running(np.array([3, 0, 4])).tolist() == [0, 3, 3, 7]


@pytest.mark.parametrize("months", [-12, 0, 1, 18, 60, 72])
def test_months_after_are_those_of_the_calendar(months: int) -> None:
    """On every day of four years and a century's end, before and after numpy's first day."""
    days = [day for year in (1898, 1969, 2096) for day in _days_of(year, 5)]
    expected = [add_months(dt.date.fromordinal(day), months).toordinal() for day in days]
    assert months_after(np.array(days), months).tolist() == expected


def _days_of(year: int, years: int) -> range:
    return range(dt.date(year, 1, 1).toordinal(), dt.date(year + years, 1, 1).toordinal())


@pytest.mark.parametrize("far", [0, 2**50])
def test_in_order_equal_keys_keep_their_order(far: int) -> None:
    """Also where the keys are too long to take their rows along."""
    key = np.array([5, -3, far + 9, 5, 0, far + 9, -3])
    found, row = in_order(key)
    assert (found.tolist(), row.tolist()) == (
        [-3, -3, 0, 5, 5, far + 9, far + 9],
        [1, 6, 4, 0, 3, 2, 5],
    )


def test_few_others_are_sought_among_many_rows() -> None:
    """Sorted rows take another way to the same answer as the same rows in disorder."""
    given = spans(*((group, day, day + 3) for group in (1, 2) for day in range(1, 40, 3)))
    others = spans((1, 5, 9), (1, 9, 11), (2, 3, 4))
    back = Spans(*(column[::-1] for column in given))
    found = [(13 * 2 - 1 - row, *rest) for row, *rest in rows(*intersect(back, others))]
    assert rows(*intersect(given, others)) == sorted(found)
    assert len(found) == 5
