"""The whole network as the indicators see it, with what is derived from it only once, pure."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Protocol, TypeVar, cast

import numpy as np

from indicators.contracts import Agreed, ends
from indicators.floorspace import Pieces, SpaceUse
from indicators.intervals import Spans, found_in, in_order, overlaps, packed, places, union
from indicators.knowledge import Outcomes
from indicators.rentals import Endings, Rentals, at_list_price
from indicators.residency import Residencies
from indicators.tables import (
    DAY_BITS,
    DESK,
    ID_BITS,
    MOST_SITES,
    NOWHERE,
    OFFICE,
    OPEN,
    STARTUP,
    Capacities,
    Contracts,
    Declarations,
    Holds,
    Ints,
    ListPrices,
    Measures,
    Renewals,
    Rents,
    Sites,
    SpacePeriods,
    Spaces,
    Stays,
    Table,
    Terms,
)

T = TypeVar("T", bound=Table)


class Fetch(Protocol):
    """Gives a table that few figures need, when the first of them is asked for."""

    def __call__(self, table: type[T], /) -> T: ...


@dataclass(frozen=True, eq=False)
class Rooms:
    """Capacities in force at open sites, in companies; `site` is a position."""

    site: Ints
    start: Ints
    end: Ints
    companies: Ints


@dataclass(frozen=True, eq=False)
class Portfolio:
    """Every table of the network. Never changed after it is made: what it derives is kept.

    `gap_days` is how long an absence may be that the network bridges in residencies.

    Raises ValueError for rows that name an unknown site or space, for ids outside 0..2**31, and
    for overlaps within a space or site where the database forbids them. Every other table is
    fetched when a figure first needs it, and kept (`table`).
    """

    stays: Stays
    measures: Measures
    lettable: SpacePeriods
    out_of_service: SpacePeriods
    spaces: Spaces
    capacities: Capacities
    sites: Sites
    fetch: Fetch
    gap_days: int = 0
    _fetched: dict[type[Table], Table] = field(default_factory=dict, init=False, repr=False)
    _residencies: dict[tuple[bool, bool, int], Residencies] = field(
        default_factory=dict, init=False, repr=False
    )

    def __post_init__(self) -> None:
        for ids in (self.stays.company, self.spaces.id, self.sites.id):
            _check_ids(ids)
        if len(self.sites) > MOST_SITES:
            raise ValueError(f"more than {MOST_SITES} sites")
        for ids in (self.site_ids, np.sort(self.spaces.id)):
            if np.any(ids[1:] == ids[:-1]):
                raise ValueError("an id stands twice")
        rooms = self.capacities
        order = np.lexsort((rooms.start, rooms.site))
        if overlaps(Spans(rooms.site[order], rooms.start[order], rooms.end[order])):
            raise ValueError("two capacities of one site overlap")

    def table(self, kind: type[T]) -> T:
        """A table beside those that every figure of space and people reads."""
        if kind not in self._fetched:
            self._fetched[kind] = self.fetch(kind)
        return cast("T", self._fetched[kind])

    @cached_property
    def site_ids(self) -> Ints:
        """The sites' ids, ascending: a site's position here stands for it everywhere inside."""
        return np.sort(self.sites.id)

    @cached_property
    def opened(self) -> Ints:
        """First day open, in the order of `site_ids`."""
        return self.sites.opened[np.argsort(self.sites.id)]

    @cached_property
    def closed(self) -> Ints:
        """Day closed, in the order of `site_ids`."""
        return self.sites.closed[np.argsort(self.sites.id)]

    def position(self, site: int) -> int:
        """The site's position. Raises ValueError when there is no such site."""
        return int(places(self.site_ids, np.array([site]), "site")[0])

    def rateable_from(self, site: int | None) -> int:
        """The first day open of the site (by position), or of the network; OPEN when planned."""
        if site is not None:
            return int(self.opened[site])
        return int(self.opened.min(initial=OPEN))

    def while_open(self, site: Ints, start: Ints, end: Ints) -> tuple[Ints, Ints]:
        """Periods at sites (by position) cut to the days the site is open; some come out empty,
        with the end on the start."""
        start = np.maximum(start, self.opened[site])
        return start, np.maximum(np.minimum(end, self.closed[site]), start)

    def rooms_of(self, site: int | None) -> Rooms:
        """The capacities of a site, or of all, cut to the days it is open."""
        rows = self.capacities
        position = places(self.site_ids, rows.site, "site")
        chosen = slice(None) if site is None else position == site
        start, end = self.while_open(position, rows.start, rows.end)
        return Rooms(position[chosen], start[chosen], end[chosen], rows.companies[chosen])

    # Companies

    def residencies(
        self, *, hosted: bool = True, network: bool = False, gap_days: int = 0
    ) -> Residencies:
        """The residencies per site or in the network, of the hosted kinds or of the others."""
        key = (hosted, network, gap_days)
        if key not in self._residencies:
            self._residencies[key] = self._melt(hosted, network, gap_days)
        return self._residencies[key]

    def _melt(self, hosted: bool, network: bool, gap_days: int) -> Residencies:
        if gap_days:
            return self.residencies(hosted=hosted, network=network).bridging(gap_days)
        if network:
            return self.residencies(hosted=hosted).across_sites()
        stays = self.stays
        chosen = np.flatnonzero((stays.hosted != 0) == hosted)
        return Residencies.of_stays(
            self.stay_site[chosen], stays.company[chosen], stays.start[chosen], stays.end[chosen]
        )

    @cached_property
    def outcomes(self) -> Outcomes:
        """What is known of each company on every day."""
        declarations = self.table(Declarations)
        _check_ids(declarations.company)
        return Outcomes.of(self.residencies(network=True), declarations)

    @cached_property
    def startups(self) -> tuple[Ints, Ints]:
        """The companies that ever were start-ups, by id, and the first day each was one."""
        row = np.flatnonzero(self.stays.kind == STARTUP)
        row = row[np.lexsort((self.stays.start[row], self.stays.company[row]))]
        company, first = np.unique(self.stays.company[row], return_index=True)
        return company, self.stays.start[row][first]

    def agreed_on(self, day: int) -> Agreed:
        """What was agreed of each stay, as it stood on the day."""
        return Agreed.on(day, self.stays, self.table(Terms))

    @cached_property
    def agreed(self) -> Agreed:
        """What is agreed of each stay now."""
        return self.agreed_on(OPEN - 1)

    @cached_property
    def ends(self) -> tuple[Ints, Ints]:
        """Every end of a contract that a tenant came to: the stay's row, and the day after."""
        return ends(self.stays, self.agreed, self.table(Contracts), self.table(Renewals))

    @cached_property
    def stay_site(self) -> Ints:
        """The position of each stay's site."""
        return places(self.site_ids, self.stays.site, "site")

    # Rents

    @cached_property
    def rentals(self) -> Rentals:
        """The rents of the stays, on the days of each."""
        return Rentals.of(self.table(Rents), self.stays, self.stay_site)

    @cached_property
    def endings(self) -> Endings:
        """The same with the end that was agreed on each day."""
        return Endings.of(self.rentals, self.table(Terms), self.stays)

    # Spaces

    @cached_property
    def _space_order(self) -> Ints:
        """The spaces' rows by site, then by id: a site's spaces stand together."""
        return np.lexsort((self.spaces.id, places(self.site_ids, self.spaces.site, "site")))

    @cached_property
    def space_ids(self) -> Ints:
        """The spaces' ids in their inner order; a space's position here stands for it inside."""
        return self.spaces.id[self._space_order]

    @cached_property
    def space_site(self) -> Ints:
        """The position of each space's site, ascending."""
        return places(self.site_ids, self.spaces.site, "site")[self._space_order]

    @cached_property
    def space_group(self) -> Ints:
        return self.spaces.unit_group[self._space_order]

    def spaces_of(self, site: int | None) -> tuple[int, int]:
        """The positions [low, high) of the spaces of a site, or of all."""
        if site is None:
            return 0, len(self.spaces)
        low, high = np.searchsorted(self.space_site, (site, site + 1))
        return int(low), int(high)

    @cached_property
    def area(self) -> SpaceUse:
        """The floor that is lettable and measured, with its areas."""
        measured = self._pieces(self.measures, "measures")
        measured = replace(measured, centi_m2=self.measures.centi_m2[measured.source])
        return self._use_of(self._lettable.within(measured))

    @cached_property
    def priced_area(self) -> SpaceUse:
        """The same floor at the list rent, in centimes a month, where its site has a list price."""
        prices = self.table(ListPrices)
        return at_list_price(self.area, self.space_site, self.site_ids, prices)

    @cached_property
    def _all_units(self) -> SpaceUse:
        return self._use_of(self._lettable)

    @cached_property
    def offices(self) -> SpaceUse:
        """The lettable office-like units, measured or not."""
        return self._all_units.only(self.space_group == OFFICE)

    @cached_property
    def desks(self) -> SpaceUse:
        """The lettable desks."""
        return self._all_units.only(self.space_group == DESK)

    @cached_property
    def placed(self) -> Pieces:
        """The stays that have a space, each whole, counted in an occupancy or not."""
        return self._pieces(self.stays, "lettings")

    @cached_property
    def partly_counted(self) -> tuple[Pieces, Pieces]:
        """The placed stays whose space is not lettable or not measured on some of their days, and
        what counts of them in an occupancy by area."""
        stays, let = self.stays, self.area.let
        counted = np.zeros(len(stays), np.int64)
        np.add.at(counted, let.source, let.end - let.start)
        partly = counted < stays.end - stays.start
        placed, let = (
            pieces.only(np.flatnonzero(partly[pieces.source])) for pieces in (self.placed, let)
        )
        return placed, let

    @cached_property
    def held(self) -> Pieces:
        """The days on which a hold of a space stood, for that day or a later one."""
        holds = self.table(Holds)
        space = found_in(self.space_ids, holds.space)
        start, end = holds.made, np.minimum(holds.end, holds.over)
        kept = (space >= 0) & (start < end)
        together = union(Spans(space[kept], start[kept], end[kept]))
        nothing = np.zeros(len(together.group), np.int64)
        return Pieces(*together, centi_m2=nothing, source=np.arange(len(nothing)))

    def _use_of(self, lettable: Pieces) -> SpaceUse:
        if len(self._out_of_service.within(self.placed)):
            raise ValueError("a space is let and out of service at once")
        return SpaceUse(
            lettable=lettable,
            out=self._out_of_service.within(lettable),
            let=self.placed.within(lettable),
        )

    @cached_property
    def _lettable(self) -> Pieces:
        return self._pieces(self.lettable, "lettable periods")

    @cached_property
    def _out_of_service(self) -> Pieces:
        return self._pieces(self.out_of_service, "outages")

    def _pieces(self, rows: Stays | Measures | SpacePeriods, what: str) -> Pieces:
        """The rows that have a space, each whole, as pieces without an area."""
        position = found_in(self.space_ids, rows.space)
        somewhere = position >= 0
        if np.any(rows.space[~somewhere] != NOWHERE):
            raise ValueError("a row names an unknown space")
        row = np.flatnonzero(somewhere)
        key, order = in_order(packed(position[row], rows.start[row]))
        row = row[order]
        position, start, end = key >> DAY_BITS, key & ((1 << DAY_BITS) - 1), rows.end[row]
        if overlaps(Spans(position, start, end)):
            raise ValueError(f"two {what} of one space overlap")
        return Pieces(position, start, end, np.zeros(len(row), np.int64), row)


def _check_ids(ids: Ints) -> None:
    """Sort keys have room for these only."""
    if len(ids) and (ids.min() < 0 or ids.max() >= 1 << ID_BITS):
        raise ValueError("an id is outside 0..2**31")
