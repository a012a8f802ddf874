"""Spaces, their measured area and their time in service."""

import datetime as dt
from decimal import Decimal
from typing import Any, Final

from accounts.models import User
from accounts.rights import Action
from core.history import recorded
from core.periods import ONE_DAY, Period
from sites.choices import BookingKind
from sites.errors import (
    AlreadyInService,
    AlreadyMeasured,
    NotOutOfService,
    SpaceHasUnits,
    SpaceIsWhole,
    SpaceRetired,
    SpaceTaken,
    WrongSite,
)
from sites.models import Booking, Floor, LettablePeriod, Measure, Space
from sites.permissions import require
from sites.services.bookings import book, change_period, in_words, lock_spaces, release
from sites.signals import premises_changed

_OF_A_WHOLE: Final[tuple[Any, ...]] = (Measure.objects, LettablePeriod.objects, Booking.objects)


def add_space(
    *,
    floor: Floor,
    code: str,
    kind: str,
    area_m2: Decimal | None,
    lettable_from: dt.date | None,
    acting_user: User | None,
    parent: Space | None = None,
    advertised: bool = True,
) -> Space:
    """A new space on a floor, measured and in service from `lettable_from` (None: not lettable).

    Raises NotAllowed, WrongSite when the parent is at another site, SpaceIsWhole when it was ever
    measured, lettable or booked itself (only leaves are, and figures count leaves alone, on past
    days too), and ValidationError when a field breaks its rule.
    """
    site = floor.building.site
    require(acting_user, Action.ADD, "space", site.pk)
    if parent is not None and parent.site_id != site.pk:
        raise WrongSite(field="parent", space=parent.code, site=site.name)
    with recorded(acting_user):
        if parent is not None:
            (parent,) = lock_spaces([parent])
            if any(rows.filter(space=parent).exists() for rows in _OF_A_WHOLE):
                raise SpaceIsWhole(space=parent.code)
        space = Space(
            site_id=floor.building.site_id,
            building_id=floor.building_id,
            floor=floor,
            code=code,
            kind=kind,
            parent=parent,
            advertised=advertised,
        )
        space.full_clean()
        space.save()
        if lettable_from is not None:
            period = Period(lettable_from)
            LettablePeriod.objects.create(space=space, period=period)
            if area_m2 is not None:
                Measure.objects.create(space=space, period=period, area_m2=area_m2)
            _changed(space.site_id, period, acting_user)
    return space


def update_space(*, space: Space, acting_user: User | None) -> Space:
    """Keep what was written into `space`. Its kind is no dated fact: another one was always so.

    Raises NotAllowed, ValidationError.
    """
    require(acting_user, Action.CHANGE, "space", space.site_id)
    with recorded(acting_user):
        (locked,) = lock_spaces([space])
        space.full_clean()
        space.save()
        lettable = LettablePeriod.objects.filter(space=locked).order_by("period").first()
        if locked.kind != space.kind and lettable is not None:
            _changed(space.site_id, Period(lettable.period.start), acting_user)
    return space


def measure(*, space: Space, area_m2: Decimal, since: dt.date, acting_user: User | None) -> Measure:
    """The space has `area_m2` from `since` on; what was measured before stays as it was.

    Measured again with the same result: nothing changes. Raises NotAllowed, SpaceHasUnits (they
    are measured), AlreadyMeasured when another measurement begins on that day or later,
    SpaceRetired.
    """
    require(acting_user, Action.CHANGE, "space", space.site_id)
    with recorded(acting_user):
        (locked,) = lock_spaces([space])
        if Space.objects.filter(parent=locked).exists():
            raise SpaceHasUnits(space=locked.code)
        current = Measure.objects.filter(space=locked).order_by("-period").first()
        if current is not None:
            if current.period.end is not None:
                raise SpaceRetired(day=current.period.last_day)
            if current.area_m2 == area_m2 and current.period.start <= since:
                return current
            if current.period.start >= since:
                raise AlreadyMeasured(space=locked.code, day=current.period.start)
            current.period = Period(current.period.start, since)
            current.save(update_fields=["period"])
        measured = Measure.objects.create(space=locked, period=Period(since), area_m2=area_m2)
        _changed(locked.site_id, measured.period, acting_user)
    return measured


