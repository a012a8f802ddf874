"""Pages by cursor: flat in cost however far one reads."""

from typing import Any

from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination as BaseCursorPagination
from rest_framework.request import Request


class CursorPagination(BaseCursorPagination):
    """`?cursor=` and `?limit=` (1 to 200, 50 by default), in the order of the row's id."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "limit"
    ordering = "id"

    def decode_cursor(self, request: Request) -> Any:
        """The base takes any text for a position; what is no id would fail in the query."""
        cursor = super().decode_cursor(request)
        position = None if cursor is None or cursor.position is None else str(cursor.position)
        if position is not None and not (position.isascii() and position.isdigit()):
            raise NotFound(self.invalid_cursor_message)
        return cursor
