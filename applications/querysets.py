"""Chainable filters over applications."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db.models import Q
from django.utils import timezone

from applications.workflow import OPEN_STATES
from sites.querysets import ScopedQuerySet

if TYPE_CHECKING:
    from applications.models import Application, Offer, Transition  # noqa: F401  the rows' classes


class ApplicationQuerySet(ScopedQuerySet["Application"]):
    resource: ClassVar[str] = "application"

    def of_applicant(self, user: Any) -> Self:
        """The user's own files."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(applicant=user)

    def open(self) -> Self:
        return self.filter(state__in=OPEN_STATES)


class TransitionQuerySet(ScopedQuerySet["Transition"]):
    resource = "application"
    site_path = "application__site_id"


class OfferQuerySet(ScopedQuerySet["Offer"]):
    resource = "application"
    site_path = "application__site_id"

    def run_out(self) -> Self:
        """Open, past their date: `expire_offers` has them lapse."""
        return self.filter(Q(state="open"), expires_at__lte=timezone.now())
