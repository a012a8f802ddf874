"""Why figures of space change: let, freed, measured, repaired, put in service, pure."""

import numpy as np

from indicators.causes.matching import AFTER, BEFORE, Matched, Step
from indicators.choices import Cause
from indicators.tables import Bools, Ints, SpacePeriods, Stays


def space(matched: Matched) -> list[Step]:
    """What is in service, what is let of it, and how large it is: each a step of its own.

    A room that is measured anew while it is let changes both sides at once; one that is measured
    anew and let changes by the new area on one side and by the difference on the other.
    """
    (let_before, let_after), area = matched.numerator, matched.denominator
    let = (let_before == 0) & (let_after > 0)
    freed = (let_before > 0) & (let_after == 0)
    first, last = matched.days
    book, spaces = matched.scopes[AFTER].portfolio, matched.column("space")
    repaired = matched.appeared & in_force(book.out_of_service, spaces, first)
    measured = matched.appeared & ~repaired & in_force(book.lettable, spaces, first)
    works = matched.vanished & in_force(book.out_of_service, spaces, last)
    return [
        matched.step(Cause.LET, let, let_after, None, told_by=AFTER),
        matched.step(Cause.FREED, freed, -let_before, None, told_by=BEFORE),
        matched.step(Cause.WORKS_ENDED, repaired, None, area[AFTER]),
        matched.step(Cause.MEASURED, measured, None, area[AFTER]),
        matched.step(
            Cause.PUT_IN_SERVICE, matched.appeared & ~repaired & ~measured, None, area[AFTER]
        ),
        matched.step(Cause.WORKS_BEGAN, works, None, -area[BEFORE]),
        matched.step(Cause.TAKEN_OUT, matched.vanished & ~works, None, -area[BEFORE]),
        matched.step(
            Cause.RE_MEASURED,
            matched.stayed,
            np.where(let | freed, 0, matched.numerator_rise),
            matched.denominator_rise,
        ),
    ]


def in_force(table: SpacePeriods | Stays, space: Ints, day: int) -> Bools:
    """Whether one of the table's periods of each space holds the day."""
    return np.isin(space, table.space[(table.start <= day) & (day < table.end)])
