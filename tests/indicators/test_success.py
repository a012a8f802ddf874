"""Success since entry and exit, on examples small enough to read."""

from decimal import Decimal

import pytest

from indicators.asking import figure, rows, series
from indicators.contributions import NONE
from indicators.figure import Figure
from indicators.tables import (
    ACQUIRED,
    CLOSED,
    MERGED,
    NEVER,
    NOWHERE,
    TRADING,
    UNKNOWN,
    Declarations,
    Table,
)
from tests.indicators.books import Book, T
from tests.indicators.checks import lines
from tests.indicators.test_formulas import LONG_AGO, network, on, stay

SINCE_ENTRY, SINCE_EXIT = "success_since_entry_18", "success_since_exit_18"
CAME, LEFT = on("2016-03-01"), on("2016-08-31")
DUE, LAST_DAY = on("2018-02-28"), on("2019-02-27")
"""Eighteen months after having left, clipped to February; the last day before thirty months."""


def left(book: Book, company: int, *, site: int = 1) -> None:
    stay(book, company, CAME, LEFT + 1, site=site)


def outcome(
    book: Book, day: int, name: str = SINCE_EXIT, site: int | None = None
) -> dict[int, tuple[int, int]]:
    """Of each company that is followed: what became of it, and the day of the declaration."""
    found = rows(book.portfolio(), name, site, day)
    told = zip(found.more["outcome"].tolist(), found.more["declared_on"].tolist(), strict=True)
    return dict(zip(found.company.tolist(), told, strict=True))


def test_ten_companies_of_which_five_in_six_known_succeeded() -> None:
    """Unknown are those that say so, that said nothing, and that said it too early."""
    book = network(1)
    for company in range(1, 11):
        left(book, company)
    book.declarations = [
        (1, DUE, TRADING),
        (2, DUE + 30, TRADING),
        (3, LEFT + 1, MERGED),
        (4, DUE, ACQUIRED),
        (5, LEFT + 90, CLOSED),
        (6, DUE, UNKNOWN),
        (7, DUE - 1, TRADING),
        (8, DUE + 60, CLOSED),
    ]
    stay(book, 9, DUE + 1)  # came back: it has not left
    portfolio = book.portfolio()
    assert figure(portfolio, SINCE_EXIT, 1, DUE + 40) == Figure(
        4, 5, Decimal("0.800000"), {"unknown": 4}, None
    )
    behind = rows(portfolio, SINCE_EXIT, None, DUE + 40)
    told = zip(behind.more["outcome"].tolist(), behind.more["declared_on"].tolist(), strict=True)
    row = (NOWHERE, CAME, LEFT + 1)
    assert list(zip(lines(behind), told, strict=True)) == [
        ((1, 1, 1, *row, 1, 1), (TRADING, DUE)),
        ((2, 2, 1, *row, 1, 1), (TRADING, DUE + 30)),
        ((3, 3, 1, *row, 1, 1), (MERGED, LEFT + 1)),
        ((4, 4, 1, *row, 1, 1), (ACQUIRED, DUE)),
        ((5, 5, 1, *row, 0, 1), (CLOSED, LEFT + 90)),
        ((6, 6, 1, *row, 0, 0), (UNKNOWN, NEVER)),
        ((7, 7, 1, *row, 0, 0), (UNKNOWN, NEVER)),
        ((8, 8, 1, *row, 0, 0), (UNKNOWN, NEVER)),
        ((10, 10, 1, *row, 0, 0), (UNKNOWN, NEVER)),
    ]


@pytest.mark.parametrize("months", [18, 24, 60])
def test_companies_are_followed_for_twelve_months_clipped_at_the_months_end(months: int) -> None:
    """Entered on 31 August 2015 at the first, left on 30 August 2016: each from its own day."""
    book = network(1)
    stay(book, 8, on("2015-08-31"), on("2016-08-31"))
    first_days = {18: "2017-02-28", 24: "2017-08-31", 60: "2020-08-31"}
    last_days = {18: "2018-02-27", 24: "2018-08-30", 60: "2021-08-30"}
    first, last = on(first_days[months]), on(last_days[months])
    days = [first - 1, first, last, last + 1]
    name = f"success_since_entry_{months}"
    found = series(book.portfolio(), name, 1, days)
    assert found.beside["unknown"].tolist() == [0, 1, 1, 0]
    assert found.values() == [None, None, None, None]  # nobody known: no rate


