"""The formulas, day by day: what each indicator counts on every day of a calendar, pure.

One function an indicator, each returning sums by day. A figure of a day reads that day, a figure
of a period adds the days up, so that both are the same arithmetic.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from indicators.intervals import stock
from indicators.residency import Residencies
from indicators.scope import Scope
from indicators.tables import OPEN, Ints


@dataclass(frozen=True, eq=False)
class Daily:
    """Sums by day, shape (days of the calendar,); `beside` is what is printed beside, by code."""

    numerator: Ints
    denominator: Ints | None
    beside: Mapping[str, Ints]


def hosted(scope: Scope) -> Daily:
    """Distinct companies with a counting letting; the other kinds of tenant beside."""
    companies = scope.alive(scope.residencies())
    beside = {"others": scope.alive(scope.residencies(hosted=False))}
    if scope.site is None:
        # A company at two sites is one in the network.
        beside["overlap"] = scope.alive(scope.presences()) - companies
    return Daily(companies, None, beside)


def ever_hosted(scope: Scope) -> Daily:
    """Distinct companies hosted on any day so far."""
    companies = _ever(scope, scope.residencies())
    beside = {"others": _ever(scope, scope.residencies(hosted=False))}
    if scope.site is None:
        beside["overlap"] = _ever(scope, scope.presences()) - companies
    return Daily(companies, None, beside)


def _ever(scope: Scope, residencies: Residencies) -> Ints:
    first = residencies.start[residencies.is_first]
    return stock(first, np.full(len(first), OPEN), scope.low, scope.high)


def occupancy_area(scope: Scope) -> Daily:
    """Let area over lettable area in service. Beside: what of the rest is held for somebody, the
    area out of service, and the lettings whose space is not measured or not lettable that day,
    which therefore count on no side."""
    use = scope.use(scope.portfolio.area)
    out = scope.centi_m2(use.out)
    held, taken = scope.held(use)
    here = scope.portfolio.spaces_of(scope.site)
    placed, counted = (pieces.of_spaces(*here) for pieces in scope.portfolio.partly_counted)
    return Daily(
        scope.centi_m2(use.let),
        scope.centi_m2(use.lettable) - out,
        {
            "held_centi_m2": scope.centi_m2(held) - scope.centi_m2(taken),
            "out_of_service_centi_m2": out,
            "lettings_without_area": scope.alive(placed) - scope.alive(counted),
        },
    )


def occupancy_unit(scope: Scope) -> Daily:
    """Let over lettable office-like units in service; what is held of them, and the desks,
    beside."""
    offices = scope.use(scope.portfolio.offices)
    held, taken = scope.held(offices)
    desks = scope.use(scope.portfolio.desks)
    out = scope.alive(offices.out)
    return Daily(
        scope.alive(offices.let),
        scope.alive(offices.lettable) - out,
        {
            "held": scope.alive(held) - scope.alive(taken),
            "out_of_service": out,
            "desks_let": scope.alive(desks.let),
            "desks": scope.alive(desks.lettable) - scope.alive(desks.out),
        },
    )


def occupancy_company(scope: Scope) -> Daily:
    """Hosted companies over capacity, at open sites only; the network adds its sites up."""
    book = scope.portfolio
    chosen = slice(None) if scope.site is None else slice(scope.site, scope.site + 1)
    present = scope.presences()
    rooms = book.rooms_of(scope.site)
    open_sites = stock(book.opened[chosen], book.closed[chosen], scope.low, scope.high)
    with_capacity = stock(rooms.start, rooms.end, scope.low, scope.high)
    start, end = book.while_open(present.site, present.start, present.end)
    return Daily(
        stock(start, end, scope.low, scope.high),
        stock(rooms.start, rooms.end, scope.low, scope.high, rooms.companies),
        {"open_sites": open_sites, "sites_without_capacity": open_sites - with_capacity},
    )


def entries(scope: Scope) -> Daily:
    """Residencies that start; new companies have never been in the scope before."""
    residencies = scope.residencies(bridged=True)
    starts = scope.falling_on(residencies.start)
    new = scope.falling_on(residencies.start[residencies.is_first])
    unbridged = scope.falling_on(scope.residencies().start)
    others = scope.falling_on(scope.residencies(hosted=False, bridged=True).start)
    beside = {"new": new, "returning": starts - new, "others": others}
    return Daily(starts, None, beside | {"bridged": unbridged - starts})


def exits(scope: Scope) -> Daily:
    """Residencies that end, each dated by its last day."""
    ends = scope.falling_on(scope.residencies(bridged=True).end - 1)
    unbridged = scope.falling_on(scope.residencies().end - 1)
    others = scope.falling_on(scope.residencies(hosted=False, bridged=True).end - 1)
    return Daily(ends, None, {"others": others, "bridged": unbridged - ends})


def turnover(scope: Scope) -> Daily:
    """Entries over company-days; over a window, its days turn company-days into an average."""
    return _over_average(scope, entries(scope))


def departure_rate(scope: Scope) -> Daily:
    """Exits over company-days."""
    return _over_average(scope, exits(scope))


def _over_average(scope: Scope, moves: Daily) -> Daily:
    company_days = scope.alive(scope.residencies())
    others = scope.alive(scope.residencies(hosted=False))
    beside = {"company_days": company_days, "other_company_days": others}
    return Daily(moves.numerator, company_days, {**moves.beside, **beside})
