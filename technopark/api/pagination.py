"""Pages by cursor: flat in cost however far one reads."""

from rest_framework.pagination import CursorPagination as BaseCursorPagination


class CursorPagination(BaseCursorPagination):
    """`?cursor=` and `?limit=` (1 to 200, 50 by default), in the order of the row's id."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "limit"
    ordering = "id"
