"""Chainable filters over sites and space, and the base of everything that is scoped by site."""

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.rights import Action, roles_that
from core.periods import Period
from sites.choices import BookingKind
from sites.scopes import NOWHERE, READING, Scope, scope_of

if TYPE_CHECKING:
    from sites.models import (  # noqa: F401  the rows' classes
        Booking,
        Building,
        ClientToken,
        Floor,
        IdempotentReply,
        Lessor,
        LettablePeriod,
        Measure,
        Membership,
        RatePlan,
        RatePlanStep,
        Site,
        SiteCapacity,
        Space,
        VatRule,
        WebhookAttempt,
        WebhookDelivery,
        WebhookEndpoint,
    )


_Row_co = TypeVar("_Row_co", bound=models.Model, covariant=True)


class ScopedQuerySet(models.QuerySet[_Row_co]):
    """Rows that belong to a site. Nobody filters by site by hand: they ask `visible_to`."""

    resource: ClassVar[str]
    site_path: ClassVar[str] = "site_id"
    """The lookup of the site's id; "" where rows belong to no site (network only)."""

    def visible_to(self, user: Any, action: Action = Action.VIEW) -> Self:
        """The rows on which one of the user's roles allows `action`."""
        return self.within(scope_of(user, action, self.resource))

    def within(self, scope: Scope) -> Self:
        if scope.network:
            return self
        if not scope or not self.site_path:
            return self.none()
        return self.filter(**{f"{self.site_path}__in": scope.site_ids})


class SharedQuerySet(ScopedQuerySet[_Row_co]):
    """What the network decides for all: read wherever a role reads it, changed by the network."""

    site_path = ""

    def visible_to(self, user: Any, action: Action = Action.VIEW) -> Self:
        scope = scope_of(user, action, self.resource)
        return self if scope.network or (scope and action in READING) else self.none()


class DatedQuerySet(ScopedQuerySet[_Row_co]):
    """Rows that hold over a `period`."""

    def in_force_on(self, day: dt.date) -> Self:
        return self.filter(period__contains=day)

    def overlapping(self, period: Period) -> Self:
        return self.filter(period__overlap=period)


class SiteQuerySet(ScopedQuerySet["Site"]):
    resource = "site"
    site_path = "id"

    def open_on(self, day: dt.date) -> Self:
        return self.filter(opened_on__lte=day).exclude(closed_on__lte=day)

    def with_capacity_on(self, day: dt.date) -> Self:
        """Annotates `capacity_now`, the companies there is room for on the day (None: unknown)."""
        from sites.models import SiteCapacity

        capacity = SiteCapacity.objects.filter(site=OuterRef("pk"), period__contains=day)
        return self.annotate(capacity_now=capacity.values("companies")[:1])


class LessorQuerySet(ScopedQuerySet["Lessor"]):
    """A lessor is seen where it lets, and changed by the network alone: sites may share one."""

    resource = "tariff"

    def visible_to(self, user: Any, action: Action = Action.VIEW) -> Self:
        return self.within(_read_here_changed_by_network(scope_of(user, action, "tariff"), action))

    def within(self, scope: Scope) -> Self:
        if scope.network:
            return self
        from sites.models import Site

        return self.filter(Exists(Site.objects.within(scope).filter(lessor=OuterRef("pk"))))


class VatRuleQuerySet(DatedQuerySet["VatRule"]):
    """Follows its lessor."""

    resource = "tariff"

    def visible_to(self, user: Any, action: Action = Action.VIEW) -> Self:
        return self.within(_read_here_changed_by_network(scope_of(user, action, "tariff"), action))

    def within(self, scope: Scope) -> Self:
        if scope.network:
            return self
        from sites.models import Lessor

        return self.filter(lessor__in=Lessor.objects.within(scope))


class MembershipQuerySet(ScopedQuerySet["Membership"]):
    resource = "membership"

    def at(self, site_id: int) -> Self:
        """Of roles at the site, and of those in the whole network."""
        return self.filter(Q(site=site_id) | Q(site__isnull=True))

    def that_may(self, action: Action, resource: str) -> Self:
        """Of roles that allow it."""
        return self.filter(role__in=roles_that(action, resource))


