"""What the hub decided, told and offered, and who waits for a space."""

from typing import TYPE_CHECKING, Self

from django.utils import timezone

from applications.labels import LetterState, Outcome
from applications.querysets.files import FileQuerySet
from applications.workflow import State
from core.periods import today

if TYPE_CHECKING:
    from applications.models import (  # noqa: F401  the rows' classes
        Decision,
        Ineligibility,
        Letter,
        Offer,
        Place,
        PlaceMove,
    )


class DecisionQuerySet(FileQuerySet["Decision"]):
    def in_force(self) -> Self:
        return self.filter(superseded_at__isnull=True)

    def to_publish(self) -> Self:
        return self.in_force().filter(published_at__isnull=True)

    def places_run_out(self) -> Self:
        """Places on the waiting list whose last day is over; not those that were left: their
        decision stays in force."""
        return self.in_force().filter(
            outcome=Outcome.WAITLIST, until__lt=today(), application__state=State.WAITLISTED
        )


class IneligibilityQuerySet(FileQuerySet["Ineligibility"]):
    def unsettled(self) -> Self:
        return self.filter(settled_at__isnull=True)


class OfferQuerySet(FileQuerySet["Offer"]):
    def run_out(self) -> Self:
        """Open, past their date: `expire_offers` has them lapse."""
        return self.filter(state="open", expires_at__lte=timezone.now())


class LetterQuerySet(FileQuerySet["Letter"]):
    def current(self) -> Self:
        return self.filter(state__in=[LetterState.DRAFT, LetterState.APPROVED])


class PlaceQuerySet(FileQuerySet["Place"]):
    def standing(self) -> Self:
        return self.filter(left_at__isnull=True)


class PlaceMoveQuerySet(FileQuerySet["PlaceMove"]):
    file_path = "place__application"
