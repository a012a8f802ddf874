"""Tables of pages as files."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import tablib
from django.http import HttpResponse

from sites.admin.export import cell

MEDIA_TYPES: Final[Mapping[str, str]] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def table_file(
    name: str, kind: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]
) -> HttpResponse:
    """`kind`: of `MEDIA_TYPES`. Days and amounts stay what they are; texts are no formulas."""
    table = tablib.Dataset(headers=columns)
    for row in rows:
        table.append([cell(_Row(row), column) for column in columns])
    content = table.export(kind)
    if kind == "csv":
        content = content.encode("utf-8-sig")  # Excel reads UTF-8 only with a mark
    response = HttpResponse(content, content_type=MEDIA_TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


class _Row:
    def __init__(self, told: Mapping[str, Any]) -> None:
        self.__dict__.update(told)
