"""What staff decide: an offer with a space held for it, a refusal, opening a file again."""

import datetime as dt

from django.utils import timezone

from accounts.models import User
from accounts.rights import Action
from applications import letters
from applications.errors import BadOfferDates, SpaceNeeded
from applications.models import Application, Offer
from applications.selectors import preview_terms
from applications.services.steps import locked, take_step
from applications.terms import as_json
from applications.workflow import Step
from core import messages
from core.history import recorded
from core.periods import Period, end_of, today
from sites.choices import BookingKind, TenantKind
from sites.errors import WrongSite
from sites.models import Booking, Space
from sites.permissions import require
from sites.services import bookings


def make_offer(
    *,
    application: Application,
    space: Space | None,
    tenant_kind: str,
    start: dt.date,
    last_day: dt.date | None,
    open_until: dt.date,
    acting_user: User | None,
) -> Offer:
    """Offer a space (or a domiciliation) and hold it until the end of `open_until`.

    The terms are frozen.

    Raises ImpossibleStep, SpaceTaken, SpaceNotLettable, SpaceNeeded, WrongSite, NoRatePlan,
    SpaceNotMeasured, BadOfferDates, NotAllowed.
    """
    if (space is None) != (tenant_kind == TenantKind.DOMICILIATION):
        raise SpaceNeeded
    if (last_day is not None and last_day < start) or open_until < today():
        raise BadOfferDates
    period, expires_at = Period.through(start, last_day), end_of(open_until)
    with recorded(acting_user):
        file = locked(application)
        require(acting_user, Action.DECIDE, "application", file.site_id)
        if space is not None and space.site_id != file.site_id:
            raise WrongSite(space=space.code, site=file.site.name)
        terms = preview_terms(
            site=file.site,
            space=space,
            tenant_kind=tenant_kind,
            period=period,
            company=file.company,
        )
        take_step(file, Step.OFFER, acting_user=acting_user)
        booking = None
        if space is not None:
            booking = bookings.book(
                space=space,
                period=period,
                kind=BookingKind.HOLD,
                expires_at=expires_at,
                label=file.reference,
                acting_user=acting_user,
            )
        offer = Offer.objects.create(
            application=file,
            booking=booking,
            space=space,
            tenant_kind=tenant_kind,
            period=period,
            area_m2=terms.area_m2,
            unit=terms.unit,
            steps=as_json(terms.steps),
            monthly_rent=terms.monthly_rent,
            deposit=terms.deposit,
            expires_at=expires_at,
        )
        send(file, letters.offer_made(file, offer), "decision")
    return offer


def decline(
    *, application: Application, reason_code: str, reason: str, acting_user: User | None
) -> Application:
    """Refuse, with a reason code and words; a standing offer is withdrawn and its hold freed."""
    with recorded(acting_user, reason=reason):
        file = take_step(locked(application), Step.DECLINE, acting_user=acting_user, reason=reason)
        file.decline_reason = reason_code
        file.full_clean(validate_unique=False, validate_constraints=False, exclude=["name_key"])
        file.save(update_fields=["decline_reason"])
        close_offer(file, state="cancelled", acting_user=acting_user)
        send(file, letters.declined(file), "decision")
    return file


def reopen(*, application: Application, reason: str, acting_user: User | None) -> Application:
    """Back to be decided, with a reason."""
    with recorded(acting_user, reason=reason):
        return take_step(locked(application), Step.REOPEN, acting_user=acting_user, reason=reason)


def close_offer(application: Application, *, state: str, acting_user: User | None) -> None:
    """Close the open or accepted offer of a locked application and free its hold."""
    offer = (
        Offer.objects.select_for_update()
        .filter(application=application, state__in=["open", "accepted"])
        .first()
    )
    if offer is None:
        return
    booking: Booking | None = offer.booking
    offer.booking = None
    offer.state = state
    offer.answered_at = timezone.now()
    offer.save(update_fields=["booking", "state", "answered_at"])
    if booking is not None:
        bookings.release(booking=booking, acting_user=acting_user)


def send(application: Application, letter: letters.Letter, matter: str) -> None:
    """One current letter per matter: a newer one supersedes an unsent older one."""
    messages.queue(
        to=application.contact_email,
        subject=letter.subject,
        body=letter.body,
        language=application.language,
        matter=f"application:{application.pk}:{matter}",
        site_code=application.site.code,
    )
