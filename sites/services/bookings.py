"""The one door to `sites.Booking`.

Lock, then check: the space rows are locked in id order, so that attempts at one space queue up
(without the lock, hundreds of simultaneous inserts end in deadlocks); the exclusion constraint
has the last word all the same.
"""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import DatabaseError, IntegrityError, OperationalError, transaction
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import Action
from core import formats
from core.history import recorded
from core.periods import Period, today
from sites.choices import BookingKind
from sites.errors import HoldNotFound, SpaceHasUnits, SpaceNotLettable, SpaceTaken
from sites.models import Booking, LettablePeriod, Space
from sites.permissions import can
from sites.signals import holds_changed

EXCLUSION_VIOLATION = "23P01"
DEADLOCK = "40P01"


def lock_spaces(spaces: Iterable[Space]) -> list[Space]:
    """Lock the rows in id order: whoever locks several never deadlocks with another."""
    ids = {space.pk for space in spaces}
    return list(Space.objects.select_for_update().filter(pk__in=ids).order_by("pk"))


def book(
    *,
    space: Space,
    period: Period,
    kind: BookingKind,
    acting_user: User | None,
    expires_at: dt.datetime | None = None,
    label: str = "",
) -> Booking:
    """Take a space over a period.

    Raises SpaceTaken (with what is in the way), SpaceNotLettable, SpaceHasUnits.
    """
    with recorded(acting_user):
        (locked,) = lock_spaces([space])
        _clear(Booking.objects.expired().filter(space=locked, period__overlap=period))
        if Space.objects.filter(parent=locked).exists():
            raise SpaceHasUnits(space=locked.code)
        if kind != BookingKind.OUT_OF_SERVICE:
            _check_lettable(locked, period)
        booking = Booking(
            space=locked,
            period=period,
            kind=kind,
            expires_at=expires_at,
            held_on=today() if kind == BookingKind.HOLD else None,
            label=label,
        )
        _save(booking, acting_user, insert=True)
        _tell_of_hold(booking, acting_user)
    return booking


def change_period(*, booking: Booking, period: Period, acting_user: User | None) -> Booking:
    """Lengthen or shorten a booking. Raises SpaceTaken, HoldNotFound when it is gone."""
    with recorded(acting_user):
        lock_spaces([booking.space])
        current = _current(booking)
        if current.period != period:
            expired = Booking.objects.expired().filter(space=current.space, period__overlap=period)
            _clear(expired.exclude(pk=current.pk))
            _tell_of_hold(current, acting_user)
            current.period = period
            _save(current, acting_user, insert=False)
            _tell_of_hold(current, acting_user)
    return current


def keep_hold(
    *, booking: Booking, acting_user: User | None, until: dt.datetime | None = None
) -> Booking:
    """A hold runs out then, and no longer at all without `until`. Raises HoldNotFound when it is
    gone."""
    with recorded(acting_user):
        lock_spaces([booking.space])
        current = _current(booking)
        current.expires_at = until
        current.save(update_fields=["expires_at"])
        _tell_of_hold(current, acting_user)
    return current


def turn_into_letting(*, booking: Booking, label: str, acting_user: User | None) -> Booking:
    """Signing: the same row that held the space now lets it."""
    with recorded(acting_user):
        lock_spaces([booking.space])
        current = _current(booking)
        _tell_of_hold(current, acting_user)
        current.kind = BookingKind.LETTING
        current.expires_at = None
        current.label = label
        current.save(update_fields=["kind", "expires_at", "label"])
    return current


def release(*, booking: Booking, acting_user: User | None) -> None:
    """Give the space back: the booking is deleted (history keeps it). Twice does no harm."""
    with recorded(acting_user):
        lock_spaces([booking.space])
        _clear(Booking.objects.filter(pk=booking.pk), acting_user)


def delete_expired_holds() -> int:
    """Clear the holds that ran out. Returns how many."""
    with transaction.atomic():
        return _clear(Booking.objects.expired())


def in_the_way(space: Space, period: Period, *, ignoring: int | None = None) -> Sequence[Booking]:
    """The standing bookings of the space on any day of the period."""
    found = Booking.objects.standing().filter(space=space, period__overlap=period)
    return list(found.exclude(pk=ignoring or 0).order_by("period"))


def in_words(space: Space, found: Iterable[Booking], acting_user: User | None) -> str:
    """What each is, from its first to its last day, in the language in force.

    What it is for (a lease's number, the works) is named to whoever may see the leases of the
    site. A hold may bear the reference of a file, which a colleague in conflict must not learn.
    """
    language = get_language() or "fr"
    named = acting_user is None or can(acting_user, Action.VIEW, "lease", space.site_id)
    said = (
        (
            booking.get_kind_display(),
            booking.label if named and booking.kind != BookingKind.HOLD else "",
            formats.days(booking.period.start, booking.period.last_day, language),
        )
        for booking in found
    )
    return ", ".join(" ".join(filter(None, parts)) for parts in said)


def _current(booking: Booking) -> Booking:
    current = Booking.objects.select_related("space").filter(pk=booking.pk).first()
    if current is None:
        raise HoldNotFound(space=booking.space.code)
    return current


def _clear(rows: QuerySet[Booking], acting_user: User | None = None) -> int:
    """Delete them; how many."""
    found = list(rows.select_related("space"))
    for booking in found:
        _tell_of_hold(booking, acting_user)
    Booking.objects.filter(pk__in=[booking.pk for booking in found]).delete()
    return len(found)


def _tell_of_hold(booking: Booking, acting_user: User | None) -> None:
    """Of its days, and of those before them since it was placed."""
    if booking.kind == BookingKind.HOLD:
        start, end = booking.period.start, booking.period.end
        holds_changed.send(
            sender=Booking,
            site_id=booking.space.site_id,
            days=Period(min(booking.held_on or start, start), end),
            acting_user=acting_user,
        )


def _check_lettable(space: Space, period: Period) -> None:
    if not LettablePeriod.objects.filter(space=space, period__contains=period).exists():
        raise SpaceNotLettable(space=space.code)


def _save(booking: Booking, acting_user: User | None, *, insert: bool) -> None:
    try:
        with transaction.atomic():
            booking.save(force_insert=insert)
    except (IntegrityError, OperationalError) as error:
        if _sqlstate(error) not in {EXCLUSION_VIOLATION, DEADLOCK}:
            raise
        raise _taken(booking, acting_user) from error


def _sqlstate(error: DatabaseError) -> str | None:
    return getattr(error.__cause__, "pgcode", None)


def _taken(booking: Booking, acting_user: User | None) -> SpaceTaken:
    others = in_the_way(booking.space, booking.period, ignoring=booking.pk)
    return SpaceTaken(
        space=booking.space.code,
        start=booking.period.start,
        in_the_way=in_words(booking.space, others, acting_user) or _("somebody was faster"),
    )
