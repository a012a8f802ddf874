"""A building on a day: its floors, and on each the spaces with whose they are."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db.models import Exists, OuterRef, Subquery

from core.money import ZERO
from core.periods import ONE_DAY, Period, add_months, today
from leases.choices import LeaseState, SpaceState
from leases.models import Letting, Notice
from leases.selectors.held import HeldFor, held_for
from sites.choices import BookingKind
from sites.models import Booking, Building, LettablePeriod, Space

_PARTS: Final = re.compile(r"(\D*)(\d*)")
FREES_UP_WITHIN: Final = 6
"""Months in which a space that will be given up counts as freeing up."""


_BOOKED: Final = (SpaceState.HELD, SpaceState.OUT)


@dataclass(frozen=True, slots=True)
class Stay:
    """A tenant who has the space; `last_day` as agreed, `noticed` by a notice that stands."""

    lease_id: int
    number: str
    company: str
    last_day: dt.date | None
    noticed: dt.date | None
    holding_over: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """A booking, as the plan reads it."""

    id: int
    period: Period
    kind: str
    label: str
    held_over: bool
    """By a tenant past the lease's term. Who it is, is another question: of `Stay`."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A space on the day. `until`: the last day of its state, as far as it is known."""

    id: int
    code: str
    kind: str
    area_m2: Decimal | None
    state: SpaceState
    stays: tuple[Stay, ...] = ()
    until: dt.date | None = None
    told: str = ""
    """For whom it is held, or why it is out of service."""
    not_lettable: bool = False

    @property
    def holding_over(self) -> bool:
        return any(stay.holding_over for stay in self.stays)


@dataclass(frozen=True, slots=True)
class Band:
    """A floor with its spaces; the highest floor of a plan comes first."""

    floor: str
    cells: Sequence[Cell]

    @property
    def area_m2(self) -> Decimal:
        return sum((cell.area_m2 or ZERO for cell in self.cells), ZERO)


@dataclass(frozen=True, slots=True)
class Plan:
    building: Building
    day: dt.date
    bands: Sequence[Band]

    @property
    def sums(self) -> dict[SpaceState, tuple[int, Decimal]]:
        """Spaces and m² in each state."""
        sums = dict.fromkeys(SpaceState, (0, ZERO))
        for cell in self.cells:
            count, area = sums[cell.state]
            sums[cell.state] = (count + 1, area + (cell.area_m2 or ZERO))
        return sums

    @property
    def cells(self) -> Iterable[Cell]:
        return (cell for band in self.bands for cell in band.cells)


def plan(building: Building, day: dt.date, user: Any) -> Plan:
    """Four queries, whatever the number of spaces.

    A space stands on the plan while it is measured, lettable or taken. Names come only from the
    leases and applications that the user may see; that a space is let or held is no secret.
    """
    bookings = _bookings(building, day, user)
    stays = _stays(building, day, user)
    held = held_for(
        [one.id for rows in bookings.values() for one in rows if _holds(one, day)], user
    )
    bands: dict[tuple[int, str], list[Cell]] = {}
    for pk, code, kind, floor, level, area, lettable in _spaces(building, day, user):
        taken, there = bookings.get(pk, ()), stays.get(pk, ())
        if area is None and not lettable and not there and not (taken and day in taken[0].period):
            continue
        state, until = _state(day, taken, there, lettable=lettable)
        bands.setdefault((level, floor), []).append(
            Cell(
                id=pk,
                code=code,
                kind=kind,
                area_m2=area,
                state=state,
                stays=tuple(there),
                until=until,
                told=_told(taken[0], held) if taken and state in _BOOKED else "",
                not_lettable=not lettable,
            )
        )
    top_first = sorted(bands.items(), key=lambda band: band[0], reverse=True)
    return Plan(building, day, [Band(floor, cells) for (_level, floor), cells in top_first])


def in_order(code: str) -> list[tuple[str, int]]:
    """Sorts B2 before B10."""
    return [(letters, int(digits or 0)) for letters, digits in _PARTS.findall(code)]


