"""What a client asked of figures: where, of which part, when; refused in words where it cannot."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.utils.urls import replace_query_param

from core.errors import InvalidInput, NotAllowed
from core.periods import Period, add_months, today
from indicators.api.tabular import CsvRenderer
from indicators.choices import Dimension
from indicators.figure import Indicator
from indicators.profile import Profile
from indicators.selectors.network import MOST_BY_ROWS, BadSeries, Network, periods, points
from indicators.selectors.parts import part_of
from indicators.selectors.where import YEAR_BEFORE, Where
from sites.api.base import EARLIEST, Resource, check_limit, day_asked

STEPS: Final = ("day", "month", "quarter", "year")
OVER: Final = ("day", "period")
MOST_ROWS: Final = 10_000
USUAL_ROWS: Final = 1_000

_HOUSE: Final[Any] = api_settings.DEFAULT_RENDERER_CLASSES
_PART: Final = frozenset(dimension.value for dimension in Dimension)
WORDS: Final = _PART | {"site", str(api_settings.URL_FORMAT_OVERRIDE)}
PAGING: Final = frozenset({"cursor", "limit"})

ON: Final = OpenApiParameter("on", dt.date, description="As of this day (today).")
WHERE: Final = (
    OpenApiParameter("site", str, description="Code of a site; the network when left out."),
    OpenApiParameter("building", str, description="Site and building: CAS:A."),
    OpenApiParameter("space_kind", str, description="Kind of space."),
    OpenApiParameter("tenant_kind", str, description="Kind of tenant."),
    OpenApiParameter("sector", str, description="Code of a sector."),
)
AGAINST: Final = OpenApiParameter(
    "against", str, description="The same beside: `year` (a year before) or the code of a site."
)
PAGE: Final = (
    OpenApiParameter("limit", int, description=f"Rows of a page, at most {MOST_ROWS}."),
    OpenApiParameter("cursor", str, description="From the `next` of the page before."),
)


class NotOfAPeriod(InvalidInput):
    code = "not_of_a_period"
    text = gettext_lazy("« %(name)s » is a state of a day: its days do not add up to a period.")


def answers(shape: Any) -> dict[tuple[int, str], Any]:
    """For the document: the shape as JSON, its table as CSV."""
    return {(200, "application/json"): shape, (200, CsvRenderer.media_type): OpenApiTypes.BINARY}


class FigureResource(Resource):
    """Figures as JSON, or as CSV with `Accept: text/csv` (or `format=csv`)."""

    resource = "indicator"
    pagination_class = None
    renderer_classes = (*_HOUSE, CsvRenderer)

    def where(self, request: Request, of: Indicator | Profile) -> Where:
        """Once site, part and what stands beside are known to be the client's.

        Raises NotAllowed for the network to who sees sites alone, ValidationError for a site that
        is not there or not the client's, UnknownPart and NotNarrowed.
        """
        network = Network()
        scope = self.scope(request)
        seen = [code for code, place in network.sites.items() if scope.covers(place.pk)]
        site = request.query_params.get("site") or None
        if site is None and not scope.network:
            raise NotAllowed
        for name, known in (("site", seen), ("against", [YEAR_BEFORE, *seen])):
            value = request.query_params.get(name)
            if value and value not in known:
                raise ValidationError({name: [_known(known)]})
        places = [network.sites[code].pk for code in seen if site in (None, code)]
        part = part_of(request.query_params, of, places)
        return Where(network, site, part, request.query_params.get("against") or None)

    def wants_csv(self, request: Request) -> bool:
        return isinstance(request.accepted_renderer, CsvRenderer)


@dataclass(frozen=True, slots=True)
class Course:
    """The days of a series, or its periods."""

    step: str
    over: str
    days: list[dt.date]
    periods: list[Period]


def course(request: Request, of: Indicator) -> Course | None:
    """The series that is asked for; None where one day is. Raises BadSeries, NotOfAPeriod."""
    asked = request.query_params
    if not asked.keys() & {"from", "to", "step", "over"}:
        return None
    if "on" in asked:
        raise ValidationError({"on": [_("Ask for a day (on) or for a series (from, to).")]})
    last = day_asked(request, "to", today())
    first = day_asked(request, "from", max(add_months(last, -24), EARLIEST))
    step, over = one_of(request, "step", STEPS, "month"), one_of(request, "over", OVER, "day")
    days = points(first, last, step)
    if of.daily is None and len(days) > MOST_BY_ROWS:
        raise BadSeries(most=MOST_BY_ROWS)
    if over == "period" and not of.is_summable:
        raise NotOfAPeriod(name=of.name)
    return Course(step, over, days, periods(first, last, step) if over == "period" else [])


def page_asked(request: Request) -> slice:
    """The rows `?cursor=&limit=` stand for."""
    check_limit(request, MOST_ROWS)
    limit = int(request.query_params.get("limit", USUAL_ROWS))
    text = request.query_params.get("cursor", "0")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ValidationError({"cursor": [_("Take it from the page before.")]})
    return slice(int(text), int(text) + limit)


def next_page(request: Request, page: slice, count: int) -> str | None:
    """The address of the page after, None after the last."""
    if page.stop >= count:
        return None
    found: str = replace_query_param(request.build_absolute_uri(), "cursor", str(page.stop))
    return found


def one_of(request: Request, name: str, known: tuple[str, ...], default: str) -> str:
    value: str = request.query_params.get(name, default)
    if value not in known:
        raise ValidationError({name: [_known(known)]})
    return value


def _known(known: Any) -> str:
    return _("Known: %(known)s.") % {"known": ", ".join(known)}
