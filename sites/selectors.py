"""What the public may know of sites, and what staff may of rows that know no site."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import JSONObject

from accounts.choices import Role
from accounts.models import User
from accounts.rights import Action
from core.models import Message
from core.periods import Period, add_months
from sites.choices import SpaceKind, TenantKind
from sites.models import Membership, RatePlan, RatePlanStep, Site, SiteCapacity, Space
from sites.querysets import SpaceQuerySet
from sites.rates import monthly_rent
from sites.scopes import scope_of

FREE_FOR_MONTHS: Final = 12
"""A space is advertised as free when nothing stands in the way for this long."""

LET_TO_COMPANIES: Final = (SpaceKind.OFFICE, SpaceKind.OPEN_FLOOR, SpaceKind.DESK, SpaceKind.SHOP)


@dataclass(frozen=True, slots=True)
class SiteCard:
    """A site as the public sees it on a day; areas in m², the rate in DH per m² and month."""

    site: Site
    is_open: bool
    capacity: int | None
    free: int
    smallest_m2: Decimal | None
    largest_m2: Decimal | None
    startup_rate: Decimal | None


@dataclass(frozen=True, slots=True)
class FreeSpace:
    """An advertised space; `monthly_rent` in DH excl. tax at a newcomer's first rate.

    That is the start-up plan's for offices, the coworking plan's for desks.
    """

    site: str
    building: str
    floor: str
    code: str
    kind: str
    area_m2: Decimal
    rate: Decimal | None
    unit: str | None
    monthly_rent: Decimal | None

    @property
    def kind_label(self) -> str:
        return str(SpaceKind(self.kind).label)


@dataclass(frozen=True, slots=True)
class FreeLot:
    """Free spaces that differ by their place alone: to a newcomer they are one offer."""

    spaces: tuple[FreeSpace, ...]

    @property
    def first(self) -> FreeSpace:
        return self.spaces[0]

    @property
    def floors(self) -> str:
        return ", ".join(dict.fromkeys(space.floor for space in self.spaces))


def public_sites(on: dt.date) -> list[Site]:
    """Sites that are open or will be, in the order of their opening."""
    return list(
        Site.objects.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=on))
        .select_related("lessor")
        .order_by("opened_on", "code")
    )


def advertised_spaces(on: dt.date) -> SpaceQuerySet:
    """Spaces shown to the public: advertised, measured, and free for a year from the day."""
    return (
        Space.objects.filter(advertised=True, kind__in=LET_TO_COMPANIES)
        .free_throughout(Period(on, add_months(on, FREE_FOR_MONTHS)))
        .measured_on(on)
    )


def plans_in_force(on: dt.date) -> dict[tuple[int, str], RatePlan]:
    """By site and kind of tenant, with their steps in order; two queries."""
    plans = RatePlan.objects.in_force_on(on).prefetch_related(
        Prefetch("steps", RatePlanStep.objects.order_by("after_months"))
    )
    return {(plan.site_id, plan.tenant_kind): plan for plan in plans}


def site_cards(on: dt.date) -> list[SiteCard]:
    """Every public site with its capacity and what is free; five queries."""
    capacities = dict(SiteCapacity.objects.in_force_on(on).values_list("site_id", "companies"))
    plans = plans_in_force(on)
    areas: dict[int, list[Decimal]] = {}
    for space in advertised_spaces(on).only("site_id"):
        areas.setdefault(space.site_id, []).append(space.area_m2)
    cards = []
    for site in public_sites(on):
        free = areas.get(site.pk, [])
        plan = plans.get((site.pk, TenantKind.STARTUP))
        cards.append(
            SiteCard(
                site=site,
                is_open=site.opened_on is not None and site.opened_on <= on,
                capacity=capacities.get(site.pk),
                free=len(free),
                smallest_m2=min(free, default=None),
                largest_m2=max(free, default=None),
                startup_rate=first_rate(plan),
            )
        )
    return cards


def first_rate(plan: RatePlan | None) -> Decimal | None:
    """What a newcomer pays at first."""
    steps = list(plan.steps.all()) if plan else []
    return steps[0].rate if steps else None


def free_spaces(on: dt.date, *, site_id: int | None = None) -> list[FreeSpace]:
    """The advertised free spaces with the start-up rate of the day, the smallest first."""
    plans = plans_in_force(on)
    found = advertised_spaces(on)
    if site_id is not None:
        found = found.filter(site=site_id)
    spaces = []
    placed = found.select_related("site", "building", "floor")
    for space in sorted(placed, key=lambda space: (space.area_m2, space.pk)):
        newcomer = TenantKind.COWORKING if space.kind == SpaceKind.DESK else TenantKind.STARTUP
        plan = plans.get((space.site_id, newcomer))
        rate = first_rate(plan)
        spaces.append(
            FreeSpace(
                site=space.site.code,
                building=space.building.code,
                floor=space.floor.code,
                code=space.code,
                kind=space.kind,
                area_m2=space.area_m2,
                rate=rate,
                unit=plan.unit if plan else None,
                monthly_rent=(
                    monthly_rent(rate, unit=plan.unit, area_m2=space.area_m2)
                    if plan is not None and rate is not None
                    else None
                ),
            )
        )
    return spaces


def free_lots(spaces: Iterable[FreeSpace]) -> list[FreeLot]:
    """The spaces, those of one kind, area and rent together; in the order they came in."""
    alike: dict[tuple[object, ...], list[FreeSpace]] = {}
    for space in spaces:
        alike.setdefault((space.kind, space.area_m2, space.monthly_rent), []).append(space)
    return [FreeLot(tuple(lot)) for lot in alike.values()]


def people_visible_to(user: Any, action: Action = Action.VIEW) -> QuerySet[User]:
    """Accounts: the network's roles see all, a site's those who have a role there."""
    scope = scope_of(user, action, "user")
    if scope.network:
        return User.objects.all()
    if action not in {Action.VIEW, Action.EXPORT} or not scope:
        return User.objects.none()
    return User.objects.filter(memberships__site__in=scope.site_ids).distinct()


def managers_of(site: Site) -> list[User]:
    """The managers of the site and of the network; where there is none, the directors."""
    for role in (Role.SITE_MANAGER, Role.DIRECTOR):
        here = Membership.objects.at(site.pk).filter(role=role)
        found = list(User.objects.filter(is_active=True, pk__in=here.values("user")).order_by("pk"))
        if found:
            return found
    return []


def messages_visible_to(user: Any, action: Action = Action.VIEW) -> QuerySet[Message]:
    """Letters of the user's sites; those of no site are the network's."""
    scope = scope_of(user, action, "message")
    if scope.network:
        return Message.objects.all()
    return Message.objects.filter(site_code__in=Site.objects.within(scope).values("code"))


def roles_beside(user: str) -> ArraySubquery:
    """The roles of whose key is in the column `user`, for a query that finds more than them."""
    rows = Membership.objects.filter(user=OuterRef(user)).order_by("pk")
    return ArraySubquery(rows.values_list(JSONObject(role="role", site="site_id")))


def told_roles(found: Iterable[Mapping[str, Any]]) -> list[tuple[str, int | None]]:
    """What `roles_beside` brought, as `sites.scopes.roles_of` tells it."""
    return [(role["role"], role["site"]) for role in found]
