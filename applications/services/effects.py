"""What follows from a step: the words of the table's `effects` column."""

from collections.abc import Callable, Mapping
from typing import Final

from django.utils import timezone

from accounts.models import User
from applications.labels import LetterState, RequestState, TaskList
from applications.models import Application, Decision, Letter, Offer, OfferState
from applications.services import waiting
from applications.services.checklists import copy_checklist
from applications.services.moving import call_off
from applications.signals import lease_unwanted
from applications.workflow import Effect, State
from sites.models import Booking
from sites.services import bookings

Consequence = Callable[[Application, User | None, str], None]
"""Called with the moved application, the acting user and the step's reason."""

_OFFER_ENDS_AS: Final[Mapping[str, OfferState]] = {
    State.OFFER_DECLINED: OfferState.DECLINED,
    State.LAPSED: OfferState.EXPIRED,
}


def _free_hold(application: Application, user: User | None, _reason: str) -> None:
    """Close the open or accepted offer and let its space go."""
    offer = (
        Offer.objects.select_for_update()
        .filter(application=application, state__in=[OfferState.OPEN, OfferState.ACCEPTED])
        .first()
    )
    if offer is None:
        return
    booking: Booking | None = offer.booking
    offer.booking = None
    offer.state = _OFFER_ENDS_AS.get(application.state, OfferState.CANCELLED)
    offer.answered_at = timezone.now()
    offer.save(update_fields=["booking", "state", "answered_at"])
    if booking is not None:
        bookings.release(booking=booking, acting_user=user)


def _close_request(application: Application, _user: User | None, _reason: str) -> None:
    """What was asked is no longer awaited."""
    lapsed = application.state == State.LAPSED
    application.requests.open().update(
        state=RequestState.LAPSED if lapsed else RequestState.CLOSED, settled_at=timezone.now()
    )


def _cancel_lease(application: Application, user: User | None, reason: str) -> None:
    lease_unwanted.send(
        sender=Application, application=application, reason=reason, acting_user=user
    )


def _supersede_decision(application: Application, _user: User | None, _reason: str) -> None:
    Decision.objects.in_force().filter(application=application).update(superseded_at=timezone.now())


def _copy_screening(application: Application, user: User | None, _reason: str) -> None:
    """Whoever takes the file up has its checklist."""
    copy_checklist(application, TaskList.SCREENING, assignee=user, acting_user=user)


def _copy_onboarding(application: Application, user: User | None, _reason: str) -> None:
    copy_checklist(application, TaskList.ONBOARDING, assignee=None, acting_user=user)


def _close_transfer(application: Application, user: User | None, reason: str) -> None:
    call_off(application, answer=reason, acting_user=user)


def _drop_finding(application: Application, user: User | None, _reason: str) -> None:
    application.ineligibilities.unsettled().update(
        confirmed=False, settled_by=user, settled_at=timezone.now()
    )


def _drop_letter(application: Application, _user: User | None, _reason: str) -> None:
    Letter.objects.current().filter(application=application).update(state=LetterState.SUPERSEDED)


def _enter_list(application: Application, user: User | None, _reason: str) -> None:
    waiting.enter(application=application, acting_user=user)


def _leave_list(application: Application, user: User | None, reason: str) -> None:
    waiting.leave(application=application, reason=reason, acting_user=user)


EFFECTS: Final[Mapping[Effect, Consequence]] = {
    Effect.FREE_HOLD: _free_hold,
    Effect.CLOSE_REQUEST: _close_request,
    Effect.CANCEL_LEASE: _cancel_lease,
    Effect.SUPERSEDE_DECISION: _supersede_decision,
    Effect.COPY_SCREENING: _copy_screening,
    Effect.COPY_ONBOARDING: _copy_onboarding,
    Effect.CLOSE_TRANSFER: _close_transfer,
    Effect.DROP_FINDING: _drop_finding,
    Effect.DROP_LETTER: _drop_letter,
    Effect.ENTER_LIST: _enter_list,
    Effect.LEAVE_LIST: _leave_list,
}
