"""Chainable filters over leases and lettings, and the one definition of "who is there"."""

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.db.models import Exists, F, Model, OuterRef, Q

from accounts.rights import Action
from core.periods import Period
from leases.choices import (
    COUNTING_STATES,
    AmendmentState,
    ChargeKind,
    HandoverWay,
    LeaseState,
    ReportState,
    SettlementState,
)
from sites.models import Booking
from sites.querysets import BookingQuerySet, DatedQuerySet, ScopedQuerySet
from sites.scopes import READING, scope_of

if TYPE_CHECKING:
    from leases.models import (  # noqa: F401  the rows' classes
        Amendment,
        Charge,
        ChecklistLine,
        ClauseTemplate,
        Consumption,
        DepositEntry,
        DepositSettlement,
        Discount,
        HandoverItem,
        HandoverKey,
        HandoverPhoto,
        HandoverReport,
        Lease,
        LeaseDocument,
        LeaseVersion,
        Letting,
        MeterReading,
        Notice,
        RentStep,
        SettlementEvidence,
        SettlementLine,
        SignedCopy,
    )


_Row_co = TypeVar("_Row_co", bound=Model, covariant=True)


class LeaseQuerySet(ScopedQuerySet["Lease"]):
    resource: ClassVar[str] = "lease"

    def counting(self) -> Self:
        """Signed, active or ended: what the indicators see."""
        return self.filter(state__in=COUNTING_STATES)

    def holding_over(self, day: dt.date) -> Self:
        """Handed over, past the contractual end, no exit yet."""
        return self.filter(state=LeaseState.ACTIVE, period__endswith__lte=day)

    def to_renew_tacitly(self, day: dt.date) -> Self:
        """Holding over, unless they are renewed as they say: no notice stands."""
        from leases.models import Notice

        notices = Notice.objects.standing().filter(lease=OuterRef("pk"))
        return self.holding_over(day).filter(~Exists(notices), tacit_months__isnull=False)

    def keeping_the_next_out(self, day: dt.date) -> Self:
        """Holding over in a room that somebody else has booked next."""
        following = booked_by_others(OuterRef("company")).filter(
            space__lettings__lease=OuterRef("pk"),
            # Only what ran to the lease's end holds over; a room given up before is free.
            space__lettings__period__endswith__gte=OuterRef("period__endswith"),
            space__lettings__period__endswith__lte=F("period__startswith"),
        )
        return self.holding_over(day).filter(Exists(following))


# Only what ran to the lease's end holds over; a room given up before does not.
_HOLDING_OVER = Q(
    lease__state=LeaseState.ACTIVE, period__endswith__gte=F("lease__period__endswith")
)


class LettingQuerySet(DatedQuerySet["Letting"]):
    resource = "lease"
    site_path = "lease__site_id"

    def counting(self) -> Self:
        return self.filter(lease__state__in=COUNTING_STATES)

    def occupied_on(self, day: dt.date, today: dt.date) -> Self:
        """Lettings whose tenant is there on the day.

        A lease holding over is still there up to today, whether or not the nightly job has
        already carried its bookings on.
        """
        there = Q(period__contains=day)
        if day <= today:
            there |= _HOLDING_OVER & Q(lease__period__endswith__lte=day, period__endswith__lte=day)
        return self.counting().filter(there)

    def occupied_within(self, days: Period, today: dt.date) -> Self:
        """Lettings whose tenant is there on some day of the period."""
        there = Q(period__overlap=days)
        if days.start <= today:
            there |= _HOLDING_OVER & Q(lease__period__endswith__lte=today)
        return self.counting().filter(there)


def booked_by_others(company: Any) -> BookingQuerySet:
    """What stands booked, but for the company's own lettings: its next lease keeps nobody out."""
    return Booking.objects.standing().exclude(letting__lease__company=company)


class LeaseVersionQuerySet(ScopedQuerySet["LeaseVersion"]):
    resource = "lease"
    site_path = "lease__site_id"


class RentStepQuerySet(DatedQuerySet["RentStep"]):
    resource = "lease"
    site_path = "letting__lease__site_id"


class DiscountQuerySet(DatedQuerySet["Discount"]):
    resource = "lease"
    site_path = "letting__lease__site_id"


