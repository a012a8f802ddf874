"""Why a figure changed: whole lines with their causes, in small networks.

That the lines add up, whatever befalls a network, is `checks.changes_add_up`.
"""

from fractions import Fraction

import pytest

from indicators.change import change
from indicators.choices import Cause
from indicators.contributions import NONE
from indicators.formulas import INDICATORS
from indicators.labels import CAUSES as IN_WORDS
from indicators.rounding import adding_up, half_up
from indicators.tables import CLOSED, NOWHERE, OPEN, TRADING
from tests.indicators.books import Book
from tests.indicators.changes import of, told


def test_companies_come_return_leave_and_begin_to_count() -> None:
    book = Book(
        sites=[(1, 100, OPEN), (2, 250, OPEN), (3, 100, 250)],
        capacities=[
            *((1, 100, 250, 10), (1, 250, OPEN, 12)),
            *((2, 100, OPEN, 5), (3, 100, OPEN, 4)),
        ],
        stays=[
            (1, 81, 1, NOWHERE, 250, OPEN, True),  # new
            (2, 82, 1, NOWHERE, 120, 150, True),  # back
            (3, 82, 1, NOWHERE, 250, OPEN, True),
            (4, 83, 1, NOWHERE, 120, 250, True),  # gone
            (5, 84, 1, NOWHERE, 120, 250, False),  # a coworker takes an office
            (6, 84, 1, NOWHERE, 250, OPEN, True),
            (7, 85, 1, NOWHERE, 120, 250, True),  # and the other way
            (8, 85, 1, NOWHERE, 250, OPEN, False),
            (9, 86, 1, NOWHERE, 120, OPEN, True),  # stays, in a second room too
            (10, 86, 1, NOWHERE, 250, OPEN, True),
            (11, 87, 2, NOWHERE, 120, OPEN, True),  # there before the site opened
            (12, 88, 3, NOWHERE, 120, OPEN, True),  # still there when it closed
        ],
    )
    came = [
        ("came", 81, NOWHERE, 1, 0),
        ("returned", 82, NOWHERE, 1, 0),
        ("left", 83, NOWHERE, -1, 0),
        ("counts_now", 84, NOWHERE, 1, 0),
        ("counts_no_more", 85, NOWHERE, -1, 0),
    ]
    assert told(of(book, "hosted")) == came
    assert told(of(book, "occupancy_company")) == [
        *came,
        ("site_opened", NONE, NONE, 0, 5),
        ("site_opened", 87, NOWHERE, 1, 0),
        ("site_closed", NONE, NONE, 0, -4),
        ("site_closed", 88, NOWHERE, -1, 0),
        ("capacity_changed", NONE, NONE, 0, 2),
    ]
    # A move from one site to another is none in the network.
    moved = Book(
        sites=[(1, 100, OPEN), (2, 100, OPEN)],
        stays=[(1, 81, 1, NOWHERE, 120, 250, True), (2, 81, 2, NOWHERE, 250, OPEN, True)],
    )
    assert told(of(moved, "hosted")) == []
    assert told(of(moved, "hosted", 2)) == [("came", 81, NOWHERE, 1, 0)]
    assert told(of(moved, "hosted", 1)) == [("left", 81, NOWHERE, -1, 0)]


def test_a_time_ran_out_or_had_before_the_company_came() -> None:
    """The 60 months of whoever came on day 250 are over by day 2080."""
    before, after = 2020, 2100
    book = Book(
        sites=[(1, 100, OPEN), (2, 100, OPEN)],
        stays=[
            *((1, 81, 1, NOWHERE, 50, 2030, True), (2, 81, 2, NOWHERE, 2030, OPEN, True)),
            (3, 82, 1, NOWHERE, 250, OPEN, True),
            *((4, 83, 1, NOWHERE, 50, 100, True), (5, 83, 1, NOWHERE, 2050, OPEN, True)),
            *((6, 84, 1, NOWHERE, 50, 2050, True), (7, 84, 1, NOWHERE, 2050, OPEN, False)),
            *((8, 85, 1, NOWHERE, 50, 2050, False), (9, 85, 1, NOWHERE, 2050, OPEN, True)),
            # Holding over, and back for a time that ran out.
            *((10, 86, 1, NOWHERE, 2010, 2015, False), (11, 86, 1, NOWHERE, 2050, OPEN, False)),
        ],
        terms=[(11, 1, OPEN, 2080, OPEN, OPEN, 3)],
    )
    portfolio = book.portfolio()
    told_of = {
        site: told(change(portfolio, "beyond_60_months", site, before, after))
        for site in (1, 2, None)
    }
    others = [
        ("returned", 83, NOWHERE, 1, 0),
        ("counts_now", 85, NOWHERE, 1, 0),
        ("counts_no_more", 84, NOWHERE, -1, 0),
        ("time_ran_out", 82, NOWHERE, 1, 0),
    ]
    assert told_of == {
        1: [others[0], ("left", 81, NOWHERE, -1, 0), *others[1:]],
        2: [("came", 81, NOWHERE, 1, 0)],
        None: others,
    }
    over = change(portfolio, "holding_over", 1, before, after)
    assert told(over) == [("time_ran_out", 86, NOWHERE, 1, 0)]


