"""Figures as CSV: the tables that REST and shell give, with the names that JSON has."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from rest_framework.renderers import BaseRenderer
from rest_framework.settings import api_settings

from core.cells import harmless
from indicators.selectors.changes import ShownChange
from indicators.selectors.profiled import ProfileLine, beside_of
from indicators.selectors.shown import ShownFigure, ShownRow

Table = Iterable[Sequence[Any]]
_HOUSE: Final[Any] = api_settings.DEFAULT_RENDERER_CLASSES
_FIGURE: Final = ("name", "site", "on", "from", "value", "numerator", "denominator", "unit")
_ROW: Final = ("company", "company_name", "site", "space", "lease", "start", "end")


class CsvRenderer(BaseRenderer):
    """A table's text as it is; a refusal as the first of the house's renderers has it."""

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        if isinstance(data, str):
            return data.encode()
        plain: bytes = _HOUSE[0]().render(data)
        return plain


def as_csv(table: Table) -> str:
    """RFC 4180: commas, CRLF, a header; ISO days, decimals with a point."""
    text = io.StringIO()
    writer = csv.writer(text)
    for row in table:
        writer.writerow([_in_text(cell) for cell in row])
    return text.getvalue()


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
    yield ("cause", *_ROW, "numerator", "denominator", "effect")
    for line in change.lines:
        row = line.row
        yield (line.cause.value, *_about(row), row.numerator, row.denominator, line.effect)


def profile_table(axis: str, lines: Sequence[ProfileLine], codes: Sequence[str]) -> Table:
    yield (axis, "label", *codes)
    for line in lines:
        yield (line.key, line.label, *line.values.values())


def _about(row: ShownRow) -> Iterator[Any]:
    yield from (row.company_id, row.company, row.site, row.space, row.lease)
    yield from (row.start, row.last_day)


def _in_text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return harmless(str(cell))
