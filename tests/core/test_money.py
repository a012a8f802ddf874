"""One rounding, half up; splits add up exactly."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import rounded, split

amounts = st.decimals(-1_000_000, 1_000_000, places=2)


@pytest.mark.parametrize(
    ("exact", "expected"),
    [
        (Decimal("0.005"), "0.01"),
        (Decimal("-0.005"), "-0.01"),
        (Decimal("2.675"), "2.68"),
        (Fraction(1, 3), "0.33"),
        (Fraction(-1, 200), "-0.01"),
        (Fraction(100, 120) * 100, "83.33"),
        (7, "7.00"),
    ],
)
def test_rounding(exact: Decimal | Fraction | int, expected: str) -> None:
    assert rounded(exact) == Decimal(expected)


def test_a_hundred_in_three() -> None:
    assert split(Decimal(100), [1, 1, 1]) == [
        Decimal("33.34"),
        Decimal("33.33"),
        Decimal("33.33"),
    ]


@given(amounts, st.lists(st.integers(0, 1000), min_size=1, max_size=9).filter(any))
def test_shares_add_up_and_are_within_a_centime(amount: Decimal, weights: list[int]) -> None:
    shares = split(amount, weights)
    assert sum(shares) == amount
    for share, weight in zip(shares, weights, strict=True):
        exact = Fraction(amount) * weight / sum(weights)
        assert abs(Fraction(share) - exact) < Fraction(1, 100)


@pytest.mark.parametrize("weights", [[], [0], [1, -1]])
def test_weights_that_mean_nothing_are_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split(Decimal(1), weights)
