"""Why a figure changed: whole lines with their causes, in small networks.

That the lines add up, whatever befalls a network, is `checks.changes_add_up`.
"""

import datetime as dt
from fractions import Fraction
from typing import Any

import pytest

from indicators.change import CAUSES, Change, change
from indicators.choices import Cause
from indicators.contributions import NONE
from indicators.formulas import INDICATORS
from indicators.labels import CAUSES as IN_WORDS
from indicators.rounding import adding_up, half_up
from indicators.tables import CLOSED, NOWHERE, OPEN, TRADING
from tests.indicators.books import Book, Row

FIRST, LAST = 200, 300


def told(found: Change) -> Any:
    """(cause, company, space, Δ numerator, Δ denominator) of each line."""
    lines = found.lines
    columns = (found.cause, lines.company, lines.space, lines.numerator, lines.denominator)
    return [
        (CAUSES[cause].value, company, space, above, Fraction(below, lines.scale))
        for cause, company, space, above, below in zip(
            *(column.tolist() for column in columns), strict=True
        )
    ]


def of(book: Book, name: str, site: int | None = None) -> Change:
    return change(book.portfolio(), name, site, FIRST, LAST)


def test_space_is_let_freed_measured_repaired_and_taken_out() -> None:
    rooms = range(11, 20)
    book = Book(
        sites=[(1, 100, OPEN)],
        spaces=[(room, 1, 1) for room in rooms],
        lettable=[
            (room, 250 if room == 17 else 100, 250 if room == 18 else OPEN) for room in rooms
        ],
        measures=[
            *((room, 250 if room == 19 else 100, OPEN, 1000) for room in rooms if room > 12),
            *((11, 100, 250, 1000), (11, 250, OPEN, 950)),
            *((12, 100, 250, 1000), (12, 250, OPEN, 900)),
        ],
        out_of_service=[(15, 100, 250), (16, 250, OPEN)],
        stays=[
            (1, 81, 1, 11, 120, OPEN, True),  # measured anew while let
            (2, 82, 1, 12, 250, OPEN, True),  # measured anew and let
            (3, 83, 1, 13, 120, 250, True),  # freed
            (4, 84, 1, 14, 120, 250, True),  # let on to somebody else: nothing changes
            (5, 85, 1, 14, 250, OPEN, True),
            (6, 86, 1, 16, 120, 250, True),  # freed for works
        ],
    )
    found = of(book, "occupancy_area", 1)
    assert told(found) == [
        ("let", 82, 12, 900, 0),
        ("freed", 83, 13, -1000, 0),
        ("freed", 86, 16, -1000, 0),
        ("measured", NONE, 19, 0, 1000),
        ("re_measured", 82, 12, 0, -100),
        ("re_measured", 81, 11, -50, -50),
        ("works_began", 86, 16, 0, -1000),
        ("works_ended", NONE, 15, 0, 1000),
        ("put_in_service", NONE, 17, 0, 1000),
        ("taken_out", NONE, 18, 0, -1000),
    ]
    # 40 m² of 60 before, 28.50 of 68.50 after: re-measuring a full room changes next to nothing.
    assert (found.numerator, found.denominator) == (-1150, Fraction(850))
    effects = found.effects()
    assert effects is not None
    assert effects[0] == Fraction(900, 6850)
    assert effects[5] == (Fraction(-50 * 6000) - 4000 * -50) / (6000 * 6850)
    assert sum(effects) == found.value == Fraction(2850, 6850) - Fraction(4000, 6000)
    assert [(one.cause.value, one.lines, one.numerator) for one in found.by_cause()][:2] == [
        ("let", 1, 900),
        ("freed", 2, -2000),
    ]
    units = of(book, "occupancy_unit", 1)
    assert [line[0] for line in told(units)] == [
        *("let", "freed", "freed"),
        *("works_began", "works_ended", "put_in_service", "taken_out"),
    ]


