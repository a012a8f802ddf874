"""Hold a space for somebody by hand, until a day; hold it longer; let it go."""

import datetime as dt

from django.utils import timezone

from accounts.models import User
from accounts.rights import Action
from applications.models import Offer
from core.history import recorded
from core.periods import Period, end_of
from leases.errors import HoldIsOver, HoldIsPromised, ReasonNeeded
from leases.models import Letting
from sites.choices import BookingKind
from sites.errors import HoldNotFound
from sites.models import Booking, Space
from sites.permissions import require
from sites.services import bookings


def hold_space(
    *, space: Space, period: Period, held_until: dt.date, reason: str, acting_user: User | None
) -> Booking:
    """Nobody else can have the space over the period, unless `held_until` passes without a lease.

    Raises ReasonNeeded, HoldIsOver, NotAllowed, SpaceTaken, SpaceNotLettable, SpaceHasUnits.
    """
    require(acting_user, Action.BOOK, "space", space.site_id)
    if not reason.strip():
        raise ReasonNeeded
    return bookings.book(
        space=space,
        period=period,
        kind=BookingKind.HOLD,
        expires_at=_end_of(held_until),
        label=reason.strip(),
        acting_user=acting_user,
    )


def prolong_hold(*, booking: Booking, held_until: dt.date, acting_user: User | None) -> Booking:
    """The hold falls away after that day instead, later or sooner.

    Raises HoldIsOver, HoldIsPromised, HoldNotFound for what is no hold, gone or run out,
    NotAllowed.
    """
    require(acting_user, Action.BOOK, "space", booking.space.site_id)
    ends = _end_of(held_until)
    with recorded(acting_user):
        _check_by_hand(booking)
        # Once it has run out somebody else may have been told that the space is free.
        if not Booking.objects.standing().filter(pk=booking.pk).exists():
            raise HoldNotFound(space=booking.space.code)
        return bookings.keep_hold(booking=booking, until=ends, acting_user=acting_user)


def release_hold(*, booking: Booking, acting_user: User | None) -> None:
    """The space is free again before its hold runs out.

    Raises HoldIsPromised, HoldNotFound for what is no hold, or gone, NotAllowed.
    """
    require(acting_user, Action.BOOK, "space", booking.space.site_id)
    with recorded(acting_user):
        _check_by_hand(booking)
        bookings.release(booking=booking, acting_user=acting_user)


def _end_of(held_until: dt.date) -> dt.datetime:
    ends = end_of(held_until)
    if ends <= timezone.now():
        raise HoldIsOver
    return ends


def _check_by_hand(booking: Booking) -> None:
    """What an offer promised, or a draft stands on, ends with them. Locks the space."""
    bookings.lock_spaces([booking.space])
    if not Booking.objects.filter(pk=booking.pk, kind=BookingKind.HOLD).exists():
        raise HoldNotFound(space=booking.space.code)
    behind = (Offer.objects, Letting.objects)
    if any(rows.filter(booking=booking.pk).exists() for rows in behind):
        raise HoldIsPromised(space=booking.space.code)
