"""The PDF of a handover report: rooms, keys, meters and photos; of an exit, against its entry."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext

from core import formats
from core.typesetting import typeset
from leases.choices import HandoverWay
from leases.models import HandoverItem, HandoverPhoto, HandoverReport
from leases.papers.clauses import Values, clauses
from leases.papers.frame import frame, site_lines
from leases.papers.parties import isolated, language, own, said
from leases.papers.subject import Subject
from leases.selectors.handovers import KeyLine, Line, MeterLine, Room, Sheet

Table = dict[str, Any]


def handover_pdf(report: HandoverReport, subject: Subject, text: str, values: Values) -> bytes:
    """`text`: the clauses, with placeholders. What is written stands in the report's own words,
    all around it in the language in force."""
    sheet = Sheet(report)
    compared = report.compared_with is not None
    photos = list(_photos(sheet))
    numbers = {photo.pk: number for number, (photo, _about) in enumerate(photos, start=1)}
    going_in = report.way == HandoverWay.IN
    title = gettext("Entry report") if going_in else gettext("Exit report")
    facts = [
        (gettext("lease"), isolated(report.lease.number)),
        (gettext("site"), formats.listed(site_lines(subject), language())),
        (gettext("day"), formats.day(report.day, language(), long=True)),
        (gettext("compared with the entry of"), values["entry_day"]),
        (gettext("present for the lessor"), _people(report.present_for_lessor)),
        (gettext("present for the tenant"), _people(report.present_for_tenant)),
    ]
    data = {
        **frame(f"{title} · {isolated(report.lease.number)}", subject),
        "facts": said(*facts),
        "rooms": [_room(room, numbers, compared=compared) for room in sheet.rooms],
        "tables": [
            table
            for table in (_keys(sheet.keys, compared), _meters(sheet.meters, compared))
            if table["rows"]
        ],
        "remark": report.remark,
        "photos": [
            {"name": f"{number}.jpg", "caption": f"{number}. {about}"}
            for number, (_photo, about) in enumerate(photos, start=1)
        ],
        "clauses": [asdict(clause) for clause in clauses(text, values)],
        "titles": {
            "remark": gettext("Remarks"),
            "photos": gettext("Photos"),
        },
    }
    pictures = {
        f"{number}.jpg": _content(photo) for number, (photo, _about) in enumerate(photos, start=1)
    }
    return typeset("leases/pdf/handover.typ", data, pictures=pictures)


def room_name(room: Room) -> str:
    """« BAT1-101 · kitchen »; of no space, what is common."""
    place = ""
    if room.space is not None:
        place = isolated(f"{room.space.building.code}-{room.space.code}")
    elif not room.room:
        return capfirst(gettext("other elements"))
    return formats.apart(filter(None, (place, room.room)), language())


def _room(room: Room, numbers: dict[int, int], *, compared: bool) -> Table:
    heads = [gettext("element"), gettext("remark"), gettext("photos")]
    heads[1:1] = (
        [gettext("at the entry"), gettext("at the exit")] if compared else [gettext("condition")]
    )
    return {
        "title": room_name(room),
        "heads": [capfirst(head) for head in heads],
        "rows": [_row(line, numbers, compared=compared) for line in room.lines],
        "worse": [line.worse for line in room.lines],
    }


def _row(line: Line, numbers: dict[int, int], *, compared: bool) -> list[str]:
    item = line.item
    then = [_found(line.before)] if compared else []
    shown = [str(numbers[photo.pk]) for photo in line.photos]
    now = capfirst(str(item.get_condition_display())) if item.condition else "–"
    return [
        own(item.element),
        *then,
        now,
        own(item.remark),
        isolated(formats.listed(shown, language())),
    ]


def _found(item: HandoverItem | None) -> str:
    """How it was, with what was said of it."""
    if item is None or not item.condition:
        return "–"
    condition = capfirst(str(item.get_condition_display()))
    return f"{condition} ({own(item.remark)})" if item.remark else condition


def _keys(lines: Sequence[KeyLine], compared: bool) -> Table:
    rows = []
    for line in lines:
        key = line.key
        counts = [_count(key.count)]
        if compared:
            counts.insert(0, _count(key.before.count if key.before is not None else None))
            counts.append(str(line.lacking) if line.lacking else "–")
        rows.append([own(key.what), own(key.identifier), *counts])
    heads = [gettext("keys"), gettext("number or mark")]
    if compared:
        heads += [gettext("at the entry"), gettext("at the exit"), pgettext("keys", "missing")]
    else:
        heads += [gettext("count")]
    return _table(gettext("Keys and badges"), heads, rows)


def _meters(lines: Sequence[MeterLine], compared: bool) -> Table:
    rows = []
    for line in lines:
        meter = line.meter
        readings = [_reading(meter.reading)]
        if compared:
            readings.insert(0, _reading(meter.before.reading if meter.before is not None else None))
            readings.append(
                gettext("meter replaced") if meter.replaced else _reading(line.consumed)
            )
        kind = capfirst(str(meter.get_kind_display()))
        rows.append([kind, isolated(meter.number), *readings])
    heads = [gettext("meter"), gettext("number")]
    if compared:
        heads += [gettext("at the entry"), gettext("at the exit"), gettext("consumed")]
    else:
        heads += [pgettext("meter", "reading")]
    return _table(gettext("Meters"), heads, rows)


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    return {"title": title, "heads": [capfirst(head) for head in heads], "rows": rows}


def _count(count: int | None) -> str:
    return "–" if count is None else str(count)


def _reading(value: Any) -> str:
    return "–" if value is None else isolated(formats.exact(value, language()))


def _people(names: str) -> str:
    return formats.listed(map(own, names.splitlines()), language())


def _photos(sheet: Sheet) -> Iterator[tuple[HandoverPhoto, str]]:
    """In the order of the rooms, each with what it shows."""
    for room in sheet.rooms:
        for line in room.lines:
            about = formats.apart((room_name(room), own(line.item.element)), language())
            for photo in line.photos:
                yield photo, about


def _content(photo: HandoverPhoto) -> bytes:
    with photo.small.open("rb") as file:
        content: bytes = file.read()
    return content
