"""The rows behind a figure: which lettings, spaces and companies it adds up, pure.

The contributions add up exactly to the figure's numerator and denominator. Where a company
counts once, its first letting (by site, start, id) bears the 1 and its others bear 0, so that
the list is complete and still adds up. Rows are sorted as they are found; pages sort them anew.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from types import MappingProxyType
from typing import Final, Self

import numpy as np

from indicators.choices import MILESTONES, Event, Milestone
from indicators.daily import Scope
from indicators.floorspace import Pieces, SpaceUse
from indicators.formulas import INDICATORS, trailing_window
from indicators.portfolio import Portfolio
from indicators.residency import Residencies
from indicators.success import followed
from indicators.tables import DAY_BITS, NOWHERE, Bools, Ints

NONE: Final = -1  # no letting, company, site or space stands behind this part of a row


@dataclass(frozen=True, eq=False)
class Rows:
    """Ids and contributions, shape (rows,) throughout.

    `start` and `end` are those of the row's letting or residency, for a free space or a site's
    capacity those of the piece that counts. `numerator` is a count, or hundredths of a m²; the
    denominator's contribution is `denominator / scale`, where the scale is 1 but for averages.
    `outcome` and `declared_on` are as in `Outcomes`; None where an indicator asks for no outcome.
    """

    letting: Ints
    company: Ints
    site: Ints
    space: Ints
    start: Ints
    end: Ints
    numerator: Ints
    denominator: Ints
    scale: int = 1
    outcome: Ints | None = None
    declared_on: Ints | None = None

    def __len__(self) -> int:
        return len(self.numerator)

    @property
    def numerator_total(self) -> int:
        return int(self.numerator.sum())

    @property
    def denominator_total(self) -> Fraction:
        return Fraction(int(self.denominator.sum()), self.scale)

    def followed_by(self, other: Self) -> Self:
        """Both lists, one after the other, on the other's scale."""
        join = np.concatenate
        return replace(
            other,
            letting=join((self.letting, other.letting)),
            company=join((self.company, other.company)),
            site=join((self.site, other.site)),
            space=join((self.space, other.space)),
            start=join((self.start, other.start)),
            end=join((self.end, other.end)),
            numerator=join((self.numerator, other.numerator)),
            denominator=join((self.denominator, other.denominator)),
        )


def rows(portfolio: Portfolio, name: str, site: int | None, day: int, *, gap_days: int = 0) -> Rows:
    """What stands behind `formulas.figure` with the same arguments.

    Raises KeyError for an unknown name and ValueError for an unknown site.
    """
    start, end = trailing_window(day) if INDICATORS[name].is_windowed else (day, day + 1)
    return _BEHIND[name](_scope(portfolio, site, start, end, gap_days))


def period_rows(
    portfolio: Portfolio, name: str, site: int | None, start: int, end: int, *, gap_days: int = 0
) -> Rows:
    """What stands behind `formulas.period_figure` for entries, exits, turnover and departures.

    Raises ValueError for a state of a day: ask `rows` day by day.
    """
    if not INDICATORS[name].is_windowed:
        raise ValueError(f"{name} is a state of a day")
    return _BEHIND[name](_scope(portfolio, site, start, end, gap_days))


def _scope(portfolio: Portfolio, site: int | None, start: int, end: int, gap_days: int) -> Scope:
    position = None if site is None else portfolio.position(site)
    return Scope(portfolio, position, start, end, gap_days)


def _stays_in(scope: Scope, among: Bools) -> Ints:
    """The hosted stays of the scope among those flagged, by company, site, start and letting."""
    book, stays = scope.portfolio, scope.portfolio.stays
    chosen = among & (stays.hosted != 0)
    if scope.site is not None:
        chosen &= book.stay_site == scope.site
    row = np.flatnonzero(chosen)
    keys = (stays.letting[row], stays.start[row], book.stay_site[row], stays.company[row])
    return row[np.lexsort(keys)]


