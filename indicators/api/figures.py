"""`/api/v1/indicators/`: what is measured, a figure as of any day, and its series."""

import datetime as dt
from typing import Any, Final

from drf_spectacular.utils import (
    OpenApiParameter,
    PolymorphicProxySerializer,
    extend_schema,
)
from rest_framework.request import Request
from rest_framework.response import Response

from core.periods import today
from indicators.api import shapes
from indicators.api.asked import (
    AGAINST,
    ON,
    OVER,
    STEPS,
    WHERE,
    WORDS,
    Course,
    FigureResource,
    answers,
    course,
)
from indicators.api.tabular import as_csv
from indicators.api.told import figure_told, indicator_about, point_told, profile_about
from indicators.figure import Indicator
from indicators.formulas import INDICATORS
from indicators.labels import FORMULAS
from indicators.profiles import PROFILES
from indicators.selectors.network import known
from indicators.selectors.shown import ShownFigure
from indicators.selectors.tabular import figures_table
from indicators.selectors.where import Where
from sites.api.base import Resource, day_asked

_ANSWER: Final = PolymorphicProxySerializer(
    component_name="IndicatorAnswer",
    serializers=[shapes.FigureAnswerShape, shapes.SeriesShape],
    resource_type_field_name=None,
)


class IndicatorList(Resource):
    """The indicators there are, with their formulas; and the profiles."""

    resource = "indicator"
    serializer_class = shapes.RegistryShape
    pagination_class = None

    @extend_schema(operation_id="indicators_retrieve")
    def get(self, request: Request) -> Response:
        return Response(
            {
                "results": [indicator_about(one) for one in INDICATORS.values()],
                "profiles": [profile_about(one) for one in PROFILES.values()],
            }
        )


class IndicatorFigure(FigureResource):
    """One figure; with `from`, `to`, `step` or `over` a series of it: as of each step's last day,
    or over each step's own period."""

    serializer_class = shapes.FigureAnswerShape
    own_words = WORDS | {"on", "from", "to", "step", "over", "against"}

    @extend_schema(
        operation_id="indicators_figure_retrieve",
        parameters=[
            ON,
            *WHERE,
            OpenApiParameter("from", dt.date, description="Two years before `to` if left out."),
            OpenApiParameter("to", dt.date, description="The last day (today)."),
            OpenApiParameter("step", str, enum=STEPS, description="month if left out"),
            OpenApiParameter(
                "over", str, enum=OVER, description="`period`: each step's own days, added up"
            ),
            AGAINST,
        ],
        responses=answers(_ANSWER),
    )
    def get(self, request: Request, name: str) -> Response:
        indicator = known(name)
        asked = course(request, indicator)
        on = day_asked(request, "on", today())
        where = self.where(request, indicator)
        if asked is None:
            figures, against = where.figures(name, [on]), where.figures_against(name, [on])
        elif asked.over == "period":
            figures = where.over(name, asked.periods)
            against = where.over_against(name, asked.periods)
        else:
            figures = where.figures(name, asked.days)
            against = where.figures_against(name, asked.days)
        if self.wants_csv(request):
            return Response(as_csv(figures_table(figures, against)))
        if asked is None:
            return Response(_one(figures[0], against, where))
        return Response(_series(indicator, asked, figures, against, where))


def _one(figure: ShownFigure, against: list[ShownFigure] | None, where: Where) -> dict[str, Any]:
    return {
        **figure_told(figure),
        "computed_at": where.network.read_at,
        "against": None if against is None else figure_told(against[0]),
    }


def _series(
    indicator: Indicator,
    asked: Course,
    figures: list[ShownFigure],
    against: list[ShownFigure] | None,
    where: Where,
) -> dict[str, Any]:
    return {
        "name": indicator.name,
        "site": where.site,
        "unit": indicator.unit,
        "formula": FORMULAS[indicator.name],
        "version": indicator.version,
        "step": asked.step,
        "over": asked.over,
        "computed_at": where.network.read_at,
        "results": [point_told(figure) for figure in figures],
        "against": None if against is None else [point_told(figure) for figure in against],
    }
