"""Spaces, their measured area and their time in service."""

import datetime as dt
from decimal import Decimal

from accounts.models import User
from core.history import recorded
from core.periods import ONE_DAY, Period
from sites.errors import AlreadyMeasured, SpaceHasUnits, SpaceTaken
from sites.models import Booking, Floor, LettablePeriod, Measure, Space
from sites.services.bookings import lock_spaces


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

    Raises SpaceHasUnits when the parent itself was ever booked (only leaves are), and
    ValidationError when a field breaks its rule.
    """
    with recorded(acting_user):
        if parent is not None:
            (parent,) = lock_spaces([parent])
            if Booking.objects.filter(space=parent).exists():
                raise SpaceHasUnits(space=parent.code)
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
    return space


def measure(*, space: Space, area_m2: Decimal, since: dt.date, acting_user: User | None) -> Measure:
    """The space has `area_m2` from `since` on; what was measured before stays as it was.

    Measured again with the same result: nothing changes. Raises AlreadyMeasured when another
    measurement begins on that day or later.
    """
    with recorded(acting_user):
        (locked,) = lock_spaces([space])
        current = Measure.objects.filter(space=locked, period__endswith__isnull=True).first()
        if current is not None:
            if current.area_m2 == area_m2 and current.period.start <= since:
                return current
            if current.period.start >= since:
                raise AlreadyMeasured(space=locked.code, day=current.period.start.isoformat())
            current.period = Period(current.period.start, since)
            current.save(update_fields=["period"])
        return Measure.objects.create(space=locked, period=Period(since), area_m2=area_m2)


def retire(*, space: Space, last_day: dt.date, acting_user: User | None) -> None:
    """The space is no longer lettable after `last_day`. Raises SpaceTaken if it is booked then."""
    after = Period(last_day + ONE_DAY)
    with recorded(acting_user):
        (locked,) = lock_spaces([space])
        booked = Booking.objects.standing().filter(space=locked, period__overlap=after).first()
        if booked is not None:
            raise SpaceTaken(
                space=locked.code, start=after.start.isoformat(), in_the_way=str(booked)
            )
        for dated in (LettablePeriod, Measure):
            for row in dated.objects.filter(space=locked, period__overlap=after):
                if row.period.start >= after.start:
                    row.delete()
                else:
                    row.period = Period(row.period.start, after.start)
                    row.save(update_fields=["period"])
