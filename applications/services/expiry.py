"""Offers that ran out lapse, however long the job was not running."""

from applications import letters
from applications.models import Offer
from applications.services.decisions import close_offer, send
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
            take_step(file, Step.LAPSE, acting_user=None)
            close_offer(file, state="expired", acting_user=None)
            send(file, letters.offer_lapsed(file), "decision")
            lapsed += 1
    return lapsed