def _of_stays(portfolio: Portfolio, row: Ints, numerator: Ints) -> Rows:
    stays = portfolio.stays
    return Rows(
        letting=stays.letting[row],
        company=stays.company[row],
        site=stays.site[row],
        space=stays.space[row],
        start=stays.start[row],
        end=stays.end[row],
        numerator=numerator,
        denominator=np.zeros(len(row), np.int64),
    )


def _first_of_each(*columns: Ints) -> Ints:
    """1 where a sorted row differs in any column from the row before, else 0."""
    first = np.ones(len(columns[0]), np.int64)
    if len(first):
        first[1:] = np.any([column[1:] != column[:-1] for column in columns], axis=0)
    return first


def _hosted(scope: Scope) -> Rows:
    stays = scope.portfolio.stays
    row = _stays_in(scope, (stays.start <= scope.low) & (stays.end > scope.low))
    return _of_stays(scope.portfolio, row, _first_of_each(stays.company[row]))


def _ever_hosted(scope: Scope) -> Rows:
    """The first letting of each company, the one that made it a hosted company."""
    stays = scope.portfolio.stays
    row = _stays_in(scope, stays.start <= scope.low)
    row = row[np.lexsort((stays.letting[row], stays.start[row], stays.company[row]))]
    row = row[_first_of_each(stays.company[row]) == 1]
    return _of_stays(scope.portfolio, row, np.ones(len(row), np.int64))


def _occupancy_company(scope: Scope) -> Rows:
    """Lettings at open sites, then one row for each capacity in force."""
    book, stays, day = scope.portfolio, scope.portfolio.stays, scope.low
    is_open = (book.opened <= day) & (day < book.closed)
    alive = (stays.start <= day) & (stays.end > day)
    row = _stays_in(scope, alive & is_open[book.stay_site])
    present = _first_of_each(stays.company[row], stays.site[row])
    rooms = book.rooms_of(scope.site)
    capacity = np.flatnonzero((rooms.start <= day) & (rooms.end > day))
    none = np.full(len(capacity), NONE)
    capacities = Rows(
        letting=none,
        company=none,
        site=book.site_ids[rooms.site[capacity]],
        space=none,
        start=rooms.start[capacity],
        end=rooms.end[capacity],
        numerator=np.zeros(len(capacity), np.int64),
        denominator=rooms.companies[capacity],
    )
    return _of_stays(book, row, present).followed_by(capacities)


def _occupancy_area(scope: Scope) -> Rows:
    return _of_spaces(scope, scope.portfolio.area, as_units=False)


def _occupancy_unit(scope: Scope) -> Rows:
    return _of_spaces(scope, scope.portfolio.offices, as_units=True)


def _of_spaces(scope: Scope, everywhere: SpaceUse, *, as_units: bool) -> Rows:
    """One row for each space in service on the day, with the letting that takes it, if any."""
    book, day = scope.portfolio, scope.low
    use = scope.use(everywhere)

    def today(pieces: Pieces) -> Pieces:
        return pieces.only((pieces.start <= day) & (pieces.end > day))

    space, let = today(use.lettable), today(use.let)
    space = space.only(~np.isin(space.space, today(use.out).space))
    weight = np.ones(len(space.space), np.int64) if as_units else space.centi_m2
    stay = np.full(len(space.space), NONE)
    stay[np.searchsorted(space.space, let.space)] = let.source
    is_let = stay != NONE
    taken = stay[is_let]

    def of_stay(column: Ints, free: Ints) -> Ints:
        found = free.copy()
        found[is_let] = column[taken]
        return found

    stays, none = book.stays, np.full(len(stay), NONE)
    return Rows(
        letting=of_stay(stays.letting, none),
        company=of_stay(stays.company, none),
        site=book.site_ids[book.space_site[space.space]],
        space=book.space_ids[space.space],
        start=of_stay(stays.start, space.start),
        end=of_stay(stays.end, space.end),
        numerator=np.where(is_let, weight, 0),
        denominator=weight,
    )


