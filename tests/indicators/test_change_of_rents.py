"""Why figures of rent and money changed: rates, ends, the passing of time, invoices."""

import datetime as dt

from indicators.change import change
from indicators.contributions import NONE
from indicators.tables import NOWHERE, OPEN
from tests.indicators.books import Book, Row
from tests.indicators.changes import of, told


def test_rents_change_ends_move_and_time_passes() -> None:
    """Letting 1 stays at a dearer rate, 2 is renewed, 3 leaves, 4 comes, 5 and (as 9) 8 keep fewer
    m², 6 goes on as 7, by another lease. Rooms 14, 17 and 18 are free: 17 is measured anew, 18 at
    last."""
    rooms = [11, 12, 13, 14, 15, 16, 17, 18, 19]
    stays = [(1, OPEN), (2, OPEN), (3, 250), (5, OPEN)]
    book = Book(
        sites=[(1, 100, OPEN)],
        spaces=[(room, 1, 1) for room in rooms],
        lettable=[(room, 100, OPEN) for room in rooms],
        measures=[
            *((room, 100, OPEN, 2000) for room in rooms if room not in {17, 18}),
            *((17, 100, 220, 2000), (17, 220, OPEN, 1500), (18, 220, OPEN, 2000)),
        ],
        list_prices=[(1, 100, 250, 100_0000), (1, 250, OPEN, 110_0000)],
        stays=[
            *((letting, 80 + letting, 1, 10 + letting, 120, end, True) for letting, end in stays),
            (4, 84, 1, 13, 250, OPEN, True),
            *((6, 86, 1, 16, 120, 250, True), (7, 86, 1, 16, 250, OPEN, True)),
            *((8, 88, 1, 19, 120, 250, True), (9, 88, 1, 19, 250, OPEN, True)),
        ],
        rents=[
            (1, 71, 100, 250, 1000, 1000, 0, 2000, 50_0000, 1, 0),
            (1, 71, 250, OPEN, 1200, 1200, 0, 2000, 60_0000, 1, 0),
            (2, 72, 100, OPEN, 900, 900, 0, 2000, 45_0000, 1, 0),
            (3, 73, 100, OPEN, 800, 800, 0, 2000, 40_0000, 1, 0),
            (4, 74, 100, OPEN, 700, 700, 0, 2000, 35_0000, 1, 0),
            (5, 75, 100, 250, 600, 600, 0, 2000, 30_0000, 1, 0),
            (5, 75, 250, OPEN, 300, 300, 0, 1000, 30_0000, 1, 0),
            (6, 76, 100, OPEN, 500, 500, 0, 2000, 25_0000, 1, 0),
            (7, 77, 100, OPEN, 550, 550, 0, 2000, 27_5000, 1, 0),
            (8, 78, 100, 250, 400, 400, 0, 2000, 20_0000, 1, 0),
            (9, 78, 250, OPEN, 360, 360, 0, 1800, 20_0000, 1, 0),
        ],
        terms=[
            (1, 100, OPEN, 400, OPEN, OPEN, 0),
            *((2, 100, 250, 350, OPEN, OPEN, 0), (2, 250, OPEN, 700, OPEN, OPEN, 0)),
            (3, 100, OPEN, 250, OPEN, OPEN, 0),
            (4, 100, OPEN, 600, OPEN, OPEN, 0),
            (5, 100, OPEN, 900, 500, OPEN, 0),
        ],
    )
    assert told(of(book, "contracted_rent")) == [
        ("let", 84, 13, 700, 0),
        ("freed", 83, 13, -800, 0),
        ("let_on", 86, 16, 550, 0),
        ("let_on", 86, 16, -500, 0),
        ("rent_changed", 81, 11, 200, 0),
        *(("resized", 88, 19, rent, 0) for rent in (-400, 360)),
        ("resized", 85, 15, -300, 0),
    ]
    walt = of(book, "walt_end")
    assert [line for line in told(walt) if line[0] not in {"let", "freed", "let_on"}] == [
        ("rent_changed", 81, 11, 12 * 200 * 100, 12 * 200),
        ("rent_changed", 85, 15, -12 * 300 * 200, -12 * 300),
        ("end_moved", 82, 12, 12 * 900 * 350, 0),
        ("time_passed", 81, 11, -12 * 1000 * 100, 0),
        ("time_passed", 82, 12, -12 * 900 * 100, 0),
        ("time_passed", 85, 15, -12 * 600 * 100, 0),
    ]
    free = [line for line in told(of(book, "economic_occupancy")) if line[1] == NONE]
    assert free == [
        ("measured", NONE, 18, 0, 20 * 11_000),
        ("re_measured", NONE, 17, 0, -5 * 10_000),
        *(("list_rent_changed", NONE, room, 0, area * 1000) for room, area in ((14, 20), (17, 15))),
    ]


