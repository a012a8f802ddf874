"""Handover reports as they are read: which counts, what is in one, what is still to look at."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import Prefetch

from leases.choices import HandoverWay, ReportState
from leases.handovers import consumed, is_worse
from leases.models import (
    HandoverItem,
    HandoverKey,
    HandoverPhoto,
    HandoverReport,
    Lease,
    Letting,
    MeterReading,
)
from sites.models import Space


def report_of_record(lease: Lease, way: HandoverWay) -> HandoverReport | None:
    """The closed report that counts: of the keys out, that of the lease it goes on with where
    it was assigned, for then the keys stayed out."""
    looked_at: Lease | None = lease
    while looked_at is not None:
        found = HandoverReport.objects.filter(lease=looked_at).of_record(way).first()
        if found is not None or way == HandoverWay.OUT:
            return found
        looked_at = looked_at.follows
    return None


def spaces_on(lease: Lease, day: dt.date) -> list[Space]:
    """Those whose keys change hands on the day: before the first day those of that one, after the
    last those that were let to the end; by building and code."""
    lettings = list(
        Letting.objects.filter(lease=lease, space__isnull=False).select_related(
            "space__building", "space__floor"
        )
    )
    day = max(day, lease.period.start)
    there = [let for let in lettings if day in let.period]
    if not there:
        last = max((let.period.start for let in lettings), default=day)
        ends = [let.period.end for let in lettings if let.period.end is not None]
        there = [let for let in lettings if ends and let.period.end == max(ends)] or [
            let for let in lettings if let.period.start == last
        ]
    spaces = {let.space.pk: let.space for let in there if let.space is not None}
    return sorted(spaces.values(), key=lambda space: (space.building.code, space.code))


@dataclass(frozen=True, slots=True)
class Line:
    """An item with what was found at the entry."""

    item: HandoverItem

    @property
    def before(self) -> HandoverItem | None:
        return self.item.before

    @property
    def worse(self) -> bool:
        before = self.item.before
        return before is not None and is_worse(before.condition, self.item.condition)

    @property
    def photos(self) -> list[HandoverPhoto]:
        return list(self.item.photos.all())

    @property
    def photos_before(self) -> list[HandoverPhoto]:
        return list(self.item.before.photos.all()) if self.item.before is not None else []


@dataclass(frozen=True, slots=True)
class Room:
    """A part of the report with a heading of its own; no space: the common parts."""

    space: Space | None
    room: str
    lines: Sequence[Line]

    @property
    def unlooked(self) -> list[HandoverItem]:
        return [line.item for line in self.lines if not line.item.condition]


@dataclass(frozen=True, slots=True)
class KeyLine:
    key: HandoverKey

    @property
    def lacking(self) -> int:
        """How many fewer came back than went out."""
        before = self.key.before
        if before is None or before.count is None or self.key.count is None:
            return 0
        return max(before.count - self.key.count, 0)


@dataclass(frozen=True, slots=True)
class MeterLine:
    meter: MeterReading

    @property
    def consumed(self) -> Decimal | None:
        before = self.meter.before
        return consumed(
            before.reading if before is not None else None,
            self.meter.reading,
            replaced=self.meter.replaced,
        )


class Sheet:
    """A report with all that is in it, in six queries however much that is."""

    def __init__(self, report: HandoverReport) -> None:
        self.report = report

    @cached_property
    def rooms(self) -> list[Room]:
        """In the report's order; an item that was added stands with its room."""
        rooms: dict[tuple[int | None, str], list[Line]] = {}
        for item in self._items():
            rooms.setdefault((item.space_id, item.room), []).append(Line(item))
        # What is of no space comes last.
        found = sorted(rooms.items(), key=lambda each: each[0][0] is None)
        return [Room(lines[0].item.space, room, lines) for (_space, room), lines in found]

    @property
    def rooms_to_write(self) -> list[Room]:
        """With one for what is of no space, where there is nothing of the kind yet."""
        if self.rooms and self.rooms[-1].space is None:
            return self.rooms
        return [*self.rooms, Room(None, "", [])]

    def _items(self) -> Iterator[HandoverItem]:
        photos = HandoverPhoto.objects.order_by("id")
        rows = (
            HandoverItem.objects.filter(report=self.report)
            .select_related("space__building", "space__floor", "before")
            .prefetch_related(Prefetch("photos", photos), Prefetch("before__photos", photos))
            .order_by("position", "id")
        )
        for item in rows:
            item.report = self.report
            yield item

    @cached_property
    def keys(self) -> list[KeyLine]:
        rows = HandoverKey.objects.filter(report=self.report).select_related("before")
        return [KeyLine(key) for key in rows.order_by("id")]

    @cached_property
    def meters(self) -> list[MeterLine]:
        rows = MeterReading.objects.filter(report=self.report).select_related("before")
        return [MeterLine(meter) for meter in rows.order_by("id")]

    # --- What is still to do --------------------------------------------------------------------
    @cached_property
    def unlooked(self) -> list[HandoverItem]:
        return [item for room in self.rooms for item in room.unlooked]

    @cached_property
    def to_do(self) -> list[str]:
        """What closing waits for, in words of the report's own."""
        return [
            *(item.placed for item in self.unlooked),
            *(str(line.key) for line in self.keys if line.key.count is None),
            *(str(line.meter) for line in self.meters if line.meter.reading is None),
        ]

    @property
    def editable(self) -> bool:
        return self.report.state == ReportState.DRAFT
