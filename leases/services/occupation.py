"""Lengthen or shorten the time a letting lasts: booking, letting and rent steps together."""

import datetime as dt

from accounts.models import User
from core.periods import Period
from leases.models import Letting, RentStep
from sites.services import bookings


def let_until(letting: Letting, end: dt.date | None, *, acting_user: User | None) -> bool:
    """Let the letting last until `end` (excluded); the last rate goes on. Whether it changed.

    A letting that begins on `end` or later cannot be cut to nothing: the caller removes it.
    Raises SpaceTaken when it grows into another booking.
    """
    if letting.period.end == end:
        return False
    period = Period(letting.period.start, end)
    if letting.booking is not None:
        bookings.change_period(booking=letting.booking, period=period, acting_user=acting_user)
    steps = sorted(letting.steps.all(), key=lambda step: step.period.start)
    kept = [step for step in steps if end is None or step.period.start < end]
    last = kept[-1]
    # Steps change by delete and insert only: the key without overlaps is checked at once.
    RentStep.objects.filter(pk__in=[step.pk for step in steps[len(kept) - 1 :]]).delete()
    letting.period = period
    letting.save(update_fields=["period"])
    RentStep.objects.create(
        letting=letting,
        period=Period(last.period.start, end),
        unit=last.unit,
        rate=last.rate,
    )
    return True
