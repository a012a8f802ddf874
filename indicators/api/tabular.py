"""Figures as CSV, for REST and shell."""

import csv
import io
from collections.abc import Mapping
from typing import Any, Final

from rest_framework.renderers import BaseRenderer
from rest_framework.settings import api_settings

from indicators.selectors.tabular import Table, in_text

_HOUSE: Final[Any] = api_settings.DEFAULT_RENDERER_CLASSES


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
        writer.writerow([in_text(cell) for cell in row])
    return text.getvalue()
