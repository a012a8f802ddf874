"""The letters that the demo wrote into files instead of sending them."""

import datetime as dt
import email
import email.policy
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings

_BETWEEN: Final = b"\n" + b"-" * 79 + b"\n"


@dataclass(frozen=True, slots=True)
class Letter:
    to: str
    subject: str
    body: str
    written_at: dt.datetime


def letters(most: int = 30) -> list[Letter]:
    """The newest first; sign-in codes included, which the outbox forgets once they are sent."""
    files = sorted(
        Path(settings.EMAIL_FILE_PATH or "/nowhere").glob("*.log"),
        key=lambda path: path.stat().st_mtime,
        reverse=True,
    )
    found = [letter for path in files[:most] for letter in _read(path)]
    return sorted(found, key=lambda letter: letter.written_at, reverse=True)[:most]


def _read(path: Path) -> list[Letter]:
    """Django's file backend writes one file a connection, letters parted by a rule."""
    read = []
    for part in path.read_bytes().split(_BETWEEN):
        if not part.strip():
            continue
        message = email.message_from_bytes(part.lstrip(), policy=email.policy.default)
        body = message.get_body(("plain",))
        read.append(
            Letter(
                to=str(message["To"]),
                subject=str(message["Subject"]),
                body=str(body.get_content()) if body else "",
                written_at=dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC),
            )
        )
    return read