def _spaces(building: Building, day: dt.date, user: Any) -> Iterable[tuple[Any, ...]]:
    lettable = LettablePeriod.objects.in_force_on(day).filter(space=OuterRef("pk"))
    spaces = Space.objects.visible_to(user).filter(building=building).leaves().with_area_on(day)
    rows: Any = spaces.values_list(
        "id", "code", "kind", "floor__code", "floor__level", "area_m2", Exists(lettable)
    )
    return sorted(rows, key=lambda row: in_order(row[1]))


def _bookings(building: Building, day: dt.date, user: Any) -> dict[int, list[Taken]]:
    """By space, what stands on the day or begins soon after, the first first."""
    ahead = Period(day, add_months(day, FREES_UP_WITHIN) + ONE_DAY)
    found: dict[int, list[Taken]] = {}
    rows = Booking.objects.visible_to(user).standing().overlapping(ahead)
    for space, pk, period, kind, label, state, term in (
        rows.filter(space__building=building)
        .order_by("period")
        .values_list(
            "space_id",
            "id",
            "period",
            "kind",
            "label",
            "letting__lease__state",
            "letting__lease__period",
        )
    ):
        over = state == LeaseState.ACTIVE and term.is_past(day)
        found.setdefault(space, []).append(Taken(pk, period, kind, label, over))
    return found


def _stays(building: Building, day: dt.date, user: Any) -> dict[int, list[Stay]]:
    """By space, who is there; holding over counts up to today."""
    notice = Notice.objects.standing().filter(lease=OuterRef("lease"), last_day__gte=day)
    rows = Letting.objects.visible_to(user).occupied_on(day, today())
    found: dict[int, list[Stay]] = {}
    for space, period, lease, number, state, term, company, noticed in (
        rows.filter(space__building=building)
        .order_by("period", "id")
        .values_list(
            "space_id",
            "period",
            "lease_id",
            "lease__number",
            "lease__state",
            "lease__period",
            "lease__company__name",
            Subquery(notice.values("last_day")[:1]),
        )
    ):
        # However long it is held over since.
        agreed = term.last_day if state == LeaseState.ACTIVE and term.is_past(today()) else None
        days = [last for last in (period.last_day, agreed) if last is not None]
        over = state == LeaseState.ACTIVE and term.is_past(day)
        stay = Stay(lease, number, company, min(days, default=None), noticed, over)
        found.setdefault(space, []).append(stay)
    return found


def _state(
    day: dt.date, taken: Sequence[Taken], stays: Sequence[Stay], *, lettable: bool
) -> tuple[SpaceState, dt.date | None]:
    """The state with its last day; None: no end is known, or it is more than six months away."""
    now = taken[0] if taken and day in taken[0].period else None
    if stays or (now is not None and now.kind == BookingKind.LETTING):
        if any(stay.holding_over for stay in stays) or (now is not None and now.held_over):
            return SpaceState.LET, None
        last = _last_day(taken, stays)
        soon = last is not None and last < add_months(day, FREES_UP_WITHIN)
        return (SpaceState.FREEING, last) if soon else (SpaceState.LET, last)
    if now is not None:
        held = now.kind == BookingKind.HOLD
        return (SpaceState.HELD if held else SpaceState.OUT), now.period.last_day
    if not lettable:
        return SpaceState.OUT, None
    return SpaceState.FREE, taken[0].period.start - ONE_DAY if taken else None


def _last_day(taken: Sequence[Taken], stays: Sequence[Stay]) -> dt.date | None:
    """The last day before the space is nobody's: what follows without a gap keeps it taken."""
    last = min((stay.last_day for stay in stays if stay.last_day is not None), default=None)
    if taken and (last is None or last == taken[0].period.last_day):
        last = taken[0].period.last_day
        for following in taken[1:]:
            if last is None or following.period.start != last + ONE_DAY:
                break
            last = following.period.last_day
    days = [last, *(stay.noticed for stay in stays)]
    return min((day for day in days if day is not None), default=None)


def _holds(taken: Taken, day: dt.date) -> bool:
    return taken.kind == BookingKind.HOLD and day in taken.period


def _told(hold: Taken, held: Mapping[int, HeldFor]) -> str:
    behind = held.get(hold.id)
    return hold.label if behind is None else behind.name
