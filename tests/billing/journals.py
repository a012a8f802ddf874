"""What journals and their files say, to be compared with plain words."""

import datetime as dt
from decimal import Decimal

from billing.booking import Piece
from billing.models import JournalExport
from core.periods import Period

day = dt.date
D = Decimal
JANUARY = Period(day(2026, 1, 1), day(2026, 2, 1))
FEBRUARY = Period(day(2026, 2, 1), day(2026, 3, 1))


def noon(on: dt.date) -> dt.datetime:
    return dt.datetime.combine(on, dt.time(12), dt.UTC)


def told(pieces: list[Piece]) -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    return [
        (
            piece.kind.value,
            piece.event.day.isoformat(),
            [(entry.key.value, str(entry.debit), str(entry.credit)) for entry in piece.entries],
        )
        for piece in pieces
    ]


def lines(export: JournalExport) -> list[str]:
    with export.file.open() as file:
        return str(file.read(), "utf-8-sig").splitlines()