def test_who_is_hosted_trades_unless_declared_otherwise_since() -> None:
    day = on("2018-01-31")  # 22 months after the entry
    book = network(1, 2)
    for company in (1, 2, 3, 4, 7):
        stay(book, company, CAME)
    stay(book, 5, CAME, CAME + 30)
    stay(book, 5, CAME + 200, site=2)
    stay(book, 8, CAME, CAME + 200)
    stay(book, 8, CAME + 200, site=2)
    stay(book, 6, CAME, CAME + 30)
    stay(book, 6, CAME + 200, hosted=False)  # only an address: nobody knows how it does
    book.declarations = [
        (2, CAME + 10, TRADING),
        (3, CAME + 400, CLOSED),  # inside, its rooms not given back yet
        (4, CAME - 10, CLOSED),
        (5, CAME + 60, CLOSED),  # and back at another site
        (7, CAME, CLOSED),
        (8, CAME + 100, CLOSED),  # its next site was no new beginning
    ]
    hosted = {1: (TRADING, NEVER), 2: (TRADING, NEVER), 4: (TRADING, NEVER), 5: (TRADING, NEVER)}
    closed = {3: (CLOSED, CAME + 400), 7: (CLOSED, CAME), 8: (CLOSED, CAME + 100)}
    everybody = {**hosted, **closed, 6: (UNKNOWN, NEVER)}
    assert outcome(book, day, SINCE_ENTRY) == everybody
    assert outcome(book, day, SINCE_ENTRY, 1) == everybody
    assert outcome(book, day, SINCE_ENTRY, 2) == {}  # came there 15 months ago only


@pytest.mark.parametrize(
    ("declarations", "told"),
    [
        ([(LEFT + 50, CLOSED), (DUE + 5, TRADING)], (TRADING, DUE + 5)),
        ([(DUE + 5, TRADING), (LEFT + 50, CLOSED)], (TRADING, DUE + 5)),
        ([(LEFT + 50, CLOSED), (LEFT + 60, TRADING)], (UNKNOWN, NEVER)),
        ([(DUE + 5, TRADING), (DUE + 9, CLOSED)], (CLOSED, DUE + 9)),
        ([(DUE + 5, TRADING), (DUE + 9, UNKNOWN)], (TRADING, DUE + 5)),
        ([(LEFT + 50, CLOSED), (LEFT + 50, MERGED)], (MERGED, LEFT + 50)),
        ([(LEFT + 50, ACQUIRED), (DUE + 41, CLOSED)], (ACQUIRED, LEFT + 50)),
    ],
)
def test_the_latest_declaration_up_to_the_day_wins(
    declarations: list[tuple[int, int]], told: tuple[int, int]
) -> None:
    book = network(1)
    left(book, 8)
    book.declarations = [(8, day, status) for day, status in declarations]
    assert outcome(book, DUE + 40) == {8: told}


def test_a_company_that_moved_to_another_site_has_not_left() -> None:
    """8 moved from 1 to 2 and left; 9 moved and is there; 10 gave up both sites on one day."""
    book = network(1, 2)
    for company in (8, 9):
        stay(book, company, LONG_AGO, CAME, site=1)
    stay(book, 8, CAME, LEFT + 1, site=2)
    stay(book, 9, CAME, site=2)
    for site in (1, 2):
        left(book, 10, site=site)
    unknown = (UNKNOWN, NEVER)
    for day in (DUE, LAST_DAY):
        assert outcome(book, day) == {8: unknown, 10: unknown}
        assert outcome(book, day, site=1) == {10: unknown}
        assert outcome(book, day, site=2) == {8: unknown, 10: unknown}
    assert outcome(book, DUE - 1) == outcome(book, LAST_DAY + 1) == {}


def test_who_leaves_a_second_time_is_followed_from_then_on() -> None:
    """Left in 2016, back from 2018 until the end of the year: asked again in 2020."""
    book = network(1)
    left(book, 8)
    stay(book, 8, DUE + 10, on("2019-01-01"))
    unknown = {8: (UNKNOWN, NEVER)}
    assert [outcome(book, day) for day in (DUE, DUE + 9, DUE + 10, LAST_DAY)] == [
        unknown,
        unknown,
        {},
        {},
    ]
    again = rows(book.portfolio(), SINCE_EXIT, 1, on("2020-06-30"))
    assert lines(again) == [(2, 8, 1, NOWHERE, DUE + 10, on("2019-01-01"), 0, 0)]
    # It entered once, whatever came after.
    assert outcome(book, on("2018-06-30"), SINCE_ENTRY) == {8: (TRADING, NEVER)}


def test_nothing_is_fetched_for_figures_that_need_no_outcome() -> None:
    book = network(1)
    stay(book, 8, CAME)
    fetched: list[type[Table]] = []

    class Counting(Book):
        def fetch(self, table: type[T]) -> T:
            fetched.append(table)
            return super().fetch(table)

    portfolio = Counting(stays=book.stays, sites=book.sites).portfolio()
    figure(portfolio, "turnover", None, DUE)
    assert fetched == []
    for name in (SINCE_ENTRY, SINCE_EXIT):
        figure(portfolio, name, None, DUE)
        rows(portfolio, name, None, DUE)
    assert fetched == [Declarations]
    assert NONE not in rows(portfolio, SINCE_ENTRY, None, DUE).letting