class ClientTokenQuerySet(ScopedQuerySet["ClientToken"]):
    """Tokens reach over sites: the network's affair."""

    resource = "membership"
    site_path = ""


class WebhookEndpointQuerySet(ScopedQuerySet["WebhookEndpoint"]):
    """Webhooks reach over sites: the network's affair."""

    resource = "webhook"
    site_path = ""


class WebhookDeliveryQuerySet(ScopedQuerySet["WebhookDelivery"]):
    resource = "webhook"
    site_path = ""

    def due(self) -> Self:
        return self.filter(state="to_send", due_at__lte=timezone.now())


class WebhookAttemptQuerySet(ScopedQuerySet["WebhookAttempt"]):
    resource = "webhook"
    site_path = ""


class IdempotentReplyQuerySet(ScopedQuerySet["IdempotentReply"]):
    resource = "system"
    site_path = ""


class SiteCapacityQuerySet(DatedQuerySet["SiteCapacity"]):
    resource = "site"


class BuildingQuerySet(ScopedQuerySet["Building"]):
    resource = "site"


class FloorQuerySet(ScopedQuerySet["Floor"]):
    resource = "site"
    site_path = "building__site_id"


class SpaceQuerySet(ScopedQuerySet["Space"]):
    resource = "space"

    def leaves(self) -> Self:
        """The spaces that can be measured and booked: those without units inside."""
        return self.filter(~Exists(self.model.objects.filter(parent=OuterRef("pk"))))

    def lettable_throughout(self, period: Period) -> Self:
        """In service on every day of the period."""
        from sites.models import LettablePeriod

        return self.filter(
            Exists(LettablePeriod.objects.filter(space=OuterRef("pk"), period__contains=period))
        )

    def free_throughout(self, period: Period) -> Self:
        """Leaves that could be let for the whole period: lettable and in nobody's way."""
        from sites.models import Booking

        taken = Booking.objects.standing().filter(space=OuterRef("pk"), period__overlap=period)
        return self.leaves().lettable_throughout(period).filter(~Exists(taken))

    def measured_on(self, day: dt.date) -> Self:
        """Spaces with an area in force on the day, annotated with it."""
        return self.with_area_on(day).filter(area_m2__isnull=False)

    def with_area_on(self, day: dt.date) -> Self:
        """Annotates `area_m2`, the measure in force on the day (None: not measured)."""
        from sites.models import Measure

        measure = Measure.objects.filter(space=OuterRef("pk"), period__contains=day)
        return self.annotate(area_m2=measure.values("area_m2")[:1])

    def with_booking_on(self, day: dt.date) -> Self:
        """Annotates `taken_as`: the kind of the booking that has the space on the day, or None."""
        from sites.models import Booking

        booking = Booking.objects.standing().filter(space=OuterRef("pk"), period__contains=day)
        return self.annotate(taken_as=booking.values("kind")[:1])


class MeasureQuerySet(DatedQuerySet["Measure"]):
    resource = "space"
    site_path = "space__site_id"


class LettablePeriodQuerySet(DatedQuerySet["LettablePeriod"]):
    resource = "space"
    site_path = "space__site_id"


class BookingQuerySet(DatedQuerySet["Booking"]):
    resource = "space"
    site_path = "space__site_id"

    def standing(self) -> Self:
        """Without the holds that have run out (they are deleted by whoever books next)."""
        return self.exclude(kind=BookingKind.HOLD, expires_at__lte=timezone.now())

    def expired(self) -> Self:
        return self.filter(kind=BookingKind.HOLD, expires_at__lte=timezone.now())


class RatePlanQuerySet(DatedQuerySet["RatePlan"]):
    resource = "tariff"

    def for_tenant(self, *, site_id: int, tenant_kind: str, day: dt.date) -> Self:
        """The plan offered to that kind at the site on the day: none or one."""
        return self.in_force_on(day).filter(site_id=site_id, tenant_kind=tenant_kind)


class RatePlanStepQuerySet(ScopedQuerySet["RatePlanStep"]):
    resource = "tariff"
    site_path = "plan__site_id"


def _read_here_changed_by_network(scope: Scope, action: Action) -> Scope:
    return scope if scope.network or action in READING else NOWHERE
