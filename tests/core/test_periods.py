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