def test_walls_part_and_join_rooms() -> None:
    """11 is parted into 21 and 22 while 81 has it, which gives up 22 since; 12 and 13 are joined
    into 23 for 82, who had 12; 14, free, is parted into 24, let to 83, and 25; 15 was given up by
    84 before it became 26 and 27, and that one 28 and 29; 16 was parted long ago."""
    old = {room: (room, 1, 1) for room in range(11, 17)}
    new = {room: (room, 1, 1) for room in range(21, 30)}
    areas = {12: 3000, 23: 5000, **dict.fromkeys((21, 22, 24, 25, 26, 27), 1000), 28: 400, 29: 600}
    walls = [(11, 21), (11, 22), (12, 23), (13, 23), (14, 24), (14, 25), (15, 26), (15, 27)]
    starts, ends = {16: 250, 28: 260, 29: 260}, {16: OPEN, 27: 260}
    days = {
        **{room: (starts.get(room, 100), ends.get(room, 250)) for room in old},
        **{room: (starts.get(room, 250), ends.get(room, OPEN)) for room in new},
    }
    book = Book(
        sites=[(1, 100, OPEN)],
        spaces=[*old.values(), *new.values()],
        lettable=[(room, *period) for room, period in days.items()],
        measures=[(room, *period, areas.get(room, 2000)) for room, period in days.items()],
        walls=[
            *((*each, 250) for each in walls),
            *((27, 28, 260), (27, 29, 260), (11, 16, 150)),
        ],
        list_prices=[(1, 100, OPEN, 100_0000)],
        stays=[
            (1, 81, 1, 11, 120, 250, True),
            (2, 81, 1, 21, 250, OPEN, True),
            (3, 81, 1, 22, 250, 280, True),
            (4, 82, 1, 12, 120, 250, True),
            (5, 82, 1, 23, 250, OPEN, True),
            (6, 82, 1, NOWHERE, 250, OPEN, True),  # another rent that was 13's
            (7, 83, 1, 24, 250, OPEN, True),
            (8, 84, 1, 15, 120, 240, True),
            (9, 85, 1, NOWHERE, 250, OPEN, True),
        ],
        rents=[
            (letting, letting, 100, OPEN, 100 * rent, 100 * rent, 0, 2000, rent, 0, 0)
            for letting, rent in enumerate((2000, 2000, 0, 3000, 3000, 500, 1000, 2000, 300), 1)
        ],
    )
    walls_moved = [
        ("walls_moved", 82, 23, 5000, 5000),
        ("walls_moved", 82, 12, -3000, -3000),
        ("walls_moved", 81, 11, -2000, -2000),
        ("walls_moved", NONE, 22, 1000, 1000),
        ("walls_moved", 81, 21, 1000, 1000),
        *(("walls_moved", company, room, 0, -2000) for company, room in ((NONE, 13), (NONE, 14))),
        ("walls_moved", 84, 15, 0, -2000),
        *(("walls_moved", NONE, room, 0, 1000) for room in (25, 26)),
        ("walls_moved", 83, 24, 0, 1000),
        ("walls_moved", NONE, 29, 0, 600),
        ("walls_moved", NONE, 28, 0, 400),
    ]
    found = told(of(book, "occupancy_area", 1))
    assert found[:3] == [
        ("let", 83, 24, 1000, 0),
        *(("freed", company, room, -area, 0) for company, room, area in
          ((84, 15, 2000), (NONE, 22, 1000))),
    ]  # fmt: skip
    assert sorted(found[3:-1]) == sorted(walls_moved)
    assert found[-1] == ("put_in_service", NONE, 16, 0, 2000)
    rents = told(of(book, "contracted_rent"))
    assert rents == [
        *(("let", 83, 24, 1000_00, 0), ("let", 85, NOWHERE, 300_00, 0)),
        ("freed", 84, 15, -2000_00, 0),
        *(("walls_moved", 82, room, rent, 0) for room, rent in ((12, -3000_00), (23, 3000_00))),
        *(("walls_moved", 81, room, rent, 0) for room, rent in ((11, -2000_00), (21, 2000_00))),
        ("walls_moved", 82, NOWHERE, 500_00, 0),
    ]
    free = [line for line in told(of(book, "economic_occupancy")) if line[1] == NONE]
    assert sorted(free) == sorted(
        [
            *(("freed", NONE, room, 0, worth * 100) for room, worth in
              ((26, 1000), (28, 400), (29, 600))),
            ("let", NONE, 14, 0, -2000_00),
            ("walls_moved", NONE, 13, 0, -2000_00),
            *(("walls_moved", NONE, room, 0, 1000_00) for room in (22, 25)),
            ("put_in_service", NONE, 16, 0, 2000_00),
        ]
    )  # fmt: skip


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
