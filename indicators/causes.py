"""Why a figure changed between two days: the difference of each thing in steps with a cause, pure.

What stands behind a figure on the two days is matched by the indicator's key. A function of causes
divides the difference of each key into steps that add up to it; those without a difference are left
out afterwards. An indicator without a function of its own gets `counted` or `windowed`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np

from indicators.choices import Cause, Event
from indicators.contributions import NONE, Rows
from indicators.residency import Residencies
from indicators.scope import Scope
from indicators.tables import DAY_BITS, ID_BITS, OPEN, Bools, Ints, SpacePeriods

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
        found = _picked(self.rows[AFTER].column(name), self.place[AFTER])
        gone = self.vanished
        found[gone] = self.rows[BEFORE].column(name)[self.place[BEFORE][gone]]
        return found

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


def counted(matched: Matched) -> list[Step]:
    """What nobody knows better of: counted now, counted no more, counted differently."""
    return [
        matched.step(Cause.COUNTED, matched.appeared),
        matched.step(Cause.NOT_COUNTED, matched.vanished),
        matched.step(Cause.CHANGED, matched.stayed),
    ]


def windowed(matched: Matched) -> list[Step]:
    """What happened in twelve months: those that begin and end later."""
    return [
        matched.step(Cause.ENTERED_WINDOW, matched.appeared),
        matched.step(Cause.FELL_OUT, matched.vanished),
        matched.step(Cause.CHANGED, matched.stayed),
    ]


def people(matched: Matched) -> list[Step]:
    """Companies that are counted once in their scope."""
    scope = matched.scopes[AFTER]
    position = np.full(len(matched), scope.site or 0)
    return _companies(matched, scope.residencies(), scope.residencies(hosted=False), position)


def _companies(
    matched: Matched, present: Residencies, others: Residencies, site: Ints
) -> list[Step]:
    """Who came and who left, by the residencies they are counted by. One that is there as another
    kind of tenant on the other day has neither come nor left."""
    company = matched.column("company")
    first, last = matched.days
    rose, fell = matched.numerator_rise > 0, matched.numerator_rise < 0
    there_before = rose & _alive(others, site, company, first)
    there_after = fell & _alive(others, site, company, last)
    known = rose & ~there_before & (_first_day(present, site, company) <= first)
    return [
        matched.step(Cause.CAME, rose & ~there_before & ~known),
        matched.step(Cause.RETURNED, known),
        matched.step(Cause.COUNTS_NOW, there_before),
        matched.step(Cause.LEFT, fell & ~there_after),
        matched.step(Cause.COUNTS_NO_MORE, there_after),
    ]


def places(matched: Matched) -> list[Step]:
    """Companies at open sites, and the places there are for them (rows of no company)."""
    book = matched.scopes[AFTER].portfolio
    site = np.searchsorted(book.site_ids, matched.column("site"))
    company = matched.column("company")
    room, present = company == NONE, book.residencies()
    first, last = matched.days
    is_open = [(book.opened[site] <= day) & (day < book.closed[site]) for day in (first, last)]
    opened = ~is_open[BEFORE] & (room | _alive(present, site, company, first))
    closed = ~is_open[AFTER] & (room | _alive(present, site, company, last))
    moved = ~(opened | closed | room)
    return [
        matched.step(Cause.SITE_OPENED, opened),
        matched.step(Cause.SITE_CLOSED, closed & ~opened),
        matched.step(Cause.CAPACITY_CHANGED, room & ~opened & ~closed),
        *(
            step.only(moved)
            for step in _companies(matched, present, book.residencies(hosted=False), site)
        ),
    ]


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
    repaired = matched.appeared & _in_force(book.out_of_service, spaces, first)
    measured = matched.appeared & ~repaired & _in_force(book.lettable, spaces, first)
    works = matched.vanished & _in_force(book.out_of_service, spaces, last)
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


def moves(matched: Matched, event: Event) -> list[Step]:
    """Companies that came or left in the twelve months; the days of those hosted, as the
    denominator of an average."""
    rose, fell = matched.numerator_rise > 0, matched.numerator_rise < 0
    rise = matched.numerator_rise
    if event is Event.EXIT:
        moved = [matched.step(Cause.LEFT, rose, rise)]
    else:
        scope = matched.scopes[AFTER]
        company = matched.column("company")
        position = np.full(len(company), scope.site or 0)
        first = _first_day(scope.residencies(bridged=True), position, company)
        new = matched.column("start") == first
        moved = [
            matched.step(Cause.CAME, rose & new, rise),
            matched.step(Cause.RETURNED, rose & ~new, rise),
        ]
    days = matched.denominator_rise
    return [
        *moved,
        matched.step(Cause.FELL_OUT, fell, rise),
        matched.step(Cause.MORE_DAYS, days > 0, None, days),
        matched.step(Cause.FEWER_DAYS, days < 0, None, days),
    ]


def outcomes(matched: Matched) -> list[Step]:
    """Companies that are followed for a time, and what is known of them."""
    before, after = matched.denominator
    learned = matched.stayed & (before < after)
    forgotten = matched.stayed & (before > after)
    return [
        matched.step(Cause.FOLLOWED, matched.appeared),
        matched.step(Cause.FOLLOWED_NO_MORE, matched.vanished),
        matched.step(Cause.OUTCOME_KNOWN, learned),
        matched.step(Cause.OUTCOME_UNKNOWN, forgotten),
        matched.step(Cause.OUTCOME_CHANGED, matched.stayed & ~learned & ~forgotten),
    ]


def applications(matched: Matched) -> list[Step]:
    """Files that wait for an outcome: received since, told theirs, or ended without one."""
    new = matched.appeared & (matched.column("start") > matched.days[BEFORE])
    told = matched.vanished & (matched.column("end") != OPEN)
    return [
        matched.step(Cause.RECEIVED, new),
        matched.step(Cause.REOPENED, matched.appeared & ~new),
        matched.step(Cause.DECIDED, told),
        matched.step(Cause.WITHDRAWN, matched.vanished & ~told),
    ]


def waiting(matched: Matched) -> list[Step]:
    """Places on a waiting list."""
    return [
        matched.step(Cause.JOINED_LIST, matched.appeared),
        matched.step(Cause.LEFT_LIST, matched.vanished),
    ]


def medians(matched: Matched) -> list[Step]:
    """Of a median: whoever is the middle bears it, and gives it up when others come or go."""
    return [
        matched.step(Cause.ENTERED_WINDOW, matched.appeared),
        matched.step(Cause.FELL_OUT, matched.vanished),
        matched.step(Cause.MIDDLE_MOVED, matched.stayed),
    ]


def _picked(column: Ints, place: Ints) -> Ints:
    """The column's values at the places; NONE where the place is none."""
    found: Ints = np.append(column, NONE)[place]
    return found