def put_in_service(
    *, space: Space, since: dt.date, area_m2: Decimal | None, acting_user: User | None
) -> LettablePeriod:
    """The space may be let from `since` on: one that never was, or a retired one.

    `area_m2`: what it measures then; None: what it measured last. Raises NotAllowed,
    SpaceHasUnits (they are let), AlreadyInService when it is, or will be, and AlreadyMeasured.
    """
    require(acting_user, Action.CHANGE, "space", space.site_id)
    opened = Period(since)
    with recorded(acting_user):
        (locked,) = lock_spaces([space])
        if Space.objects.filter(parent=locked).exists():
            raise SpaceHasUnits(space=locked.code)
        periods = LettablePeriod.objects.filter(space=locked)
        known = periods.filter(period__overlap=opened).order_by("period").first()
        if known is not None:
            raise AlreadyInService(space=locked.code, day=known.period.start)
        last = Measure.objects.filter(space=locked).order_by("-period").first()
        if last is not None and last.period.end is not None:  # it was retired
            if last.period.end > since:
                raise AlreadyMeasured(space=locked.code, day=last.period.start)
            area = area_m2 or last.area_m2
            Measure.objects.create(space=locked, period=opened, area_m2=area)
        elif area_m2 is not None:
            measure(space=locked, area_m2=area_m2, since=since, acting_user=acting_user)
        lettable = LettablePeriod.objects.create(space=locked, period=opened)
        _changed(locked.site_id, opened, acting_user)
    return lettable


def retire(*, space: Space, last_day: dt.date, acting_user: User | None) -> None:
    """The space is no longer lettable after `last_day`.

    Raises NotAllowed, SpaceTaken if it is booked then.
    """
    require(acting_user, Action.CHANGE, "space", space.site_id)
    after = Period(last_day + ONE_DAY)
    with recorded(acting_user):
        (locked,) = lock_spaces([space])
        booked = Booking.objects.standing().filter(space=locked, period__overlap=after).first()
        if booked is not None:
            raise SpaceTaken(
                space=locked.code,
                start=after.start,
                in_the_way=in_words(locked, [booked], acting_user),
            )
        for dated in (LettablePeriod, Measure):
            for row in dated.objects.filter(space=locked, period__overlap=after):
                if row.period.start >= after.start:
                    row.delete()
                else:
                    row.period = Period(row.period.start, after.start)
                    row.save(update_fields=["period"])
        _changed(locked.site_id, after, acting_user)


def take_out_of_service(
    *, space: Space, period: Period, reason: str, acting_user: User | None
) -> Booking:
    """Works, damage: nobody can have the space over the period. Raises NotAllowed, SpaceTaken."""
    require(acting_user, Action.BOOK, "space", space.site_id)
    with recorded(acting_user):
        out = book(
            space=space,
            period=period,
            kind=BookingKind.OUT_OF_SERVICE,
            label=reason,
            acting_user=acting_user,
        )
        _changed(space.site_id, period, acting_user)
    return out


def return_to_service(*, booking: Booking, from_day: dt.date, acting_user: User | None) -> None:
    """The works are over: the space is free again from `from_day` on.

    Raises NotAllowed, NotOutOfService when the booking is another one or ends earlier anyway.
    """
    require(acting_user, Action.BOOK, "space", booking.space.site_id)
    period = booking.period
    ended = period.end is not None and period.end <= from_day
    if booking.kind != BookingKind.OUT_OF_SERVICE or ended:
        raise NotOutOfService(space=booking.space.code, day=from_day)
    with recorded(acting_user):
        if from_day <= period.start:
            release(booking=booking, acting_user=acting_user)
        else:
            change_period(
                booking=booking, period=Period(period.start, from_day), acting_user=acting_user
            )
        _changed(booking.space.site_id, Period(max(from_day, period.start)), acting_user)


def _changed(site_id: int, days: Period, acting_user: User | None) -> None:
    premises_changed.send(sender=Space, site_id=site_id, days=days, acting_user=acting_user)
