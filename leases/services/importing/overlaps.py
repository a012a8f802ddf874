"""Days that two leases of a file want in one space, where the refusal of one of them for another
reason would hide it: repaired, the file would be refused again."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from leases.services.importing.reading import LeaseRow

_LOOKED_AT: Final = 50
"""Rows before that still run: who has more of them in one space has a column mixed up."""


def overlapping(rows: Iterable[LeaseRow]) -> Iterator[tuple[LeaseRow, LeaseRow]]:
    """Each pair of rows of different leases that want days of one space, the later row last."""
    placed = [row for row in rows if row.space is not None]
    placed.sort(key=lambda row: (_space(row), row.period.start, row.planned.row.line))
    for _key, some in groupby(placed, _space):
        running: list[LeaseRow] = []
        for row in some:
            running = [before for before in running if before.period.overlaps(row.period)]
            for before in running[-_LOOKED_AT:]:
                if before.number != row.number:
                    yield in_order(before, row)
            running.append(row)


def in_order(one: LeaseRow, other: LeaseRow) -> tuple[LeaseRow, LeaseRow]:
    """As they stand in the file."""
    first = one.planned.row.line < other.planned.row.line
    return (one, other) if first else (other, one)


def _space(row: LeaseRow) -> int:
    assert row.space is not None
    return row.space.pk