def _entries(scope: Scope) -> Rows:
    """The residencies that start, each with a letting that starts it."""
    stays = scope.portfolio.stays
    moves = scope.residencies(bridged=True)
    chosen = (moves.start >= scope.low) & (moves.start < scope.high)
    return _of_moves(scope, moves, chosen, moves.start, stays.start)


def _exits(scope: Scope) -> Rows:
    """The residencies that end, each with a letting that ends it."""
    stays = scope.portfolio.stays
    moves = scope.residencies(bridged=True)
    chosen = (moves.end > scope.low) & (moves.end <= scope.high)
    return _of_moves(scope, moves, chosen, moves.end, stays.end)


def _of_moves(
    scope: Scope, moves: Residencies, chosen: Bools, moved: Ints, stay_days: Ints
) -> Rows:
    """The chosen residencies; their letting is one of the company's with the same day."""
    book = scope.portfolio
    days = moved[chosen]
    row = _stays_in(scope, np.isin(stay_days, days))
    key = (book.stays.company[row] << DAY_BITS) | stay_days[row]
    order = np.argsort(key, kind="stable")
    wanted = (moves.company[chosen] << DAY_BITS) | days
    row = row[order[np.searchsorted(key[order], wanted)]]
    found = _of_stays(book, row, np.ones(len(row), np.int64))
    return replace(found, start=moves.start[chosen], end=moves.end[chosen])


def _turnover(scope: Scope) -> Rows:
    return _entries(scope).followed_by(_company_days(scope))


def _departure_rate(scope: Scope) -> Rows:
    return _exits(scope).followed_by(_company_days(scope))


def _company_days(scope: Scope) -> Rows:
    """The companies' days in the window, one row for each residency without bridged gaps."""
    inside = scope.residencies()
    days = np.minimum(inside.end, scope.high) - np.maximum(inside.start, scope.low)
    chosen = np.flatnonzero(days > 0)
    site = NONE if scope.site is None else int(scope.portfolio.site_ids[scope.site])
    none = np.full(len(chosen), NONE)
    return Rows(
        letting=none,
        company=inside.company[chosen],
        site=np.full(len(chosen), site),
        space=np.full(len(chosen), NOWHERE),
        start=inside.start[chosen],
        end=inside.end[chosen],
        numerator=np.zeros(len(chosen), np.int64),
        denominator=days[chosen],
        scale=scope.high - scope.low,
    )


def _success(scope: Scope, milestone: Milestone) -> Rows:
    """The companies counted on the day, known and unknown, each with the letting that began the
    residency it entered by, or ended the one it left."""
    found = followed(scope, milestone)
    today = np.flatnonzero((found.start <= scope.low) & (found.end > scope.low))
    moves = found.residencies.only(found.residency[today])
    stays, everyone = scope.portfolio.stays, np.ones(len(today), np.bool_)
    if milestone.event is Event.ENTRY:
        behind = _of_moves(scope, moves, everyone, moves.start, stays.start)
    else:
        behind = _of_moves(scope, moves, everyone, moves.end, stays.end)
    return replace(
        behind,
        numerator=found.succeeded[today].astype(np.int64),
        denominator=found.known[today].astype(np.int64),
        outcome=found.outcome[today],
        declared_on=found.declared_on[today],
    )


_BEHIND: Final[Mapping[str, Callable[[Scope], Rows]]] = MappingProxyType(
    {
        "hosted": _hosted,
        "ever_hosted": _ever_hosted,
        "occupancy_area": _occupancy_area,
        "occupancy_unit": _occupancy_unit,
        "occupancy_company": _occupancy_company,
        "entries": _entries,
        "exits": _exits,
        "turnover": _turnover,
        "departure_rate": _departure_rate,
        **{milestone.name: partial(_success, milestone=milestone) for milestone in MILESTONES},
    }
)
