"""Rows out of the files people have: CSV and XLSX, read for sure or refused with the reason.

A CSV file is UTF-8 (with or without its mark) or Windows-1252, separated by commas or
semicolons. Each is found by a rule that can be wrong only loudly: text that is neither encoding,
or a header that fits neither separator, is refused.
"""

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.cells import Cell, as_text
from core.workbooks import BadFile, is_workbook, sheet_rows

LARGEST_FILE: Final = 20 * 1024 * 1024
"""Bytes; 100,000 companies are about 10 MB."""

# What Windows-1252 holds that French, English and Arabic offices write; the rest of its upper half
# appears when another encoding (old DOS, old Mac, a broken UTF-8) is read as Windows-1252.
_OFFICE_SIGNS: Final = frozenset("€…Œ‘’“”•–—™œŸ\u00a0£§©ª«\u00ad®°±²³´µ·¹º»¼½¾") | {
    chr(code) for code in range(0xC0, 0x100) if code not in (0xC3, 0xD7, 0xF7)
}
# Pairs that only UTF-8 makes: é is C3 A9, ’ is E2 80 99, Arabic letters begin with D8 to DB.
_TRACES_OF_UTF8: Final = re.compile(rb"\xc3[\x80-\xbf]|[\xd8-\xdb][\x80-\xbf]|\xe2\x80[\x80-\xbf]")
_SEPARATORS: Final = (",", ";")
_SEPARATOR_LINE: Final = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)  # Excel's own first line


@dataclass(frozen=True, slots=True)
class Column:
    """A column that an import knows."""

    name: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the file; `line` is where it begins, counted as an editor counts."""

    line: int
    cells: Mapping[str, Cell]
    """By the names of the columns that are known; every column of the file is there."""
    written: Sequence[str]
    """All of its cells as they stand, for the file of refused rows."""
    problem: str = ""
    """Why its cells cannot be told apart; then `cells` is empty."""


@dataclass(frozen=True, slots=True)
class Table:
    rows: Sequence[Row]
    header: Sequence[str]
    headings: Mapping[str, str]
    """The file's own heading of each known column."""
    ignored: Sequence[str] = field(default=())
    """Headings that no column is known for."""
    above: Sequence[Sequence[str]] = field(default=())
    """What stands above the header, where something may."""


def read_table(
    data: bytes,
    *,
    columns: Sequence[Column],
    mapping: Mapping[str, str] | None = None,
    separator: str = "",
    preamble: bool = False,
) -> Table:
    """The rows of a file. `mapping`: the file's heading → the column it gives.

    `separator`: where it is known; `preamble`: the header is the first row that has every heading
    of the mapping, whatever stands above it. Raises BadFile, also when there is no row at all. A
    row of the wrong length is no reason to stop: it comes with its `problem`.
    """
    if not data.strip():
        raise BadFile(reason=_("The file is empty."))
    if len(data) > LARGEST_FILE:
        raise BadFile(reason=_("The file is larger than 20 MB: divide it."))
    aliases = _aliases(mapping or {}, columns)
    lines = sheet_rows(data) if is_workbook(data) else _csv_rows(data, columns, aliases, separator)
    try:
        above, first = _header(lines, aliases) if preamble else ((), next(lines, None))
        if first is None:
            raise BadFile(reason=_("The file is empty."))
        header, places, ignored = _understand(first[1], columns, aliases)
        rows = list(_rows(lines, header, places))
    except csv.Error as error:
        raise BadFile(reason=_("Not a CSV file: %(error)s.") % {"error": error}) from error
    if not rows:
        raise BadFile(reason=_("The file has a header and no row."))
    headings = {name: header[place] for name, place in places.items()}
    return Table(rows=rows, header=header, headings=headings, ignored=ignored, above=above)


def _aliases(mapping: Mapping[str, str], columns: Sequence[Column]) -> dict[str, str]:
    known = [column.name for column in columns]
    for target in mapping.values():
        if target not in known:
            raise BadFile(
                reason=_("There is no column “%(name)s”; known are: %(known)s.")
                % {"name": target, "known": ", ".join(known)}
            )
    return {_heading(name): target for name, target in mapping.items()}


def _header(
    lines: Iterator[tuple[int, Sequence[Cell]]], wanted: Collection[str]
) -> tuple[Sequence[Sequence[str]], tuple[int, Sequence[Cell]] | None]:
    """The first row with all headings that are wanted, or else with most of them, and what stands
    above the first."""
    best: tuple[int, tuple[int, Sequence[Cell]] | None] = (-1, None)
    above: list[list[str]] = []
    for line in lines:
        cells = [as_text(cell) for cell in line[1]]
        fit = len(set(wanted) & {_heading(cell) for cell in cells})
        if fit == len(wanted):
            return above, line
        if fit > best[0]:
            best = fit, line
        above.append(cells)
    return (), best[1]


def _heading(text: str) -> str:
    return " ".join(text.split()).casefold()


