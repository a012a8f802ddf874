"""A profile: its chart, its lines and its formula, as of a day."""

from collections.abc import Sequence
from decimal import Decimal

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from indicators.labels import AXIS_NAMES, BESIDE, MEASURES, PROFILE_FORMULAS
from indicators.labels import PROFILES as NAMES
from indicators.profile import Profile
from indicators.profiles import PROFILES
from indicators.selectors.network import Network
from indicators.selectors.profiled import ProfileLine, measure_code, profile_lines
from indicators.selectors.shown import plain, shown_code
from indicators.selectors.tabular import profile_table
from indicators.views.explored import explored
from indicators.views.files import as_csv
from indicators.views.menu import menu
from indicators.views.wording import bars
from indicators.wording import language, part
from sites.admin.charts import drawn


def profile_page(request: HttpRequest, name: str) -> HttpResponse:
    """`?on=&site=` and the words of a part; `&format=csv` for the lines in a file."""
    profile = PROFILES.get(name)
    if profile is None:
        raise Http404
    network = Network()
    question = explored(request.user, request.GET, network, profile, with_course=False)
    lines = network.profile(name, question.asked.on, question.asked.site, question.part)
    told = profile_lines(profile, lines, language())
    if request.GET.get("format") == "csv":
        where = question.asked.site or "network"
        codes = [measure_code(code) for code in profile.measures]
        return as_csv(
            f"{name}-{where}-{question.asked.on}.csv", profile_table(profile.axis, told, codes)
        )
    context = {
        **admin.site.each_context(request),
        "title": NAMES[name],
        "menu": menu(name),
        "question": question,
        "asked": question.asked,
        "name": name,
        "formula": PROFILE_FORMULAS[name],
        "chart": drawn(
            bars(
                str(NAMES[name]),
                str(AXIS_NAMES[profile.axis]),
                [line.label for line in told],
                _columns(profile, told),
            )
        ),
        "beside": [
            (BESIDE[shown_code(code)], part(plain(count, code), code))
            for code, count in lines.beside.items()
        ],
    }
    return TemplateResponse(request, "indicators/profile.html", context)


def _columns(
    profile: Profile, lines: Sequence[ProfileLine]
) -> dict[str, tuple[str, Sequence[Decimal | None]]]:
    """By the measure's code: what it is called, and its value on each line; shares as ratios."""
    return {
        code: (str(MEASURES[code]), [line.values[measure_code(code)] for line in lines])
        for code in profile.measures
    }