class ChargeQuerySet(DatedQuerySet["Charge"]):
    resource = "lease"
    site_path = "lease__site_id"

    def of_rent(self) -> Self:
        return self.filter(kind=ChargeKind.RENT)

    def beside_rent(self) -> Self:
        return self.exclude(kind=ChargeKind.RENT)


class AmendmentQuerySet(ScopedQuerySet["Amendment"]):
    resource = "lease"
    site_path = "lease__site_id"

    def drafts(self) -> Self:
        return self.filter(state=AmendmentState.DRAFT)

    def signed(self) -> Self:
        return self.filter(state=AmendmentState.SIGNED)


class NoticeQuerySet(ScopedQuerySet["Notice"]):
    resource = "lease"
    site_path = "lease__site_id"

    def standing(self) -> Self:
        return self.filter(withdrawn_on__isnull=True)


class DepositEntryQuerySet(ScopedQuerySet["DepositEntry"]):
    resource = "deposit"
    site_path = "lease__site_id"


class DepositSettlementQuerySet(ScopedQuerySet["DepositSettlement"]):
    resource = "deposit"
    site_path = "lease__site_id"

    def drafts(self) -> Self:
        return self.filter(state=SettlementState.DRAFT)

    def standing(self) -> Self:
        """Closed, and not taken back."""
        return self.filter(state=SettlementState.CLOSED)


class SettlementLineQuerySet(ScopedQuerySet["SettlementLine"]):
    resource = "deposit"
    site_path = "settlement__lease__site_id"


class SettlementEvidenceQuerySet(ScopedQuerySet["SettlementEvidence"]):
    resource = "deposit"
    site_path = "line__settlement__lease__site_id"


class _WordsQuerySet(ScopedQuerySet[_Row_co]):
    """What has no site is the network's, and read everywhere."""

    resource = "clauses"

    def visible_to(self, user: Any, action: Action = Action.VIEW) -> Self:
        scope = scope_of(user, action, self.resource)
        if scope.network or not scope or action not in READING:
            return self.within(scope)
        return self.filter(Q(site__isnull=True) | Q(site__in=scope.site_ids))


class ClauseTemplateQuerySet(_WordsQuerySet["ClauseTemplate"]):
    pass


class ChecklistLineQuerySet(_WordsQuerySet["ChecklistLine"]):
    pass


class HandoverReportQuerySet(ScopedQuerySet["HandoverReport"]):
    resource = "lease"
    site_path = "lease__site_id"

    def closed(self) -> Self:
        return self.filter(state=ReportState.CLOSED)

    def of_record(self, way: HandoverWay) -> Self:
        """Closed ones, the one that counts first."""
        return self.closed().filter(way=way).order_by("-closed_at", "-id")


class HandoverItemQuerySet(ScopedQuerySet["HandoverItem"]):
    resource = "lease"
    site_path = "report__lease__site_id"


class HandoverPhotoQuerySet(ScopedQuerySet["HandoverPhoto"]):
    resource = "lease"
    site_path = "item__report__lease__site_id"


class HandoverKeyQuerySet(ScopedQuerySet["HandoverKey"]):
    resource = "lease"
    site_path = "report__lease__site_id"


class MeterReadingQuerySet(ScopedQuerySet["MeterReading"]):
    resource = "lease"
    site_path = "report__lease__site_id"


class ConsumptionQuerySet(ScopedQuerySet["Consumption"]):
    resource = "meter"
    site_path = "lease__site_id"


class LeaseDocumentQuerySet(ScopedQuerySet["LeaseDocument"]):
    """A deposit's settlement is read by those who may see deposits."""

    resource = "lease"
    site_path = "lease__site_id"

    def visible_to(self, user: Any, action: Action = Action.VIEW) -> Self:
        seen = super().visible_to(user, action)
        scope = scope_of(user, Action.VIEW, "deposit")
        if scope.network:
            return seen
        return seen.filter(Q(settlement=None) | Q(lease__site__in=scope.site_ids))


class SignedCopyQuerySet(ScopedQuerySet["SignedCopy"]):
    resource = "lease"
    site_path = "lease__site_id"

    def visible_to(self, user: Any, action: Action = Action.VIEW) -> Self:
        seen = super().visible_to(user, action)
        scope = scope_of(user, Action.VIEW, "deposit")
        if scope.network:
            return seen
        return seen.filter(Q(document__settlement=None) | Q(lease__site__in=scope.site_ids))
