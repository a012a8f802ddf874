"""For whom spaces are held, as far as the reader may know."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from applications.models import Offer


@dataclass(frozen=True, slots=True)
class HeldFor:
    """The application whose offer holds a space; its name only for those who may read the file."""

    application_id: int | None
    name: str


UNSEEN = HeldFor(None, "")


def held_for(booking_ids: Collection[int], user: Any) -> dict[int, HeldFor]:
    """By hold, those behind an offer; one query.

    A hold bears its application's reference: of a file that the reader may not see (a conflict,
    another's role), not even that is told.
    """
    visible = Offer.objects.visible_to(user).filter(pk=OuterRef("pk"))
    offers = Offer.objects.filter(booking__in=booking_ids).annotate(seen=Exists(visible))
    found = offers.values_list(
        "booking_id", "seen", "application_id", "application__reference", "application__name"
    )
    return {
        booking: HeldFor(file, f"{reference} · {name}") if seen else UNSEEN
        for booking, seen, file, reference, name in found
    }
