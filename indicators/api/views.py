"""`/api/v1/indicators/`: figures as of any day, their series, and the rows behind them."""

import datetime as dt
from typing import Any, Final

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from core.errors import NotAllowed
from core.periods import add_months, today
from indicators.api import shapes
from indicators.formulas import INDICATORS
from indicators.labels import DETAILS, FORMULAS, NAMES
from indicators.selectors.network import Network, known, points
from indicators.selectors.shown import ShownFigure, ShownRow
from sites.api.base import EARLIEST, Resource, Row, day_asked, days

STEPS: Final = ("day", "month", "quarter", "year")
_ON = OpenApiParameter("on", dt.date, description="As of this day (today).")
_SITE = OpenApiParameter("site", str, description="Code of a site; the network when left out.")


class IndicatorList(Resource):
    """The indicators there are, with their formulas."""

    resource = "indicator"
    serializer_class = shapes.AboutListShape
    pagination_class = None

    @extend_schema(operation_id="indicators_retrieve")
    def get(self, request: Request) -> Response:
        return Response(
            {
                "results": [
                    {
                        "name": name,
                        "title": NAMES[name],
                        "formula": FORMULAS[name],
                        "details": DETAILS.get(name, ()),
                        "unit": indicator.unit,
                        "version": indicator.version,
                    }
                    for name, indicator in INDICATORS.items()
                ]
            }
        )


class _Figures(Resource):
    resource = "indicator"
    pagination_class = None
    own_words = frozenset({"on", "site"})

    def asked(self, request: Request, name: str) -> tuple[Network, str | None]:
        """The loaded network and the site's code, once both are known to be the client's."""
        known(name)
        network = Network()
        scope = self.scope(request)
        site = request.query_params.get("site") or None
        seen = [code for code, place in network.sites.items() if scope.covers(place.pk)]
        if site is None and not scope.network:
            raise NotAllowed
        if site is not None and site not in seen:
            raise ValidationError({"site": [_("Known: %(known)s.") % {"known": ", ".join(seen)}]})
        return network, site


class IndicatorFigure(_Figures):
    """One figure."""

    serializer_class = shapes.FigureShape

    @extend_schema(operation_id="indicators_figure_retrieve", parameters=[_ON, _SITE])
    def get(self, request: Request, name: str) -> Response:
        on = day_asked(request, "on", today())
        network, site = self.asked(request, name)
        return Response(_figure(network.figure(name, on, site)))


class IndicatorSeries(_Figures):
    """The same figure at each month's end (or day, quarter, year)."""

    serializer_class = shapes.SeriesShape
    own_words = frozenset({"from", "to", "step", "site"})

    @extend_schema(
        operation_id="indicators_series_retrieve",
        parameters=[
            OpenApiParameter("from", dt.date, description="Two years before `to` if left out."),
            OpenApiParameter("to", dt.date, description="The last day (today)."),
            OpenApiParameter("step", str, enum=STEPS, description="month if left out"),
            _SITE,
        ],
    )
    def get(self, request: Request, name: str) -> Response:
        last = day_asked(request, "to", today())
        first = day_asked(request, "from", max(add_months(last, -24), EARLIEST))
        step = request.query_params.get("step", "month")
        if step not in STEPS:
            raise ValidationError({"step": [_("Known: %(known)s.") % {"known": ", ".join(STEPS)}]})
        network, site = self.asked(request, name)
        figures = network.figures(name, points(first, last, step), site)
        return Response({"results": [_figure(figure) for figure in figures]})


class IndicatorRows(_Figures):
    """The rows behind a figure; their numerators and denominators add up to it."""

    serializer_class = shapes.RowsShape

    @extend_schema(operation_id="indicators_rows_retrieve", parameters=[_ON, _SITE])
    def get(self, request: Request, name: str) -> Response:
        on = day_asked(request, "on", today())
        network, site = self.asked(request, name)
        return Response(
            {
                "figure": _figure(network.figure(name, on, site)),
                "results": [_row(row) for row in network.rows(name, on, site)],
            }
        )


def _figure(figure: ShownFigure) -> Row:
    return {
        "name": figure.name,
        "site": figure.site,
        "on": figure.on,
        "value": figure.value,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "unit": figure.unit,
        "formula": FORMULAS[figure.name],
        "version": figure.version,
        "beside": figure.beside,
        "window": days(figure.window) if figure.window else None,
    }


def _row(row: ShownRow) -> dict[str, Any]:
    return {
        "company": row.company_id,
        "company_name": row.company,
        "site": row.site,
        "space": row.space,
        "lease": row.lease,
        "start": row.start,
        "end": row.last_day,
        "numerator": row.numerator,
        "denominator": row.denominator,
        "more": row.more,
    }
