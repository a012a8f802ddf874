"""Entries for people's calendars, and calendars to subscribe to (iCalendar, RFC 5545). Pure."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from core.periods import ONE_DAY, Period

MEDIA_TYPE: Final = "text/calendar"
_PRODUCT: Final = "PRODID:-//Technopark//EN"
_WIDTH: Final = 75
"""Octets of a line; what is longer goes on after a break and a space."""


def entry(
    *,
    uid: str,
    sequence: int,
    written_at: dt.datetime,
    begins_at: dt.datetime,
    title: str,
    place: str = "",
    address: str = "",
    cancelled: bool = False,
) -> str:
    """One event without an end. The same `uid` with a higher `sequence` replaces what a calendar
    has, or takes it out."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        _PRODUCT,
        f"METHOD:{'CANCEL' if cancelled else 'PUBLISH'}",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"SEQUENCE:{sequence}",
        f"STATUS:{'CANCELLED' if cancelled else 'CONFIRMED'}",
        f"DTSTAMP:{_moment(written_at)}",
        f"DTSTART:{_moment(begins_at)}",
        f"SUMMARY:{_escaped(title)}",
        *([f"LOCATION:{_escaped(place)}"] if place else []),
        *([f"URL:{address}"] if address else []),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return _written(lines)


@dataclass(frozen=True, slots=True)
class Days:
    """Whole days of a calendar that is subscribed to.

    `uid` stays what it is for as long as the thing does, so that readers change their copy.
    `sure`: it will be so, as far as anybody knows.
    """

    uid: str
    period: Period
    title: str
    notes: str = ""
    sure: bool = True


def feed(name: str, entries: Iterable[Days], *, at: dt.datetime, open_until: dt.date) -> str:
    """A calendar; the end of days is excluded, as the standard has it.

    `at`: when it was told. What has no end is shown until `open_until`: the standard knows none.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        _PRODUCT,
        "METHOD:PUBLISH",
        f"NAME:{_escaped(name)}",
        f"X-WR-CALNAME:{_escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
    ]
    for each in entries:
        lines += _days(each, at, open_until)
    lines.append("END:VCALENDAR")
    return _written(lines)


def _days(each: Days, at: dt.datetime, open_until: dt.date) -> list[str]:
    start = each.period.start
    end = each.period.end or max(open_until, start + ONE_DAY)
    return [
        "BEGIN:VEVENT",
        f"UID:{each.uid}",
        f"DTSTAMP:{_moment(at)}",
        f"DTSTART;VALUE=DATE:{start:%Y%m%d}",
        f"DTEND;VALUE=DATE:{end:%Y%m%d}",
        f"SUMMARY:{_escaped(each.title)}",
        *([f"DESCRIPTION:{_escaped(each.notes)}"] if each.notes else []),
        f"STATUS:{'CONFIRMED' if each.sure else 'TENTATIVE'}",
        # It takes a room, not the reader's time.
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _written(lines: Iterable[str]) -> str:
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _moment(value: dt.datetime) -> str:
    return f"{value.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    for sign in "\\;,":
        text = text.replace(sign, f"\\{sign}")
    return "\\n".join(text.splitlines())


def _folded(line: str) -> Iterator[str]:
    """Never inside a character."""
    part = ""
    for character in line:
        if len(f"{part}{character}".encode()) > _WIDTH:
            yield part
            part = " "
        part += character
    yield part
