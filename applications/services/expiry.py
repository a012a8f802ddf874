"""What runs out by itself: offers and places on the waiting list, however late the job comes."""

from applications import letters
from applications.models import Decision, Offer
from applications.services.correspondence import send
from applications.services.steps import locked, take_step
from applications.workflow import State, Step
from core.history import recorded


def expire_offers() -> int:
    """Let each open offer past its date lapse, one transaction each. Returns how many."""
    lapsed = 0
    for offer in Offer.objects.run_out().select_related("application").order_by("id"):
        with recorded(None):
            file = locked(offer.application)
            still_open = Offer.objects.run_out().filter(pk=offer.pk).exists()
            if not still_open or file.state != State.OFFERED:
                continue  # answered meanwhile
            take_step(file, Step.LAPSE_OFFER, acting_user=None)
            send(file, letters.offer_lapsed(file), "decision")
            lapsed += 1
    return lapsed


def expire_places() -> int:
    """Let each place on the waiting list past its last day lapse. Returns how many."""
    lapsed = 0
    for decision in Decision.objects.places_run_out().select_related("application").order_by("id"):
        with recorded(None):
            file = locked(decision.application)
            still_there = Decision.objects.places_run_out().filter(pk=decision.pk).exists()
            if not still_there:
                continue  # offered a space or decided anew meanwhile
            take_step(file, Step.LAPSE_PLACE, acting_user=None)
            send(file, letters.place_lapsed(file), "decision")
            lapsed += 1
    return lapsed
