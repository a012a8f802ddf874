"""The rows of two days side by side, and the steps from one day to the other, pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np

from indicators.choices import Cause
from indicators.contributions import NONE, Rows
from indicators.scope import Scope
from indicators.tables import Bools, Ints

BEFORE: Final = 0
AFTER: Final = 1


@dataclass(frozen=True, eq=False)
class Matched:
    """The rows of two days, key by key; pairs are (before, after). Arrays of shape (keys,).

    `place` is the first row of the key on that day, NONE where it has none. `numerator` and
    `denominator` are the key's sums; the denominators are over `scale` on both days.
    """

    scopes: tuple[Scope, Scope]
    rows: tuple[Rows, Rows]
    place: tuple[Ints, Ints]
    numerator: tuple[Ints, Ints]
    denominator: tuple[Ints, Ints]
    scale: int

    def __len__(self) -> int:
        return len(self.place[BEFORE])

    @property
    def days(self) -> tuple[int, int]:
        """The two days, of a state of a day."""
        return self.scopes[BEFORE].low, self.scopes[AFTER].low

    @property
    def appeared(self) -> Bools:
        return np.equal(self.place[BEFORE], NONE)

    @property
    def vanished(self) -> Bools:
        return np.equal(self.place[AFTER], NONE)

    @property
    def stayed(self) -> Bools:
        return ~(self.appeared | self.vanished)

    @property
    def numerator_rise(self) -> Ints:
        return self.numerator[AFTER] - self.numerator[BEFORE]

    @property
    def denominator_rise(self) -> Ints:
        return self.denominator[AFTER] - self.denominator[BEFORE]

    def column(self, name: str) -> Ints:
        """A column of the rows: on the later day, for what vanished on the earlier one."""
        found = picked(self.rows[AFTER].column(name), self.place[AFTER])
        gone = self.vanished
        found[gone] = self.rows[BEFORE].column(name)[self.place[BEFORE][gone]]
        return found

    def of_day(self, name: str, day: int) -> Ints:
        """The column on one of the days; NONE for what is not there, or where nothing is told."""
        rows, place = self.rows[day], self.place[day]
        return picked(rows.column(name), place) if rows.tells(name) else np.full(len(self), NONE)

    def step(
        self,
        cause: Cause,
        chosen: Bools,
        numerator: Ints | None = None,
        denominator: Ints | None = None,
        *,
        told_by: int | None = None,
    ) -> "Step":
        """A part of the differences of the chosen keys: all of them where none is given.

        `told_by` is the day whose row says whom it is about, where the two may differ.
        """
        key = np.flatnonzero(chosen)
        nothing = np.zeros(len(key), np.int64)
        if numerator is None and denominator is None:
            numerator, denominator = self.numerator_rise, self.denominator_rise
        return Step(
            cause=cause,
            key=key,
            numerator=nothing if numerator is None else numerator[key],
            denominator=nothing if denominator is None else denominator[key],
            told_by=told_by,
        )


@dataclass(frozen=True, eq=False)
class Step:
    """What one cause adds to the keys named, arrays of shape (steps,)."""

    cause: Cause
    key: Ints
    numerator: Ints
    denominator: Ints
    told_by: int | None

    def only(self, chosen: Bools) -> Self:
        """Those of the keys flagged."""
        kept = chosen[self.key]
        return replace(
            self,
            key=self.key[kept],
            numerator=self.numerator[kept],
            denominator=self.denominator[kept],
        )


Causes = Callable[[Matched], Sequence[Step]]


def picked(column: Ints, place: Ints) -> Ints:
    """The column's values at the places; NONE where the place is none."""
    found: Ints = np.append(column, NONE)[place]
    return found
