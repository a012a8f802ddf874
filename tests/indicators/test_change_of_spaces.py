"""Why figures of space changed: let, freed, measured, repaired; and walls that moved."""

from fractions import Fraction

from indicators.contributions import NONE
from indicators.tables import NOWHERE, OPEN
from tests.indicators.books import Book
from tests.indicators.changes import of, told


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