# Companies


def _key(site: Ints, company: Ints, day: Ints | int) -> Ints:
    found: Ints = (((site << ID_BITS) | company) << DAY_BITS) | day
    return found


def _alive(residencies: Residencies, site: Ints, company: Ints, day: int) -> Bools:
    """Whether each company is there on the day; never where the company is none."""
    return _end_of(residencies, site, company, day) > day


def _end_of(residencies: Residencies, site: Ints, company: Ints, day: int) -> Ints:
    """The end of each company's last residency that began by the day; 0 where there is none."""
    begins = _key(residencies.site, residencies.company, residencies.start)
    asked = np.maximum(company, 0)
    at = np.searchsorted(begins, _key(site, asked, day), side="right") - 1
    same = _picked(residencies.company, at) == company
    same &= _picked(residencies.site, at) == site
    return np.where(same & (company != NONE), _picked(residencies.end, at), 0)


def _first_day(residencies: Residencies, site: Ints, company: Ints) -> Ints:
    """The first day of each company's first residency; OPEN where it has none."""
    begins = _key(residencies.site, residencies.company, residencies.start)
    at = np.searchsorted(begins, _key(site, np.maximum(company, 0), 0))
    known = at < len(begins)
    at = np.where(known, at, NONE)
    same = _picked(residencies.company, at) == company
    same &= _picked(residencies.site, at) == site
    return np.where(known & same, _picked(residencies.start, at), OPEN)


# Spaces


def _in_force(table: SpacePeriods, space: Ints, day: int) -> Bools:
    """Whether one of the table's periods of each space holds the day."""
    return np.isin(space, table.space[(table.start <= day) & (day < table.end)])
