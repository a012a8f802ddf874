"""Chainable filters over applications."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db.models import Q
from django.utils import timezone

from applications.workflow import OPEN_STATES
from core.periods import today
from sites.querysets import ScopedQuerySet

if TYPE_CHECKING:
    from applications.models import (  # noqa: F401  the rows' classes
        Application,
        Decision,
        Ineligibility,
        InformationRequest,
        Offer,
        RequestedItem,
        Revision,
        StageTarget,
        Transition,
    )


class ApplicationQuerySet(ScopedQuerySet["Application"]):
    resource: ClassVar[str] = "application"

    def of_applicant(self, user: Any) -> Self:
        """The user's own files."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(applicant=user)

    def open(self) -> Self:
        return self.filter(state__in=OPEN_STATES)

    def late(self) -> Self:
        """Waiting for staff longer than their stage's target."""
        return self.filter(due_at__lte=timezone.now())


class TransitionQuerySet(ScopedQuerySet["Transition"]):
    resource = "application"
    site_path = "application__site_id"


class DecisionQuerySet(ScopedQuerySet["Decision"]):
    resource = "application"
    site_path = "application__site_id"

    def in_force(self) -> Self:
        return self.filter(superseded_at__isnull=True)

    def to_publish(self) -> Self:
        return self.in_force().filter(published_at__isnull=True)

    def places_run_out(self) -> Self:
        """Places on the waiting list whose last day is over."""
        return self.in_force().filter(
            outcome="waitlist", published_at__isnull=False, until__lt=today()
        )


class IneligibilityQuerySet(ScopedQuerySet["Ineligibility"]):
    resource = "application"
    site_path = "application__site_id"

    def unsettled(self) -> Self:
        return self.filter(settled_at__isnull=True)


class RevisionQuerySet(ScopedQuerySet["Revision"]):
    resource = "application"
    site_path = "application__site_id"


class InformationRequestQuerySet(ScopedQuerySet["InformationRequest"]):
    resource = "application"
    site_path = "application__site_id"

    def open(self) -> Self:
        return self.filter(state="open")


class RequestedItemQuerySet(ScopedQuerySet["RequestedItem"]):
    resource = "application"
    site_path = "request__application__site_id"


class StageTargetQuerySet(ScopedQuerySet["StageTarget"]):
    """The network's own targets are the network's to change."""

    resource = "target"


class OfferQuerySet(ScopedQuerySet["Offer"]):
    resource = "application"
    site_path = "application__site_id"

    def run_out(self) -> Self:
        """Open, past their date: `expire_offers` has them lapse."""
        return self.filter(Q(state="open"), expires_at__lte=timezone.now())
