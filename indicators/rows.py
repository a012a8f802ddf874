"""The rows behind the figures of space and people, one function an indicator, pure.

Each takes the scope with the days that are asked for: [day, day + 1) for a state of a day, the
window for what happened in it. formulas.py puts them into the registry.
"""

from dataclasses import replace

import numpy as np

from indicators.choices import Event, Milestone
from indicators.contributions import NONE, Rows, first_of_each, of_stays, stays_in
from indicators.floorspace import Pieces, SpaceUse
from indicators.residency import Residencies
from indicators.scope import Scope
from indicators.success import followed
from indicators.tables import DAY_BITS, NOWHERE, Bools, Ints


def hosted(scope: Scope) -> Rows:
    stays = scope.portfolio.stays
    row = stays_in(scope, (stays.start <= scope.low) & (stays.end > scope.low))
    return of_stays(scope.portfolio, row, first_of_each(stays.company[row]))


def ever_hosted(scope: Scope) -> Rows:
    """The first letting of each company, the one that made it a hosted company."""
    stays = scope.portfolio.stays
    row = stays_in(scope, stays.start <= scope.low)
    row = row[np.lexsort((stays.letting[row], stays.start[row], stays.company[row]))]
    row = row[first_of_each(stays.company[row]) == 1]
    return of_stays(scope.portfolio, row, np.ones(len(row), np.int64))


def occupancy_company(scope: Scope) -> Rows:
    """Lettings at open sites, then one row for each capacity in force."""
    book, stays, day = scope.portfolio, scope.portfolio.stays, scope.low
    is_open = (book.opened <= day) & (day < book.closed)
    alive = (stays.start <= day) & (stays.end > day)
    row = stays_in(scope, alive & is_open[book.stay_site])
    present = first_of_each(stays.company[row], stays.site[row])
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
    return of_stays(book, row, present).followed_by(capacities)


def occupancy_area(scope: Scope) -> Rows:
    return _of_spaces(scope, scope.portfolio.area, as_units=False)


def occupancy_unit(scope: Scope) -> Rows:
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


def entries(scope: Scope) -> Rows:
    """The residencies that start, each with a letting that starts it."""
    stays = scope.portfolio.stays
    moves = scope.residencies(bridged=True)
    chosen = (moves.start >= scope.low) & (moves.start < scope.high)
    return _of_moves(scope, moves, chosen, moves.start, stays.start)


def exits(scope: Scope) -> Rows:
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
    row = stays_in(scope, np.isin(stay_days, days))
    key = (book.stays.company[row] << DAY_BITS) | stay_days[row]
    order = np.argsort(key, kind="stable")
    wanted = (moves.company[chosen] << DAY_BITS) | days
    row = row[order[np.searchsorted(key[order], wanted)]]
    found = of_stays(book, row, np.ones(len(row), np.int64))
    return replace(found, start=moves.start[chosen], end=moves.end[chosen])


def turnover(scope: Scope) -> Rows:
    return entries(scope).followed_by(_company_days(scope))


def departure_rate(scope: Scope) -> Rows:
    return exits(scope).followed_by(_company_days(scope))


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


def success(scope: Scope, milestone: Milestone) -> Rows:
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
        more={"outcome": found.outcome[today], "declared_on": found.declared_on[today]},
    )
