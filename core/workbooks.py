"""The first sheet of an XLSX workbook, row by row."""

import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from typing import Any, Final
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from core.cells import Cell
from core.errors import InvalidInput

_ZIP: Final = b"PK\x03\x04"
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
_LARGEST_UNPACKED: Final = 300 * 1024 * 1024  # bytes: a small file may unpack to anything
_WIDEST: Final = 1000  # a stray cell far to the right would make every row that long


class BadFile(InvalidInput):
    """The file as a whole cannot be read."""

    code = "bad_file"
    text = gettext_lazy("%(reason)s")
    field = "file"


def is_workbook(data: bytes) -> bool:
    """Whether the bytes are a workbook's, of the old kind included (which `sheet_rows` refuses)."""
    return data.startswith((_ZIP, _OLD_EXCEL))


def sheet_rows(data: bytes) -> Iterator[tuple[int, Sequence[Cell]]]:
    """(line, cells) of each row of the first sheet. Raises BadFile."""
    if data.startswith(_OLD_EXCEL):
        raise BadFile(reason=_("This is an old Excel file: save it as XLSX."))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > _LARGEST_UNPACKED:
                raise BadFile(reason=_("The workbook is too large: divide it."))
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a workbook says of its size is often wrong
        width = 0
        for line, cells in enumerate(sheet.iter_rows(max_col=_WIDEST), start=1):
            for cell in cells:
                if cell.data_type == "e":
                    raise BadFile(
                        reason=_("Line %(line)s of the workbook holds the error %(error)s.")
                        % {"line": line, "error": cell.value}
                    )
            # A row ends with its last filled cell; the first one, the header, sets the width.
            width = width or len(cells)
            values: list[Any] = [cell.value for cell in cells]
            yield line, values + [None] * (width - len(values))
    except (
        zipfile.BadZipFile,
        zlib.error,
        RuntimeError,  # encrypted, or packed in a way that nobody knows
        EOFError,
        InvalidFileException,
        ParseError,
        KeyError,
        ValueError,
        IndexError,
        OSError,
    ) as error:
        reason = _("This is not a readable XLSX file: %(error)s") % {"error": error}
        raise BadFile(reason=reason) from error
