"""What is counted and read when keys change hands: the keys themselves, and the meters."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language

from accounts.models import User
from core import formats
from leases.choices import MeterKind
from leases.errors import ElementMissing, ListedTwice, ReadingBelowEntry
from leases.models import HandoverReport, MeterReading
from leases.services.handover_reports import opened


@dataclass(frozen=True, slots=True)
class Counted:
    """Keys of one sort; `count` None: not counted yet."""

    what: str
    identifier: str = ""
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """A meter, and what it says in its own unit; `reading` None: not read yet."""

    kind: MeterKind
    number: str
    reading: Decimal | None = None
    replaced: bool = False


def set_keys(
    *, report: HandoverReport, keys: Sequence[Counted], acting_user: User | None
) -> HandoverReport:
    """The keys of the report are these; what went out at the entry stays listed until it is
    counted. Raises ListedTwice, ElementMissing, ReportClosed, NotAllowed."""
    marks = [(each.what.strip(), each.identifier.strip()) for each in keys]
    _check_marks("what", marks, named=0)
    wanted = dict(zip(marks, (each.count for each in keys), strict=True))
    with opened(report, acting_user=acting_user) as row:
        there = {(key.what, key.identifier): key for key in row.keys.order_by("id")}
        for mark, key in there.items():
            if mark not in wanted and key.before_id is None:
                key.delete()
        for (what, identifier), count in wanted.items():
            known = there.get((what, identifier))
            if known is None:
                row.keys.create(what=what, identifier=identifier, count=count)
            elif known.count != count:
                known.count = count
                known.save(update_fields=["count"])
    return row


def set_meters(
    *, report: HandoverReport, meters: Sequence[Read], acting_user: User | None
) -> HandoverReport:
    """The meters of the report are these; one that was read at the entry stays listed.

    Raises ReadingBelowEntry, ListedTwice, ElementMissing, ReportClosed, NotAllowed.
    """
    marks = [(MeterKind(each.kind), each.number.strip()) for each in meters]
    _check_marks("number", marks, named=1)
    wanted = dict(zip(marks, meters, strict=True))
    with opened(report, acting_user=acting_user) as row:
        rows = row.meters.select_related("before").order_by("id")
        there = {(MeterKind(meter.kind), meter.number): meter for meter in rows}
        for mark, meter in there.items():
            if mark not in wanted and meter.before_id is None:
                meter.delete()
        for mark, each in wanted.items():
            known = there.get(mark) or MeterReading(report=row, kind=mark[0], number=mark[1])
            _check_reading(known, each)
            if known.pk and (known.reading, known.replaced) == (each.reading, each.replaced):
                continue
            known.reading, known.replaced = each.reading, each.replaced
            known.save()
    return row


def _check_marks(field: str, marks: Sequence[tuple[str, str]], *, named: int) -> None:
    """Each is named (by that part of it), and stands there once."""
    for mark in marks:
        if not mark[named]:
            raise ElementMissing(field=field)
        if marks.count(mark) > 1:
            raise ListedTwice(field=field, what=" ".join(filter(None, mark)))


def _check_reading(meter: MeterReading, given: Read) -> None:
    before = meter.before.reading if meter.before is not None else None
    if before is None or given.reading is None or given.replaced or given.reading >= before:
        return
    raise ReadingBelowEntry(
        number=meter.number, before=formats.exact(before, get_language() or "fr")
    )