def _understand(
    first: Sequence[Cell], columns: Sequence[Column], aliases: Mapping[str, str]
) -> tuple[list[str], dict[str, int], list[str]]:
    """The header without its empty end, the place of each known column, what is ignored."""
    header = [as_text(cell) for cell in first]
    while header and not header[-1]:
        header.pop()
    found = ", ".join(f"“{name}”" for name in header if name) or "—"
    headings = [_heading(name) for name in header]
    known = {column.name for column in columns}
    for name in headings:
        meant = name in aliases or name.replace(" ", "_") in known
        if meant and headings.count(name) > 1:
            raise BadFile(reason=_("The column “%(name)s” is there twice.") % {"name": name})
    for name in aliases:
        if name not in headings:
            raise BadFile(
                reason=_("The file has no column “%(name)s”; it has: %(found)s.")
                % {"name": name, "found": found}
            )
    places: dict[str, int] = {}
    ignored = []
    for place, name in enumerate(headings):
        target = aliases.get(name, name.replace(" ", "_"))
        if target not in known:
            ignored.append(header[place] or _("(without a name)"))
        elif target in places:
            raise BadFile(reason=_("Two columns give “%(name)s”.") % {"name": target})
        else:
            places[target] = place
    missing = [column.name for column in columns if column.required and column.name not in places]
    if missing:
        raise BadFile(
            reason=_("The column “%(missing)s” is missing; the file has: %(found)s.")
            % {"missing": "”, “".join(missing), "found": found}
        )
    return header, places, ignored


def _rows(
    lines: Iterable[tuple[int, Sequence[Cell]]], header: Sequence[str], places: Mapping[str, int]
) -> Iterator[Row]:
    width = len(header)
    for line, cells in lines:
        filled = len(cells)
        while filled and as_text(cells[filled - 1]) == "":
            filled -= 1
        if not filled:
            continue
        written = [as_text(cell) for cell in cells[: max(width, filled)]]
        problem = ""
        if filled > width:
            problem = ngettext(
                "The row has %(count)s cell, the header %(width)s.",
                "The row has %(count)s cells, the header %(width)s.",
                filled,
            ) % {"count": filled, "width": width}
        elif len(cells) < width:
            problem = ngettext(
                "The row ends after %(count)s cell of %(width)s.",
                "The row ends after %(count)s cells of %(width)s.",
                len(cells),
            ) % {"count": len(cells), "width": width}
        elif any("\0" in cell for cell in written):
            problem = _("The row has a NUL character.")
        values = {} if problem else {name: cells[place] for name, place in places.items()}
        yield Row(line=line, cells=values, written=written, problem=problem)


# --- CSV -----------------------------------------------------------------------------------


def _csv_rows(
    data: bytes, columns: Sequence[Column], aliases: Mapping[str, str], separator: str
) -> Iterator[tuple[int, Sequence[Cell]]]:
    text = decoded(data)
    skipped = 0
    if separator:
        told = _SEPARATOR_LINE.match(text)
        text, skipped = (text[told.end() :], 1) if told else (text, 0)
    elif told := _SEPARATOR_LINE.match(text):
        text, skipped = text[told.end() :], 1
        separator = told.group(1)
        if separator not in _SEPARATORS:
            raise BadFile(reason=_("Separate the columns by commas or semicolons."))
    else:
        separator = _separator(text, columns, aliases)
    return csv_rows(text, separator, skipped)


def csv_rows(text: str, separator: str, skipped: int = 0) -> Iterator[tuple[int, Sequence[Cell]]]:
    """(line, cells) of each row that has any; `skipped`: lines before the text. Raises BadFile."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = skipped + 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadFile(
                reason=_("Line %(line)s cannot be read (%(error)s): look at its quotes.")
                % {"line": line, "error": error}
            ) from error
        if cells:
            yield line, cells
        line = skipped + reader.line_num + 1


def decoded(data: bytes) -> str:
    """The text of a CSV file, from UTF-8 or Windows-1252. Raises BadFile for anything else."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[:4096]:
        raise BadFile(
            reason=_("This is not a CSV or XLSX file: save it as “CSV UTF-8” or as XLSX.")
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as broken:
        if _TRACES_OF_UTF8.search(data):
            line = data.count(b"\n", 0, broken.start) + 1
            raise BadFile(
                reason=_("The file is UTF-8 and damaged in line %(line)s: save it anew.")
                % {"line": line}
            ) from broken
    text = data.decode("cp1252", errors="replace")
    for line, content in enumerate(text.splitlines(), start=1):
        for char in content:
            if char > "\x7f" and char not in _OFFICE_SIGNS:
                raise BadFile(
                    reason=_(
                        "The file is neither UTF-8 nor Windows-1252 (line %(line)s has "
                        "“%(char)s”): save it as “CSV UTF-8”."
                    )
                    % {"line": line, "char": char}
                )
    return text


def _separator(text: str, columns: Sequence[Column], aliases: Mapping[str, str]) -> str:
    """The one by which the header has the most columns that are known; most cells on a tie."""
    known = {column.name for column in columns}

    def fit(separator: str) -> tuple[int, int]:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        header = [_heading(cell) for cell in next(reader, [])]
        names = {aliases.get(name, name.replace(" ", "_")) for name in header}
        return len(names & known), len(header)

    return max(_SEPARATORS, key=fit)
