"""The spaces of a site over time: who has them, who holds them, and when nobody does."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from core.periods import ONE_DAY, Period, today
from leases.choices import LeaseState, SpaceState
from leases.models import Letting
from leases.selectors.held import held_for
from leases.selectors.stacking import in_order
from sites.choices import BookingKind
from sites.models import Booking, Building, LettablePeriod, Space

_STATES = {
    BookingKind.LETTING: SpaceState.LET,
    BookingKind.HOLD: SpaceState.HELD,
    BookingKind.OUT_OF_SERVICE: SpaceState.OUT,
}


@dataclass(frozen=True, slots=True)
class Bar:
    """Whose a space is over a period: the whole of it, also where it reaches out of sight.

    A gap is a bar that is free, cut at what is looked at. `lease_id` only where the reader may see
    the lease.
    """

    period: Period
    state: SpaceState
    name: str = ""
    lease_id: int | None = None
    number: str = ""
    holding_over: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    id: int
    code: str
    floor: str
    building: Building
    bars: Sequence[Bar]
    """In their order, the gaps among them."""


def timeline(buildings: Sequence[Building], window: Period, user: Any) -> list[Row]:
    """Every space that is in service or taken on some day of the window; five queries at most.

    By building, the lowest floor first, as on the plates at the door.
    """
    bars = _bars(buildings, window, user)
    lettable = _lettable(buildings, window, user)
    rows = []
    for pk, code, building, floor, level in _spaces(buildings, user):
        there = bars.get(pk, [])
        if not there and pk not in lettable:
            continue
        taken = [bar.period for bar in there]
        gaps = [
            Bar(gap, SpaceState.FREE)
            for period in lettable.get(pk, ())
            for gap in period.without(taken)
        ]
        ordered = sorted([*there, *gaps], key=lambda bar: bar.period.start)
        rows.append(
            (building, level, floor, in_order(code), Row(pk, code, floor, building, ordered))
        )
    order = {building.pk: place for place, building in enumerate(buildings)}
    rows.sort(key=lambda row: (order[row[0].pk], row[1], row[2], row[3]))
    return [row[4] for row in rows]


def _spaces(buildings: Sequence[Building], user: Any) -> Iterable[tuple[Any, ...]]:
    known = {building.pk: building for building in buildings}
    spaces = Space.objects.visible_to(user).filter(building__in=known).leaves()
    for pk, code, building, floor, level in spaces.values_list(
        "id", "code", "building_id", "floor__code", "floor__level"
    ):
        yield pk, code, known[building], floor, level


def _lettable(buildings: Sequence[Building], window: Period, user: Any) -> dict[int, list[Period]]:
    """By space, the days of the window on which it is in service."""
    found: dict[int, list[Period]] = {}
    rows = LettablePeriod.objects.visible_to(user).overlapping(window)
    for space, period in rows.filter(space__building__in=buildings).values_list(
        "space_id", "period"
    ):
        shared = period.intersection(window)
        if shared is not None:
            found.setdefault(space, []).append(shared)
    return found


def _bars(buildings: Sequence[Building], window: Period, user: Any) -> dict[int, list[Bar]]:
    bookings = list(
        Booking.objects.visible_to(user)
        .standing()
        .overlapping(window)
        .filter(space__building__in=buildings)
        .order_by("period")
        .values_list("id", "space_id", "period", "kind", "label")
    )
    found: dict[int, list[Bar]] = {}
    seen = set()
    for booking, space, bar in _lettings(buildings, window, user):
        seen.add(booking)
        if bar.period.overlaps(window):
            found.setdefault(space, []).append(bar)
    held = held_for([row[0] for row in bookings if row[3] == BookingKind.HOLD], user)
    for booking, space, period, kind, label in bookings:
        if booking in seen:
            continue
        behind = held.get(booking)
        told = label if behind is None else behind.name
        # A letting's label is its lease's number, and this lease the reader may not see.
        name = "" if kind == BookingKind.LETTING else told
        found.setdefault(space, []).append(Bar(period, _STATES[BookingKind(kind)], name))
    return found


def _lettings(
    buildings: Sequence[Building], window: Period, user: Any
) -> Iterable[tuple[int | None, int, Bar]]:
    """(booking, space, bar); what is held over is a bar of its own, up to today."""
    there = Letting.objects.visible_to(user).occupied_within(window, today())
    rows = there.filter(space__building__in=buildings)
    for booking, space, period, lease, number, state, term, company in rows.values_list(
        "booking_id",
        "space_id",
        "period",
        "lease_id",
        "lease__number",
        "lease__state",
        "lease__period",
        "lease__company__name",
    ):
        over = state == LeaseState.ACTIVE and term.is_past(today())
        for days, late in _cut(period, term.end if over else None):
            yield booking, space, Bar(days, SpaceState.LET, company, lease, number, late)


def _cut(period: Period, term: dt.date | None) -> Iterable[tuple[Period, bool]]:
    """The letting up to the term of its lease, and what is held over since."""
    if term is None or period.end is None or period.end < term:
        yield period, False  # not over, or a room that was given up before
        return
    if period.start < term:
        yield Period(period.start, term), False
    if term <= today():
        yield Period(max(period.start, term), max(period.end, today() + ONE_DAY)), True
