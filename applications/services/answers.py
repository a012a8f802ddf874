"""What the applicant answers: accept or decline the offer, withdraw."""

from django.utils import timezone
from django.utils.translation import get_language

from accounts.models import User
from applications import letters
from applications.errors import OfferClosed, OfferExpired
from applications.models import Application, Offer, OfferState
from applications.selectors.relatives import known_company
from applications.services.correspondence import send
from applications.services.steps import locked, take_step
from applications.signals import offer_accepted
from applications.workflow import State, Step
from core import formats
from core.history import recorded
from sites.services import bookings
from tenants.models import Company
from tenants.services import note_presence, register_company, speak


def accept_offer(*, offer: Offer, acting_user: User | None) -> Application:
    """Accept: the company exists (or is the known one), the hold stays, the draft lease is made.

    However often it is clicked: the second time nothing changes. Raises OfferExpired,
    OfferClosed, ImpossibleStep, NotAllowed.
    """
    with recorded(acting_user):
        file = _locked_with_the_first(offer.application)
        current = Offer.objects.select_for_update().get(pk=offer.pk)
        settled = {State.ACCEPTED, State.ONBOARDING, State.TENANT}
        if current.state == OfferState.ACCEPTED and file.state in settled:
            return file
        if current.state == OfferState.EXPIRED or (
            current.state == OfferState.OPEN and current.expires_at <= timezone.now()
        ):
            raise OfferExpired(day=formats.day(current.open_until, get_language() or "fr"))
        if current.state != OfferState.OPEN:
            raise OfferClosed(state=current.get_state_display())
        take_step(file, Step.ACCEPT_OFFER, acting_user=acting_user)
        if current.booking is not None:
            bookings.keep_hold(booking=current.booking, acting_user=acting_user)
        current.state = OfferState.ACCEPTED
        current.answered_at = timezone.now()
        current.save(update_fields=["state", "answered_at"])
        if file.company is None:
            file.company = known_company(file) or _new_company(file, current)
            file.save(update_fields=["company"])
        note_presence(company=file.company, site=file.site, acting_user=acting_user)
        speak(company=file.company, language=file.language, acting_user=acting_user)
        offer_accepted.send(
            sender=Application, application=file, offer=current, acting_user=acting_user
        )
        send(file, letters.offer_taken(file), "accepted")
    return file


def decline_offer(*, offer: Offer, reason: str, acting_user: User | None) -> Application:
    """Decline: the hold is freed. A second time nothing changes."""
    with recorded(acting_user, reason=reason):
        file = locked(offer.application)
        current = Offer.objects.get(pk=offer.pk)
        if current.state == OfferState.DECLINED and file.state == State.OFFER_DECLINED:
            return file
        if current.state != OfferState.OPEN:
            raise OfferClosed(state=current.get_state_display())
        take_step(file, Step.DECLINE_OFFER, acting_user=acting_user, reason=reason)
    return file


def withdraw(*, application: Application, reason: str, acting_user: User | None) -> Application:
    """The applicant no longer wants to come: a hold is freed, a draft lease cancelled.

    A second time nothing changes. Raises ReasonNeeded, ImpossibleStep, NotAllowed, and
    LeaseAlreadySigned once it is too late.
    """
    with recorded(acting_user, reason=reason):
        file = locked(application)
        take_step(file, Step.WITHDRAW, acting_user=acting_user, reason=reason)
    return file


def _locked_with_the_first(application: Application) -> Application:
    """The locked file, and before it the one that the company made first, when it applied to
    several sites: whoever accepts two offers at the same moment is one company."""
    if application.sister_of_id is not None:
        locked(Application(pk=application.sister_of_id))
    return locked(application)


def _new_company(file: Application, offer: Offer) -> Company:
    """From the answers."""
    return register_company(
        name=file.name,
        legal_form=file.legal_form,
        ice=file.ice,
        kind=offer.tenant_kind,
        sectors=file.sectors.all(),
        website=file.website,
        acting_user=None,  # the applicant has no right of their own to make companies
    )
