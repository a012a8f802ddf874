"""Contracted rent, what it is per m², what is forgone of it, and how full it makes a hub, pure.

A figure of many days is summed by day; its rows are those of one day. The rows of the contracted
rent are the rent roll.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from indicators.contributions import NONE, Rows, of_stays
from indicators.daily import Daily
from indicators.floorspace import Pieces, SpaceUse
from indicators.intervals import stock
from indicators.rentals import Rentals
from indicators.scope import Scope
from indicators.tables import OPEN, Ints


def contracted_rent(scope: Scope) -> Daily:
    """The month's rent of the lettings of the day; how many they are beside."""
    here = scope.portfolio.rentals.at(scope.site)
    return Daily(
        _by_day(scope, here, here.rent),
        None,
        {"lettings": stock(here.start, here.end, scope.low, scope.high)},
    )


def rent_roll(scope: Scope) -> Rows:
    """The lettings of the day, each with what its rent follows from."""
    here = of_day(scope)
    return told(scope, here, here.rent)


def rent_per_m2(scope: Scope) -> Daily:
    """The rent of lettings with m² over these m²."""
    here = scope.portfolio.rentals.at(scope.site)
    parted = here.parted()
    here = here.only(here.centi_m2 > 0)
    area = _by_day(scope, here, here.centi_m2) - _by_day(scope, parted, parted.centi_m2)
    return Daily(_by_day(scope, here, here.rent), area, {})


def rent_per_m2_rows(scope: Scope) -> Rows:
    here = of_day(scope)
    area, has_m2 = areas(here), here.centi_m2 > 0
    here = here.only(has_m2)
    return told(scope, here, here.rent, area[has_m2])


def rent_forgone(scope: Scope) -> Daily:
    """What lettings of the day ask less than the list rent on purpose, by the month."""
    here = scope.portfolio.rentals.at(scope.site)
    here = here.only(here.forgone > 0)
    return Daily(
        _by_day(scope, here, here.forgone),
        None,
        {"lettings": stock(here.start, here.end, scope.low, scope.high)},
    )


def rent_forgone_rows(scope: Scope) -> Rows:
    here = of_day(scope)
    here = here.only(here.forgone > 0)
    return told(scope, here, here.forgone)


def economic_occupancy(scope: Scope) -> Daily:
    """Contracted rent over itself and the list rent of what is free. Beside: the list rent forgone,
    and the free spaces of sites that have no list price on the day, valued at nothing."""
    rentals = scope.portfolio.rentals.at(scope.site)
    rent = _by_day(scope, rentals, rentals.rent)
    use = scope.use(scope.portfolio.area)
    worth = scope.use(scope.portfolio.priced_area)
    free = _free(*(_sum(scope, pieces) for pieces in (worth.lettable, worth.out, worth.let)))
    unpriced = _free(*(scope.alive(pieces) for pieces in (use.lettable, use.out, use.let)))
    unpriced -= _free(*(scope.alive(pieces) for pieces in (worth.lettable, worth.out, worth.let)))
    forgone = _by_day(scope, rentals, rentals.forgone)
    beside = {"forgone_centimes": forgone, "free_without_list_price": unpriced}
    return Daily(rent, rent + free, beside)


def economic_occupancy_rows(scope: Scope) -> Rows:
    """The rent roll, then one row for each free space with its list rent."""
    let = rent_roll(scope)
    return replace(let, denominator=let.numerator).followed_by(_free_spaces(scope))


def areas(here: Rentals) -> Ints:
    """The m² of pieces of one day, each m² once."""
    paid = here.lease[~here.is_for_nothing]
    return np.where(here.is_for_nothing & np.isin(here.lease, paid), 0, here.centi_m2)


def told(
    scope: Scope,
    here: Rentals,
    numerator: Ints,
    denominator: Ints | None = None,
    more: Mapping[str, Ints] = MappingProxyType({}),
) -> Rows:
    """A row for each piece of one day, sorted by site, space and letting."""
    found = of_stays(scope.portfolio, here.stay, numerator, denominator)
    order = np.lexsort((found.letting, found.space, found.site))
    return replace(found, more={**_facts(scope, here), **more}).only(order)


def of_day(scope: Scope) -> Rentals:
    return scope.portfolio.rentals.at(scope.site).on(scope.low)


def _facts(scope: Scope, here: Rentals) -> Mapping[str, Ints]:
    """What a rent roll tells beside the rent; NONE where there is nothing to tell: a flat rent has
    no rate per m², a domiciliation no m²."""
    rents, source = here.rents, here.source
    everybody = of_day(scope)
    ends = scope.portfolio.endings.at(scope.site).on(scope.low)
    until = np.full(len(scope.portfolio.stays), OPEN)
    until[ends.rentals.stay] = ends.until
    area = np.zeros(len(until), np.int64)
    area[everybody.stay] = areas(everybody)
    last_day = np.where(until[here.stay] < OPEN, until[here.stay] - 1, OPEN)
    less, listed = rents.full[source] - rents.rent[source], rents.listed[source]
    return {
        "agreed_centi_m2": np.where(here.centi_m2 > 0, area[here.stay], NONE),
        "rate_ten_thousandths": np.where(rents.is_per_m2[source] != 0, rents.rate[source], NONE),
        "full_centimes": rents.full[source],
        "discount_centimes": np.where(less > 0, less, NONE),
        "listed_centimes": np.where(listed > 0, listed, NONE),
        "contract_ends_on": last_day,
    }


def _free_spaces(scope: Scope) -> Rows:
    """The spaces in service that nobody has on the day; those without a list price count 0."""
    book, day = scope.portfolio, scope.low

    def on_the_day(use: SpaceUse) -> Pieces:
        here = scope.use(use)
        lettable, out, let = (
            pieces.only((pieces.start <= day) & (pieces.end > day))
            for pieces in (here.lettable, here.out, here.let)
        )
        return lettable.only(~np.isin(lettable.space, np.concatenate((out.space, let.space))))

    space, priced = on_the_day(book.area), on_the_day(book.priced_area)
    worth = np.zeros(len(space), np.int64)
    worth[np.searchsorted(space.space, priced.space)] = priced.centi_m2
    none = np.full(len(space), NONE)
    return Rows(
        letting=none,
        company=none,
        site=book.site_ids[book.space_site[space.space]],
        space=book.space_ids[space.space],
        start=space.start,
        end=space.end,
        numerator=np.zeros(len(space), np.int64),
        denominator=worth,
    )


def _free(lettable: Ints, out: Ints, let: Ints) -> Ints:
    return lettable - out - let


def _sum(scope: Scope, pieces: Pieces) -> Ints:
    return stock(pieces.start, pieces.end, scope.low, scope.high, pieces.centi_m2)


def _by_day(scope: Scope, here: Rentals, weight: Ints) -> Ints:
    return stock(here.start, here.end, scope.low, scope.high, weight)
