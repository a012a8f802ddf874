"""Who has a space and when, as far as the reader may know it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.periods import Period, last_day_before
from leases.models import Letting
from leases.selectors.held import held_for
from sites.choices import BookingKind
from sites.models import Booking, Space


@dataclass(frozen=True, slots=True)
class Entry:
    """A booking: `letting` where the reader may see the lease, `about` for whom it is held (the
    application, where the reader may see it; what staff noted), or what the works are."""

    booking: Booking
    letting: Letting | None
    about: str

    @property
    def held_until(self) -> dt.date | None:
        ends = self.booking.expires_at
        return last_day_before(ends) if ends is not None else None


def entries_of(space: Space, period: Period | None, user: Any) -> Sequence[Entry]:
    """What takes the space on any day of the period (None: ever), the first first.

    Four queries, however much it was booked.
    """
    rows = Booking.objects.visible_to(user).standing().filter(space=space)
    if period is not None:
        rows = rows.filter(period__overlap=period)
    return _entries(list(rows.order_by("period", "id")), user)


def entry_of(booking: Booking, user: Any) -> Entry:
    """One of them."""
    return _entries([booking], user)[0]


def _entries(found: Sequence[Booking], user: Any) -> list[Entry]:
    lettings = {
        letting.booking_id: letting
        for letting in Letting.objects.visible_to(user)
        .filter(booking__in=[row.pk for row in found])
        .select_related("lease__company")
    }
    held = held_for([row.pk for row in found if row.kind == BookingKind.HOLD], user)
    return [Entry(row, lettings.get(row.pk), _about(row, held)) for row in found]


def _about(row: Booking, held: dict[int, Any]) -> str:
    if row.kind == BookingKind.LETTING:
        return ""  # its label is the number of a lease, which not everybody may see
    behind = held.get(row.pk)
    label: str = row.label if behind is None else behind.name
    return label
