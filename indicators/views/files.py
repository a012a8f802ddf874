"""Figures to take away: the course or the rows as CSV, both with their formula as a workbook."""

import csv
import datetime as dt
import io
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from django.http import HttpResponse, StreamingHttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from indicators.figure import Indicator
from indicators.labels import DETAILS, FORMULAS, NAMES
from indicators.selectors.shown import ShownFigure, ShownRow
from indicators.selectors.tabular import Table, in_text, rows_table
from indicators.views.explored import Explored

_COURSE_HEAD: Final = ("line", "on", "from", "value", "numerator", "denominator")
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def course_table(lines: Mapping[str, Sequence[ShownFigure]]) -> Table:
    """Each line's figures; `from` is the first day counted over, empty for a state of a day."""
    yield _COURSE_HEAD
    for label, figures in lines.items():
        for figure in figures:
            first = figure.window.start if figure.window else None
            yield (label, figure.on, first, figure.value, figure.numerator, figure.denominator)


def as_csv(file_name: str, table: Table) -> HttpResponse:
    """ISO days, decimals with a point, semicolons, UTF-8 with its mark, as it is made."""
    writer = csv.writer(_Echo(), delimiter=";")

    def lines() -> Iterator[str]:
        yield "\ufeff"
        for row in table:
            yield writer.writerow([in_text(cell) for cell in row])

    response: Any = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response  # type: ignore[no-any-return]


def as_workbook(
    file_name: str,
    indicator: Indicator,
    question: Explored,
    lines: Mapping[str, Sequence[ShownFigure]],
    rows: Sequence[ShownRow],
) -> HttpResponse:
    """Three sheets: what the figure is and what was asked, its course, and its rows. Numbers stay
    numbers."""
    book = Workbook(write_only=True)
    about = book.create_sheet(indicator.name)
    for line in (
        (NAMES[indicator.name],),
        (FORMULAS[indicator.name],),
        *((detail,) for detail in DETAILS.get(indicator.name, ())),
        ("version", indicator.version),
        ("site", question.asked.site or "network"),
        ("on", question.asked.on),
        *question.narrowed_to,
    ):
        about.append([_in_sheet(about, cell) for cell in line])
    for title, table in (("series", course_table(lines)), ("rows", rows_table(rows))):
        sheet = book.create_sheet(title)
        for row in table:
            sheet.append([_in_sheet(sheet, cell) for cell in row])
    kept = io.BytesIO()
    book.save(kept)
    response = HttpResponse(kept.getvalue(), content_type=_XLSX)
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


class _Echo:
    """A file that gives back what is written to it, so that rows leave as they are made."""

    def write(self, line: str) -> str:
        return line


def _in_sheet(sheet: Any, cell: Any) -> Any:
    """Text is written as text, whatever it begins with."""
    if cell is None or isinstance(cell, (Decimal, dt.date, int)):
        return cell
    written = WriteOnlyCell(sheet, str(cell))
    written.data_type = "s"
    return written
