"""The tables that the engine reads, loaded from the rooms below."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeVar

from core.periods import today
from indicators.portfolio import Portfolio
from indicators.selectors import admission, contracts, money, rents
from indicators.selectors.columns import columns, day_number, from_to, ordinal
from indicators.tables import (
    ACQUIRED,
    CLOSED,
    COMMON,
    DESK,
    MERGED,
    OFFICE,
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
    ListPrices,
    Measures,
    Offers,
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
)
from leases.choices import COUNTING_STATES
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
    return Portfolio(
        stays=_stays(),
        measures=Measures(
            *columns(
                f"{_LEAVES} SELECT space_id, {from_to()}, (area_m2 * 100)::bigint "  # noqa: S608
                "FROM sites_measure JOIN leaf ON leaf.id = space_id",
                count=4,
            )
        ),
        lettable=SpacePeriods(
            *columns(
                f"{_LEAVES} SELECT space_id, {from_to()} "  # noqa: S608
                "FROM sites_lettableperiod JOIN leaf ON leaf.id = space_id",
                count=3,
            )
        ),
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
        fetch=fetch,
    )


def fetch(table: type[T]) -> T:
    """One of the tables that few figures need."""
    loaded: T = _LOADERS[table]()
    return loaded


def _stays() -> Stays:
    """Counting lettings with the end they really have.

    A lease that was handed over and has passed its end without an exit holds over: its lettings
    that ran to the end last, until somebody ends it.
    """
    left = (
        "CASE WHEN lease.state = 'active' AND upper(lease.period) <= %s"
        " AND upper(letting.period) >= upper(lease.period)"
        " THEN greatest(upper(letting.period), %s + 1) ELSE upper(letting.period) END"
    )
    return Stays(
        *columns(
            f"""
            SELECT letting.id, lease.company_id, lease.site_id, coalesce(letting.space_id, -1),
                   {ordinal("lower(letting.period)")}, {ordinal(left)},
                   (letting.tenant_kind = ANY(%s))::int,
                   array_position(%s::text[], letting.tenant_kind::text) - 1
              FROM leases_letting AS letting
              JOIN leases_lease AS lease ON lease.id = letting.lease_id
             WHERE lease.state = ANY(%s)
            """,  # noqa: S608  our own words only
            [
                today(),
                today(),
                [str(kind) for kind in HOSTED_KINDS],
                [str(kind) for kind in TENANT_KINDS],
                [str(state) for state in COUNTING_STATES],
            ],
            count=8,
        )
    )


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


def _declarations() -> Declarations:
    """What stands, in the order it was made."""
    code = {str(status): number for number, status in STATUSES.items()}
    made = Declaration.objects.in_force().order_by("id").values_list("company_id", "on", "status")
    return Declarations.of((company, on.toordinal(), code[status]) for company, on, status in made)


def _sectors() -> Sectors:
    return Sectors(*columns("SELECT company_id, sector_id FROM tenants_company_sectors", count=2))


_LOADERS: Final[Mapping[type[Table], Callable[[], Any]]] = {
    Declarations: _declarations,
    Sectors: _sectors,
    Files: admission.files,
    Trail: admission.trail,
    Awaited: admission.awaited,
    Places: admission.places,
    Contracts: contracts.contracts,
    Renewals: contracts.renewals,
    Offers: contracts.offers,
    Present: contracts.present,
    Rents: rents.rents,
    Terms: rents.terms,
    ListPrices: rents.prices,
    Billed: money.billed,
    Owed: money.owed,
}
