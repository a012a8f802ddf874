"""The tables that the engine reads, loaded from the rooms below."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Final, TypeVar

import numpy as np
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from core.periods import today
from indicators.portfolio import Portfolio
from indicators.selectors import admission, contracts, money, rents, terms
from indicators.selectors.columns import columns, day_number, from_to, ordinal
from indicators.selectors.lettings import Lettings
from indicators.tables import (
    ACQUIRED,
    CLOSED,
    COMMON,
    DESK,
    MERGED,
    NOWHERE,
    OFFICE,
    OPEN,
    SPACE_KINDS,
    TENANT_KINDS,
    TRADING,
    UNKNOWN,
    Awaited,
    Billed,
    Capacities,
    Contracts,
    Declarations,
    Files,
    Holds,
    Ints,
    ListPrices,
    Measures,
    Owed,
    Places,
    Present,
    Renewals,
    Rents,
    Sectors,
    Sites,
    SpacePeriods,
    Spaces,
    Stays,
    Table,
    Terms,
    Trail,
    Walls,
)
from sites.choices import HOSTED_KINDS, SpaceKind
from sites.models import Site
from tenants.choices import DeclaredStatus
from tenants.models import Declaration

T = TypeVar("T", bound=Table)

STATUSES: Final = {
    UNKNOWN: DeclaredStatus.UNKNOWN,
    TRADING: DeclaredStatus.TRADING,
    MERGED: DeclaredStatus.MERGED,
    ACQUIRED: DeclaredStatus.ACQUIRED,
    CLOSED: DeclaredStatus.CLOSED,
}
_UNITS: Final = [SpaceKind.OFFICE, SpaceKind.OPEN_FLOOR, SpaceKind.SHOP, SpaceKind.STORAGE]
_LEAVES: Final = (
    "WITH leaf AS (SELECT id, site_id, building_id, kind FROM sites_space AS space "
    "WHERE NOT EXISTS (SELECT 1 FROM sites_space AS unit WHERE unit.parent_id = space.id)) "
)


def load_portfolio(sites: Iterable[Site]) -> Portfolio:
    """What every figure of space and people reads; the rest when a figure first asks for it."""
    lettings = Lettings.read()
    measures, lettable = _floor()
    return Portfolio(
        stays=_stays(lettings),
        measures=measures,
        lettable=lettable,
        out_of_service=SpacePeriods(
            *columns(
                f"SELECT space_id, {from_to()} FROM sites_booking "  # noqa: S608
                "WHERE kind = 'out_of_service'",
                count=3,
            )
        ),
        spaces=_spaces(),
        capacities=Capacities(
            *columns(
                f"SELECT site_id, {from_to()}, companies FROM sites_sitecapacity",  # noqa: S608
                count=4,
            )
        ),
        sites=Sites.of(
            (site.pk, day_number(site.opened_on), day_number(site.closed_on)) for site in sites
        ),
        fetch=partial(_fetch, lettings),
    )


def _fetch(lettings: Lettings, table: type[T]) -> T:
    """One of the tables that few figures need."""
    of_lettings = _OF_LETTINGS.get(table)
    loaded: T = _LOADERS[table]() if of_lettings is None else of_lettings(lettings)
    return loaded


def _stays(lettings: Lettings) -> Stays:
    """Counting lettings with the end they really have.

    A lease that was handed over and has passed its end without an exit holds over: its lettings
    that ran to the end last until somebody ends it, or has the room instead.
    """
    space, start, term = lettings.space, lettings.start, lettings.term
    end = lettings.end.copy()
    holding = (lettings.is_active != 0) & (term <= today().toordinal()) & (end >= term)
    end[holding] = _kept_until(space, start, end, np.flatnonzero(holding))
    hosted = np.array([int(kind in HOSTED_KINDS) for kind in TENANT_KINDS])
    return Stays(
        letting=lettings.id,
        company=lettings.company,
        site=lettings.site,
        space=space,
        start=start,
        end=end,
        hosted=hosted[lettings.kind],
        kind=lettings.kind,
    )


def _kept_until(space: Ints, start: Ints, end: Ints, holding: Ints) -> list[int]:
    """Until when the holding lettings keep their rooms: until the next one has it, if any."""
    rooms = space[holding]
    there = np.flatnonzero(np.isin(space, rooms[rooms != NOWHERE]))
    space, start = space[there], start[there]
    return [
        int(start[(space == room) & (start >= day)].min(initial=OPEN))
        for room, day in zip(rooms.tolist(), end[holding].tolist(), strict=True)
    ]


def _floor() -> tuple[Measures, SpacePeriods]:
    """The areas of spaces, and when they are lettable."""
    space, start, end, centi_m2 = columns(
        f"""
        {_LEAVES}
        SELECT space_id, {from_to()}, (area_m2 * 100)::bigint
          FROM sites_measure JOIN leaf ON leaf.id = space_id
         UNION ALL
        SELECT space_id, {from_to()}, -1
          FROM sites_lettableperiod JOIN leaf ON leaf.id = space_id
        """,  # noqa: S608  our own words only
        count=4,
    )
    measured = centi_m2 >= 0
    measures = Measures(space, start, end, centi_m2).only(measured)
    return measures, SpacePeriods(space, start, end).only(~measured)


def _spaces() -> Spaces:
    groups = "CASE WHEN kind = 'desk' THEN %s WHEN kind = ANY(%s) THEN %s ELSE %s END"
    kinds = [str(kind) for kind in SPACE_KINDS]
    return Spaces(
        *columns(
            f"{_LEAVES} SELECT id, site_id, {groups}, building_id, "  # noqa: S608
            "array_position(%s::text[], kind::text) - 1 FROM leaf",
            [DESK, [str(kind) for kind in _UNITS], OFFICE, COMMON, kinds],
            count=5,
        )
    )


def _walls() -> Walls:
    """A space that was split or merged ended when the new ones were first lettable."""
    return Walls(
        *columns(
            f"""
            SELECT to_space_id, from_space_id, {ordinal("min(lower(period))")}
              FROM sites_space_replaces JOIN sites_lettableperiod ON space_id = from_space_id
             GROUP BY to_space_id, from_space_id
            """,  # noqa: S608  our own words only
            count=3,
        )
    )


def _declarations() -> Declarations:
    """What stands, in the order it was made. Of a company that another one succeeded it is told
    until then, of that one."""
    code = {str(status): number for number, status in STATUSES.items()}
    since = F("company__succeeded_by__since")
    made = (
        Declaration.objects.in_force()
        .filter(Q(company__succeeded_by=None) | Q(on__lt=since))
        .annotate(resident=Coalesce("company__succeeded_by__now", "company"))
        .order_by("id")
        .values_list("resident", "on", "status")
    )
    return Declarations.of((company, on.toordinal(), code[status]) for company, on, status in made)


def _sectors() -> Sectors:
    return Sectors(*columns("SELECT company_id, sector_id FROM tenants_company_sectors", count=2))


_LOADERS: Final[Mapping[type[Table], Callable[[], Any]]] = {
    Declarations: _declarations,
    Sectors: _sectors,
    Walls: _walls,
    Files: admission.files,
    Trail: admission.trail,
    Awaited: admission.awaited,
    Places: admission.places,
    Renewals: contracts.renewals,
    Holds: contracts.holds,
    Present: contracts.present,
    Rents: rents.rents,
    ListPrices: rents.prices,
    Billed: money.billed,
    Owed: money.owed,
}
_OF_LETTINGS: Final[Mapping[type[Table], Callable[[Lettings], Any]]] = {
    Terms: terms.terms,
    Contracts: contracts.contracts,
}
