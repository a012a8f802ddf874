"""The window of a figure, and its value of two whole numbers."""

import datetime as dt
from decimal import Decimal

import pytest

from indicators.figure import ratio
from indicators.intervals import trailing_window


@pytest.mark.parametrize(
    ("day", "first"),
    [
        ("2018-12-31", "2018-01-01"),
        ("2018-07-31", "2017-08-01"),
        ("2018-07-15", "2017-07-16"),
        ("2019-02-28", "2018-03-01"),
        ("2020-02-29", "2019-03-01"),
        ("2021-02-28", "2020-03-01"),
        ("2020-02-28", "2019-02-28"),  # 29 February a year before is clipped to the 28th
    ],
)
def test_the_window_is_twelve_months_up_to_and_with_the_day(day: str, first: str) -> None:
    assert trailing_window(_number(day)) == (_number(first), _number(day) + 1)


@pytest.mark.parametrize(
    ("numerator", "denominator", "value"),
    [
        (1, 0, None),
        (0, 7, "0.000000"),
        (2, 3, "0.666667"),
        (1, 2_000_000, "0.000001"),  # exactly half a millionth goes up
        (999_999, 2_000_000_000_000, "0.000000"),
        (10**18, 3, "333333333333333333.333333"),
    ],
)
def test_ratio_rounds_half_up_once(numerator: int, denominator: int, value: str | None) -> None:
    assert ratio(numerator, denominator) == (None if value is None else Decimal(value))


def _number(day: str) -> int:
    return dt.date.fromisoformat(day).toordinal()
