"""An entry for somebody's calendar (iCalendar, RFC 5545). Pure."""

import datetime as dt
from collections.abc import Iterator
from typing import Final

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
        "PRODID:-//Technopark//EN",
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
