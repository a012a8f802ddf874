"""The rows behind a figure add up to it, and are the right ones."""

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given, settings

from indicators.asking import period_rows, rows
from indicators.contributions import NONE
from indicators.tables import NOWHERE, OPEN
from tests.indicators import checks
from tests.indicators.books import Book, Case, cases
from tests.indicators.checks import lines
from tests.indicators.test_daily import on_random_cases


@pytest.mark.parametrize("check", checks.OF_ROWS, ids=lambda check: check.__name__)
@settings(on_random_cases, max_examples=20)
@given(case=cases())
def test_random_networks(check: Callable[[Case], None], case: Case) -> None:
    check(case)


def test_whole_rows_of_a_small_network() -> None:
    """Company 8 has two rooms at site 1 and one at site 2; room 13 is free, room 14 shut."""
    book = Book(
        sites=[(1, 100, OPEN), (2, 100, OPEN)],
        capacities=[(1, 100, OPEN, 5), (2, 100, 300, 9)],
        spaces=[(11, 1, 1), (12, 1, 1), (13, 1, 1), (14, 1, 1), (21, 2, 1)],
        lettable=[(space, 100, OPEN) for space in (11, 12, 13, 14, 21)],
        measures=[(space, 100, OPEN, 100 * space) for space in (11, 12, 13, 14, 21)],
        out_of_service=[(14, 150, OPEN)],
        stays=[
            (1, 8, 1, 11, 120, 400, True),
            (2, 8, 1, 12, 110, OPEN, True),
            (3, 8, 2, 21, 120, OPEN, True),
        ],
    )
    portfolio = book.portfolio()
    hosted = [
        (2, 8, 1, 12, 110, OPEN, 1, 0),
        (1, 8, 1, 11, 120, 400, 0, 0),
        (3, 8, 2, 21, 120, OPEN, 0, 0),
    ]
    assert lines(rows(portfolio, "hosted", None, 200)) == hosted
    assert lines(rows(portfolio, "ever_hosted", None, 200)) == hosted[:1]
    assert lines(rows(portfolio, "occupancy_area", 1, 200)) == [
        (1, 8, 1, 11, 120, 400, 1100, 1100),
        (2, 8, 1, 12, 110, OPEN, 1200, 1200),
        (NONE, NONE, 1, 13, 100, OPEN, 0, 1300),
    ]
    assert lines(rows(portfolio, "occupancy_unit", 2, 200)) == [(3, 8, 2, 21, 120, OPEN, 1, 1)]
    assert lines(rows(portfolio, "occupancy_company", None, 200)) == [
        (2, 8, 1, 12, 110, OPEN, 1, 0),
        (1, 8, 1, 11, 120, 400, 0, 0),
        (3, 8, 2, 21, 120, OPEN, 1, 0),
        (NONE, NONE, 1, NONE, 100, OPEN, 0, 5),
        (NONE, NONE, 2, NONE, 100, 300, 0, 9),
    ]
    turnover = period_rows(portfolio, "turnover", 2, 100, 130)
    assert lines(turnover) == [
        (3, 8, 2, 21, 120, OPEN, 1, 0),
        (NONE, 8, 2, NOWHERE, 120, OPEN, 0, 10),
    ]
    assert turnover.denominator_total == Fraction(10, 30)
    # In the network the company came once, by its first letting.
    assert lines(period_rows(portfolio, "entries", None, 100, 130)) == [
        (2, 8, 1, 12, 110, OPEN, 1, 0)
    ]


def test_rows_are_cut_at_the_period_and_bridge_like_the_figure() -> None:
    """Away from 130 up to 133, then gone at 150."""
    book = Book(
        sites=[(1, 100, OPEN)],
        stays=[(1, 8, 1, NOWHERE, 120, 130, True), (2, 8, 1, NOWHERE, 133, 150, True)],
    )
    portfolio = book.portfolio()

    def behind(name: str, start: int, end: int, gap_days: int = 0) -> list[tuple[int, ...]]:
        return lines(period_rows(portfolio, name, 1, start, end, gap_days=gap_days))

    back = (2, 8, 1, NOWHERE, 133, 150, 1, 0)
    assert behind("entries", 130, 133) == []
    assert behind("entries", 133, 134) == [back]
    assert behind("entries", 100, 150, gap_days=3) == [(1, 8, 1, NOWHERE, 120, 150, 1, 0)]
    assert behind("exits", 149, 150) == [back]
    assert behind("exits", 150, 160) == []
    assert behind("exits", 100, 149) == [(1, 8, 1, NOWHERE, 120, 130, 1, 0)]
    assert behind("exits", 100, 149, gap_days=3) == []
    assert behind("exits", 100, 150, gap_days=3) == [(2, 8, 1, NOWHERE, 120, 150, 1, 0)]


def test_a_state_has_no_rows_of_a_period() -> None:
    with pytest.raises(ValueError, match="hosted is a state of a day"):
        period_rows(Book().portfolio(), "hosted", None, 100, 130)
