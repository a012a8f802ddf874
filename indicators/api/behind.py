"""`/api/v1/indicators/{name}/rows/` and `…/change/`: what stands behind a figure, and why it
changed."""

import datetime as dt
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.periods import add_months, today
from indicators.api import shapes
from indicators.api.asked import (
    ON,
    PAGE,
    PAGING,
    WHERE,
    WORDS,
    FigureResource,
    answers,
    next_page,
    page_asked,
)
from indicators.api.tabular import as_csv
from indicators.api.told import change_told, figure_told, row_told
from indicators.permissions import require_rows
from indicators.selectors.changes import shown_change
from indicators.selectors.network import known
from indicators.selectors.shown import EVERY, shown_rows
from indicators.selectors.tabular import change_table, rows_table
from sites.api.base import EARLIEST, day_asked


class IndicatorRows(FigureResource):
    """The rows behind a figure; the numerators and denominators of all pages add up to it. As CSV
    every row at once."""

    serializer_class = shapes.RowsShape
    own_words = WORDS | PAGING | {"on"}

    @extend_schema(
        operation_id="indicators_rows_retrieve",
        parameters=[ON, *WHERE, *PAGE],
        responses=answers(shapes.RowsShape),
    )
    def get(self, request: Request, name: str) -> Response:
        indicator = known(name)
        on, page = day_asked(request, "on", today()), page_asked(request)
        where = self.where(request, indicator)
        require_rows(request.user, indicator, where.network.site_id(where.site))
        found = where.network.exact_rows(name, on, where.site, where.part)
        sites = where.network.sites.values()
        if self.wants_csv(request):
            every = shown_rows(indicator, found, sites, reader=request.user)
            return Response(as_csv(rows_table(every)))
        shown = shown_rows(indicator, found, sites, page, reader=request.user)
        return Response(
            {
                "figure": figure_told(where.figures(name, [on])[0]),
                "computed_at": where.network.read_at,
                "count": len(found),
                "next": next_page(request, page, len(found)),
                "results": [row_told(row) for row in shown],
            }
        )


class IndicatorChange(FigureResource):
    """Why the figure of `to` is not that of `from`: lines with a cause, whose differences and
    effects add up to the difference of the two, the largest of each cause first. As CSV every line
    at once."""

    serializer_class = shapes.ChangeShape
    own_words = WORDS | PAGING | {"from", "to"}

    @extend_schema(
        operation_id="indicators_change_retrieve",
        parameters=[
            OpenApiParameter("from", dt.date, description="A year before `to` if left out."),
            OpenApiParameter("to", dt.date, description="Today if left out."),
            *WHERE,
            *PAGE,
        ],
        responses=answers(shapes.ChangeShape),
    )
    def get(self, request: Request, name: str) -> Response:
        indicator = known(name)
        last = day_asked(request, "to", today())
        first = day_asked(request, "from", max(add_months(last, -12), EARLIEST))
        page = EVERY if self.wants_csv(request) else page_asked(request)
        where = self.where(request, indicator)
        network = where.network
        require_rows(request.user, indicator, network.site_id(where.site))
        exact = network.change(name, first, last, where.site, where.part)
        places, days = network.sites.values(), (first, last)
        found = shown_change(exact, where.site, days, places, page, reader=request.user)
        if self.wants_csv(request):
            return Response(as_csv(change_table(found)))
        answer: dict[str, Any] = {
            **change_told(found),
            "computed_at": network.read_at,
            "next": next_page(request, page, found.count),
        }
        return Response(answer)
