"""Months are added from the original day and clipped; periods are half-open, never empty."""

import datetime as dt

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from core.periods import Period, add_months, month_ends, today

days = st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1))


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (dt.date(2026, 1, 31), 1, dt.date(2026, 2, 28)),
        (dt.date(2026, 1, 31), 2, dt.date(2026, 3, 31)),
        (dt.date(2024, 1, 31), 1, dt.date(2024, 2, 29)),
        (dt.date(2024, 2, 29), 12, dt.date(2025, 2, 28)),
        (dt.date(2026, 3, 31), -1, dt.date(2026, 2, 28)),
        (dt.date(2026, 12, 15), 1, dt.date(2027, 1, 15)),
    ],
)
def test_adding_months(day: dt.date, months: int, expected: dt.date) -> None:
    assert add_months(day, months) == expected


@given(days, st.integers(-600, 600))
def test_adding_months_lands_in_the_right_month(day: dt.date, months: int) -> None:
    later = add_months(day, months)
    assert later.year * 12 + later.month == day.year * 12 + day.month + months
    assert later.day == day.day or (later + dt.timedelta(days=1)).day == 1


def test_today_is_moroccan() -> None:
    # 23:30 UTC in summer 2025 was already the next day in Casablanca (UTC+1) …
    with time_machine.travel(dt.datetime(2025, 7, 1, 23, 30, tzinfo=dt.UTC)):
        assert today() == dt.date(2025, 7, 2)
    # … and no longer is since 2026-09-20: UTC+0 all year.
    with time_machine.travel(dt.datetime(2027, 7, 1, 23, 30, tzinfo=dt.UTC)):
        assert today() == dt.date(2027, 7, 1)


def test_an_empty_period_cannot_exist() -> None:
    with pytest.raises(ValueError, match="empty"):
        Period(dt.date(2026, 1, 1), dt.date(2026, 1, 1))


@given(days, st.integers(1, 400), days, st.integers(1, 400))
def test_intersection_is_the_set_of_common_days(a: dt.date, n: int, b: dt.date, m: int) -> None:
    first = Period(a, a + dt.timedelta(days=n))
    second = Period(b, b + dt.timedelta(days=m))
    common = [a + dt.timedelta(days=i) for i in range(n) if a + dt.timedelta(days=i) in second]
    both = first.intersection(second)
    assert first.overlaps(second) == bool(common)
    if common:
        assert both == Period.through(common[0], common[-1])
    else:
        assert both is None
    assert first.covers(second) == (both == second)


def test_month_ends_are_cut_at_the_last_day() -> None:
    assert list(month_ends(dt.date(2026, 1, 15), dt.date(2026, 3, 10))) == [
        dt.date(2026, 1, 31),
        dt.date(2026, 2, 28),
        dt.date(2026, 3, 10),
    ]


@given(days, st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20) | st.none()), max_size=6))
def test_what_is_left_of_a_period_are_the_days_of_no_other(
    start: dt.date, others: list[tuple[int, int | None]]
) -> None:
    def of(offset: int, length: int | None) -> Period:
        first = start + dt.timedelta(days=offset - 10)
        return Period(first, None if length is None else first + dt.timedelta(days=length))

    taken = [of(offset, length) for offset, length in others]
    whole = Period(start, start + dt.timedelta(days=40))
    left = whole.without(taken)
    for number in range(-5, 50):
        day = start + dt.timedelta(days=number)
        free = day in whole and not any(day in period for period in taken)
        assert sum(day in period for period in left) == free
    assert left == sorted(left, key=lambda period: period.start)
    assert Period(start).without([]) == [Period(start)]
