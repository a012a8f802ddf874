"""Why figures of space change: let, freed, measured, repaired, rebuilt, put in service, pure."""

from collections.abc import Mapping

import numpy as np

from indicators.causes.matching import AFTER, BEFORE, Matched, Step
from indicators.causes.walls import Rooms, rooms_of
from indicators.choices import Cause
from indicators.contributions import NONE
from indicators.tables import ID_BITS, Bools, Ints, SpacePeriods, Stays


def space(matched: Matched) -> list[Step]:
    """What is in service, what is let of it, and how large it is: each a step of its own.

    A room that is measured anew while it is let changes both sides at once; one that is measured
    anew and let changes by the new area on one side and by the difference on the other. Who has a
    room through a split or a merge has been let nothing.
    """
    (let_before, let_after), area = matched.numerator, matched.denominator
    rooms = rooms_of(matched)
    goes_on = rooms.rebuilt & let_on(matched, rooms.room)
    let = (let_before == 0) & (let_after > 0) & ~goes_on
    freed = (let_before > 0) & (let_after == 0) & ~goes_on
    # A part of what went on behind new walls, given up since.
    part = matched.appeared & rooms.rebuilt & (let_after == 0)
    part &= np.isin(rooms.room, rooms.room[goes_on])
    other = np.where(let | freed, 0, matched.numerator_rise) + np.where(part, area[AFTER], 0)
    reasons = of_service(matched, rooms, matched.appeared, matched.vanished)
    return [
        matched.step(Cause.LET, let, let_after, None, told_by=AFTER),
        matched.step(Cause.FREED, freed, -let_before, None, told_by=BEFORE),
        matched.step(Cause.FREED, part, -area[AFTER], None),
        *(
            matched.step(cause, chosen, other, matched.denominator_rise)
            for cause, chosen in (*reasons.items(), (Cause.RE_MEASURED, matched.stayed))
        ),
    ]


def of_service(matched: Matched, rooms: Rooms, come: Bools, gone: Bools) -> Mapping[Cause, Bools]:
    """Why the spaces of these keys are there on the last day alone (`come`), or on the first."""
    first, last = matched.days
    book, spaces = matched.scopes[AFTER].portfolio, matched.column("space")
    rebuilt = rooms.rebuilt & (come | gone)
    repaired = come & ~rebuilt & in_force(book.out_of_service, spaces, first)
    measured = come & ~rebuilt & ~repaired & in_force(book.lettable, spaces, first)
    works = gone & ~rebuilt & in_force(book.out_of_service, spaces, last)
    return {
        Cause.WALLS_MOVED: rebuilt,
        Cause.WORKS_ENDED: repaired,
        Cause.MEASURED: measured,
        Cause.PUT_IN_SERVICE: come & ~(rebuilt | repaired | measured),
        Cause.WORKS_BEGAN: works,
        Cause.TAKEN_OUT: gone & ~(rebuilt | works),
    }


def let_on(matched: Matched, room: Ints) -> Bools:
    """Keys of one of the days alone whose company has the same room by another on the other day.
    Both are told, with what each adds."""
    placed = (room != NONE) & (matched.column("company") != NONE)
    before, after = matched.vanished & placed, matched.appeared & placed
    key = whose(matched, room)
    found: Bools = before & np.isin(key, key[after])
    found |= after & np.isin(key, key[before])
    return found


def whose(matched: Matched, room: Ints) -> Ints:
    """One number for a company's share of a room; of any for what has no room or no company."""
    key: Ints = (matched.column("company") << ID_BITS) | room
    return key


def in_force(table: SpacePeriods | Stays, space: Ints, day: int) -> Bools:
    """Whether one of the table's periods of each space holds the day."""
    return np.isin(space, table.space[(table.start <= day) & (day < table.end)])
