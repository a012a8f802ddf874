"""Walls move: a space is split, or several are merged, from a day on.

The old spaces end on the day before and the new ones begin, each saying what it replaces. Who has
the old ones goes on in the new ones: that is settled above (`spaces_replaced`), before the old
ones are locked, since whoever acts on a lease locks it before its spaces.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import get_language

from accounts.models import User
from accounts.rights import Action
from core import formats
from core.history import recorded
from core.periods import ONE_DAY, Period
from sites.errors import (
    AlreadyMeasured,
    AreasDiffer,
    NotOnOneFloor,
    SpaceHasUnits,
    SpaceNotLettable,
    SpaceNotMeasured,
    SpaceTaken,
    TooFewSpaces,
)
from sites.models import Booking, LettablePeriod, Measure, Space
from sites.permissions import require
from sites.services.bookings import in_words, lock_spaces
from sites.signals import premises_changed, spaces_replaced


def split_space(
    *,
    space: Space,
    parts: Sequence[tuple[str, Decimal]],
    since: dt.date,
    acting_user: User | None,
    note: str = "",
) -> list[Space]:
    """New spaces in place of one from `since` on, each with its code and m².

    Their m² add up to what was measured, or `note` says why not. Raises TooFewSpaces, AreasDiffer,
    SpaceTaken when somebody has the space then who cannot go on in the new ones, SpaceHasUnits,
    SpaceNotLettable unless it is in service before and without an end, SpaceNotMeasured,
    AlreadyMeasured, NotAllowed, ValidationError for a code that is no code or already there.
    """
    require(acting_user, Action.CHANGE, "space", space.site_id)
    if len(parts) < 2:
        raise TooFewSpaces
    with recorded(acting_user, reason=note):
        made = [_new(space, code, area, since, note) for code, area in parts]
        measured = _replace([space], made, since, acting_user)
        total = sum((area for _code, area in parts), Decimal(0))
        if total != measured and not note.strip():
            language = get_language() or "fr"
            raise AreasDiffer(
                space=space.code,
                parts=formats.area(total, language),
                area=formats.area(measured, language),
            )
    return made


def merge_spaces(
    *,
    spaces: Sequence[Space],
    code: str,
    area_m2: Decimal,
    since: dt.date,
    acting_user: User | None,
    note: str = "",
) -> Space:
    """One new space in place of several of one floor from `since` on, of the first one's kind.

    Raises TooFewSpaces, NotOnOneFloor, and what `split_space` raises.
    """
    first = spaces[0] if spaces else None
    if first is None or len({space.pk for space in spaces}) < 2:
        raise TooFewSpaces
    require(acting_user, Action.CHANGE, "space", first.site_id)
    for space in spaces:
        if (space.floor_id, space.parent_id) != (first.floor_id, first.parent_id):
            raise NotOnOneFloor(space=space.code)
    with recorded(acting_user, reason=note):
        made = _new(first, code, area_m2, since, note)
        _replace(spaces, [made], since, acting_user)
    return made


def _new(like: Space, code: str, area_m2: Decimal, since: dt.date, note: str) -> Space:
    space = Space(
        site_id=like.site_id,
        building_id=like.building_id,
        floor_id=like.floor_id,
        parent_id=like.parent_id,
        code=code,
        kind=like.kind,
        advertised=like.advertised,
        note=note.strip(),
    )
    space.full_clean()
    space.save()
    LettablePeriod.objects.create(space=space, period=Period(since))
    Measure.objects.create(space=space, period=Period(since), area_m2=area_m2)
    return space


def _replace(
    old: Sequence[Space], new: Sequence[Space], since: dt.date, acting_user: User | None
) -> Decimal:
    """End the old ones. Returns their measured m²."""
    spaces_replaced.send(sender=Space, old=old, new=new, since=since, acting_user=acting_user)
    measured = sum((_end(space, since, acting_user) for space in lock_spaces(old)), Decimal(0))
    for space in new:
        space.replaces.set(old)
    premises_changed.send(
        sender=Space, site_id=old[0].site_id, days=Period(since), acting_user=acting_user
    )
    return measured


def _end(locked: Space, since: dt.date, acting_user: User | None) -> Decimal:
    if Space.objects.filter(parent=locked).exists():
        raise SpaceHasUnits(space=locked.code)
    after = Period(since)
    booked = Booking.objects.standing().filter(space=locked, period__overlap=after)
    if booked:
        way = in_words(locked, booked.order_by("period"), acting_user)
        raise SpaceTaken(space=locked.code, start=since, in_the_way=way)
    lettable = LettablePeriod.objects.filter(space=locked).order_by("-period").first()
    if lettable is None or lettable.period.end is not None or lettable.period.start >= since:
        raise SpaceNotLettable(space=locked.code)
    measure = Measure.objects.filter(space=locked).order_by("-period").first()
    if measure is None:
        raise SpaceNotMeasured(space=locked.code, day=since - ONE_DAY)
    if measure.period.start >= since:
        raise AlreadyMeasured(space=locked.code, day=measure.period.start)
    for row in (lettable, measure):
        row.period = Period(row.period.start, since)
        row.save(update_fields=["period"])
    area: Decimal = measure.area_m2
    return area