def test_moves_enter_the_twelve_months_and_fall_out_of_them() -> None:
    """At 700 the twelve months begin at 336 at the latest, at 1000 not before 634."""
    book = Book(
        sites=[(1, 100, OPEN)],
        stays=[
            (1, 81, 1, NOWHERE, 400, OPEN, True),
            (2, 82, 1, NOWHERE, 500, 650, True),
            (3, 82, 1, NOWHERE, 800, OPEN, True),
            (4, 83, 1, NOWHERE, 900, OPEN, True),
        ],
    )
    portfolio = book.portfolio()
    entries = change(portfolio, "entries", 1, 700, 1000)
    assert told(entries) == [
        ("came", 83, NOWHERE, 1, 0),
        ("returned", 82, NOWHERE, 1, 0),
        ("fell_out", 81, NOWHERE, -1, 0),
        ("fell_out", 82, NOWHERE, -1, 0),
    ]
    assert told(change(portfolio, "exits", 1, 700, 1000)) == []
    turnover = change(portfolio, "turnover", 1, 700, 1000)
    days = [line for line in told(turnover) if line[0].endswith("_days")]
    assert [(cause, company, below * 365) for cause, company, _, _, below in days] == [
        ("more_days", 82, 201),
        ("more_days", 83, 101),
        ("more_days", 81, 365 - 301),
        ("fewer_days", 82, 14 - 150),
    ]
    assert turnover.value == Fraction(2 * 365, 365 + 201 + 101 + 14) - Fraction(2 * 365, 301 + 150)


def test_a_company_is_followed_and_its_outcome_becomes_known() -> None:
    """18 months after their entry on day 100 the first two are followed, at 1000 no more."""
    book = Book(
        sites=[(1, 100, OPEN)],
        stays=[(1, 81, 1, NOWHERE, 100, 200, True), (2, 82, 1, NOWHERE, 100, 200, True)],
        declarations=[(81, 700, CLOSED), (82, 660, TRADING)],
    )
    portfolio, name = book.portfolio(), "success_since_entry_18"
    told_of = {
        days: told(change(portfolio, name, 1, *days))
        for days in ((600, 680), (680, 720), (720, 1100))
    }
    assert told_of == {
        (600, 680): [("followed", 82, NOWHERE, 1, 1)],
        (680, 720): [("outcome_known", 81, NOWHERE, 0, 1)],
        (720, 1100): [
            ("followed_no_more", 82, NOWHERE, -1, -1),
            ("followed_no_more", 81, NOWHERE, 0, -1),
        ],
    }
    found = change(portfolio, name, 1, 600, 680)
    assert (found.before.value, found.value, found.effects()) == (None, None, None)
    assert [one.effect for one in found.by_cause()] == [None]


def test_what_can_be_asked() -> None:
    book = Book(sites=[(1, 100, OPEN)], stays=[(1, 81, 1, NOWHERE, 120, OPEN, True)])
    same = change(book.portfolio(), "hosted", None, 200, 200)
    assert (told(same), same.value, same.effects()) == ([], Fraction(0), [])
    with pytest.raises(ValueError, match="the last day is before the first"):
        change(book.portfolio(), "hosted", None, 201, 200)
    with pytest.raises(KeyError):
        change(book.portfolio(), "mood", None, 200, 201)


def test_every_cause_has_a_name_and_each_indicator_its_causes_or_the_usual_ones() -> None:
    assert list(IN_WORDS) == list(Cause)
    nothing = Book(sites=[(1, 100, OPEN)]).portfolio()
    for name in INDICATORS:
        assert told(change(nothing, name, None, 500, 900)) == []


@pytest.mark.parametrize(
    ("parts", "one", "decimals", "shares"),
    [
        ([], 3, 2, []),
        ([1, 1, 1], 3, 2, ["0.34", "0.33", "0.33"]),
        ([2, 1], 3, 0, ["1", "0"]),
        ([-1, -1, -1], 3, 2, ["-0.33", "-0.33", "-0.34"]),
        ([1, -1], 3, 2, ["0.33", "-0.33"]),
        ([1, 2, 4], 4, 2, ["0.25", "0.50", "1.00"]),
    ],
)
def test_decimals_add_up(parts: list[int], one: int, decimals: int, shares: list[str]) -> None:
    found = adding_up(parts, one, decimals)
    assert [str(share) for share in found] == shares
    assert sum(found) == half_up(Fraction(sum(parts), one), decimals)
