"""Tacit renewal: a term that nobody ended goes on, where the lease says so."""

import logging

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.history import recorded
from core.periods import today
from leases.choices import AmendmentKind, LeaseState
from leases.models import Lease
from leases.renewal import renewed_end
from leases.selectors.amending import lasting_to
from leases.selectors.terms import terms_of
from leases.services.amendments import draft_amendment, sign_amendment
from leases.services.locking import locked

logger = logging.getLogger(__name__)


def renew_tacitly() -> dict[str, DomainError]:
    """Renew every active lease whose term is over, that says so, and of which no notice stands.

    Each renewal is an amendment of its own, from the old end; however many days were missed, one
    run makes up for them, with several renewals where several terms went by. Returns the leases (by
    number) that could not be renewed, because the next one is booked or a space goes out of
    service: they hold over.
    """
    refused = {}
    for lease in Lease.objects.to_renew_tacitly(today()).order_by("id"):
        try:
            while _renew(lease):
                pass
        except DomainError as error:
            logger.warning("Lease %s is not renewed: %s", lease.number, error)
            refused[lease.number] = error
    return refused


def _renew(lease: Lease) -> bool:
    """One more term; False where none is due, or not any more."""
    with recorded(None, reason="tacit renewal"):
        row = locked(lease, states=set(LeaseState))
        due = Lease.objects.to_renew_tacitly(today()).filter(pk=row.pk)
        if row.period.end is None or row.tacit_months is None or not due.exists():
            return False
        with translation.override(settings.LANGUAGE_CODE):
            reason = _("Tacit renewal: no notice was given.")
        amendment = draft_amendment(
            lease=row,
            kind=AmendmentKind.RENEWAL,
            effective_on=row.period.end,
            after=lasting_to(row, terms_of(row), renewed_end(row.period, row.tacit_months)),
            reason=reason,
            acting_user=None,
        )
        sign_amendment(amendment=amendment, signed_on=today(), acting_user=None)
    return True
