"""Days on a calendar as other programs subscribe to them (iCalendar, RFC 5545). Pure."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from core.periods import Period

MEDIA_TYPE: Final = "text/calendar"
_LONGEST: Final = 75  # octets of a line, its break not counted


@dataclass(frozen=True, slots=True)
class Event:
    """`uid` stays what it is for as long as the thing does, so that readers change their copy.

    `sure`: it will be so, as far as anybody knows.
    """

    uid: str
    period: Period
    summary: str
    description: str = ""
    sure: bool = True


def calendar(name: str, events: Iterable[Event], *, at: dt.datetime, open_until: dt.date) -> str:
    """Whole days, the end excluded as the standard has it.

    `at`: when it was told. What has no end is shown until `open_until`: the standard knows none.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Technopark//Technopark//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{_text(name)}",
        f"X-WR-CALNAME:{_text(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
    ]
    for event in events:
        lines += _event(event, at, open_until)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(event: Event, at: dt.datetime, open_until: dt.date) -> list[str]:
    start = event.period.start
    end = event.period.end or max(open_until, start + dt.timedelta(days=1))
    lines = [
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"DTSTAMP:{at.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{start:%Y%m%d}",
        f"DTEND;VALUE=DATE:{end:%Y%m%d}",
        f"SUMMARY:{_text(event.summary)}",
        f"STATUS:{'CONFIRMED' if event.sure else 'TENTATIVE'}",
        # It takes a room, not the reader's time.
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]
    if event.description:
        lines.insert(-1, f"DESCRIPTION:{_text(event.description)}")
    return lines


def _text(value: str) -> str:
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n")):
        value = value.replace(plain, written)
    return value.replace("\n", "\\n").replace("\r", "")


def _folded(line: str) -> Iterator[str]:
    """Parts of at most 75 octets, each but the first led in by a space; no letter is cut."""
    part, size = "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > _LONGEST:
            yield part
            part, size = " ", 1
        part += letter
        size += octets
    yield part