def test_an_end_that_goes_on_with_the_day_does_not_move() -> None:
    """From 1 January on a notice of three months leads to 2 April, from 31 January on to 1 May: a
    day less left. Letting 1 has no end, 2 an end far away, 3 one in March, 4 is given notice, and 5
    may leave a month sooner from then on."""
    january, end = (dt.date(2023, 1, day).toordinal() for day in (1, 31))
    far, march = (dt.date(*day).toordinal() for day in ((2030, 1, 1), (2023, 3, 11)))
    cut = january + 10
    lettings = (1, 2, 3, 4, 5)
    book = Book(
        sites=[(1, 100, OPEN)],
        stays=[(one, 80 + one, 1, NOWHERE, january - 99, OPEN, True) for one in lettings],
        rents=[(one, 70 + one, 100, OPEN, 1, 1, 0, 0, 1, 0, 0) for one in lettings],
        terms=[
            (1, 100, OPEN, OPEN, OPEN, OPEN, 3),
            (2, 100, OPEN, far, OPEN, OPEN, 3),
            (3, 100, OPEN, march, OPEN, OPEN, 3),
            *((4, 100, cut, far, OPEN, OPEN, 3), (4, cut, OPEN, far, OPEN, cut + 90, 3)),
            *((5, 100, cut, far, OPEN, OPEN, 3), (5, cut, OPEN, far, OPEN, OPEN, 2)),
        ],
    )
    portfolio = book.portfolio()
    to_exit = told(change(portfolio, "walt_exit", 1, january, end))
    assert [(cause, company, days // 12) for cause, company, _, days, _ in to_exit] == [
        ("end_moved", 85, 60 - 90),
        ("end_moved", 84, 70 - 90),
        ("time_passed", 83, -30),
        ("time_passed", 81, -1),
        ("time_passed", 82, -1),
        ("time_passed", 84, -1),
        ("time_passed", 85, -1),
    ]
    to_end = told(change(portfolio, "walt_end", 1, january, end))
    assert [(cause, company, days // 12) for cause, company, _, days, _ in to_end] == [
        ("end_moved", 84, cut + 90 - far),
        ("time_passed", 82, -30),
        ("time_passed", 83, -30),
        ("time_passed", 84, -30),
        ("time_passed", 85, -30),
        ("time_passed", 81, -1),
    ]


def test_invoices_fall_due_and_are_settled() -> None:
    owed: list[Row] = [  # company, site, invoice, part, due, start, end, centimes
        (81, 1, 1, 0, 220, 210, OPEN, 500),
        (82, 1, 2, 0, 150, 140, OPEN, 300),
        *((82, 1, 2, 0, 150, 250, OPEN, -300), (83, 1, 3, 0, 150, 140, OPEN, 400)),
        (83, 1, 3, 0, 150, 260, OPEN, -100),
        *((84, 1, 4, 0, 150, 140, OPEN, 200), (84, 1, 4, 0, 150, 160, 250, -200)),
    ]
    book = Book(
        sites=[(1, 100, OPEN)], owed=owed, billed=[(1, 81, 1, 210, 500), (9, 81, 1, 220, -50)]
    )
    assert told(of(book, "arrears")) == [
        ("fell_due", 81, NOWHERE, 500, 0),
        ("settled", 82, NOWHERE, -300, 0),
        ("settled", 83, NOWHERE, -100, 0),
        ("open_again", 84, NOWHERE, 200, 0),
    ]
    billed = change(book.portfolio(), "billed_rent", 1, 400, 700)
    assert told(billed) == [
        ("fell_out", 81, NOWHERE, -500, 0),
        ("fell_out", 81, NOWHERE, 50, 0),
    ]
