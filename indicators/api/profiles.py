"""`/api/v1/profiles/`: questions that are answered line by line."""

from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.periods import today
from indicators.api import shapes
from indicators.api.asked import ON, WHERE, WORDS, FigureResource, answers
from indicators.api.tabular import as_csv
from indicators.api.told import lines_told, profile_about
from indicators.profiles import PROFILES
from indicators.selectors.network import known_profile
from indicators.selectors.profiled import measure_code, profile_lines
from indicators.selectors.tabular import profile_table
from sites.api.base import Resource, day_asked


class ProfileList(Resource):
    """The profiles there are."""

    resource = "indicator"
    serializer_class = shapes.ProfilesShape
    pagination_class = None

    @extend_schema(operation_id="profiles_retrieve")
    def get(self, request: Request) -> Response:
        return Response({"results": [profile_about(one) for one in PROFILES.values()]})


class ProfileRow(FigureResource):
    """One profile as of a day."""

    serializer_class = shapes.ProfileShape
    own_words = WORDS | {"on"}

    @extend_schema(
        operation_id="profiles_lines_retrieve",
        parameters=[ON, *WHERE],
        responses=answers(shapes.ProfileShape),
    )
    def get(self, request: Request, name: str) -> Response:
        profile = known_profile(name)
        on = day_asked(request, "on", today())
        where = self.where(request, profile)
        exact = where.network.profile(name, on, where.site, where.part)
        lines = profile_lines(profile, exact, get_language() or "fr")
        if self.wants_csv(request):
            codes = [measure_code(code) for code in profile.measures]
            return Response(as_csv(profile_table(profile.axis, lines, codes)))
        return Response(
            {
                **profile_about(profile),
                "site": where.site,
                "on": on,
                "computed_at": where.network.read_at,
                **lines_told(lines, exact),
            }
        )
