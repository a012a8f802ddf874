"""Figures, rows, changes and profiles as tables: the same heads in every file, of pages, REST and
shell. Days are the last ones included."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from core.cells import harmless
from indicators.selectors.changes import ShownChange
from indicators.selectors.profiled import ProfileLine, beside_of
from indicators.selectors.shown import ShownFigure, ShownRow

Table = Iterable[Sequence[Any]]
_FIGURE: Final = ("name", "site", "on", "from", "value", "numerator", "denominator", "unit")
_ROW: Final = ("company", "company_name", "site", "space", "lease", "start", "end")


def figures_table(figures: Sequence[ShownFigure], against: Sequence[ShownFigure] | None) -> Table:
    """A line a figure; `line` tells those asked for from what stands beside them. `from` is the
    first day counted over."""
    codes = list(dict.fromkeys(code for one in figures for code in beside_of(one)))
    yield ("line", *_FIGURE, "version", *codes)
    for line, those in (("asked", figures), ("against", against or ())):
        for one in those:
            first = one.window.start if one.window else None
            beside = beside_of(one)
            yield (
                *(line, one.name, one.site, one.on, first, one.value, one.numerator),
                *(one.denominator, one.unit, one.version),
                *(beside.get(code) for code in codes),
            )


def rows_table(rows: Sequence[ShownRow]) -> Table:
    codes = list(rows[0].more) if rows else []
    yield (*_ROW, "numerator", "denominator", *codes)
    for row in rows:
        yield (*_about(row), row.numerator, row.denominator, *row.more.values())


def change_table(change: ShownChange) -> Table:
    codes = list(change.lines[0].row.more) if change.lines else []
    yield ("cause", *_ROW, "numerator", "denominator", "effect", *codes)
    for line in change.lines:
        row, effect = line.row, line.effect
        told = (row.numerator, row.denominator, effect, *row.more.values())
        yield (line.cause.value, *_about(row), *told)


def profile_table(axis: str, lines: Sequence[ProfileLine], codes: Sequence[str]) -> Table:
    yield (axis, "label", *codes)
    for line in lines:
        yield (line.key, line.label, *line.values.values())


def _about(row: ShownRow) -> Iterator[Any]:
    yield from (row.company_id, row.company, row.site, row.space, row.lease)
    yield from (row.start, row.last_day)


def in_text(cell: Any) -> str:
    """ISO days, decimals with a point, and no text that a spreadsheet would run."""
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return harmless(str(cell))
