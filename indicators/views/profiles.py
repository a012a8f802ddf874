"""A profile: its chart, its lines and its formula, as of a day."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from core import formats
from indicators.labels import AXES, AXIS_NAMES, BESIDE, MEASURES, PROFILE_FORMULAS
from indicators.labels import PROFILES as NAMES
from indicators.lines import NO_SHARE, Lines
from indicators.profile import Profile
from indicators.profiles import PROFILES
from indicators.selectors.network import Network
from indicators.selectors.shown import plain, shown_code
from indicators.views.explored import explored
from indicators.views.files import Cell, as_csv
from indicators.views.menu import menu
from indicators.views.wording import bars, drawn, is_share, language, part
from tenants.models import Sector


def profile_page(request: HttpRequest, name: str) -> HttpResponse:
    """`?on=&site=` and the words of a part; `&format=csv` for the lines in a file."""
    profile = PROFILES.get(name)
    if profile is None:
        raise Http404
    network = Network()
    question = explored(request.user, request.GET, network, profile)
    lines = network.profile(name, question.asked.on, question.asked.site, question.part)
    labels = line_labels(profile, lines)
    if request.GET.get("format") == "csv":
        where = question.asked.site or "network"
        return as_csv(f"{name}-{where}-{question.asked.on}.csv", _table(profile, lines, labels))
    context = {
        **admin.site.each_context(request),
        "title": NAMES[name],
        "menu": menu(name),
        "question": question,
        "asked": question.asked,
        "name": name,
        "formula": PROFILE_FORMULAS[name],
        "axis": AXIS_NAMES[profile.axis],
        "chart": drawn(bars(str(NAMES[name]), labels, columns_of(profile, lines))),
        "beside": [
            (BESIDE[shown_code(code)], part(plain(count, code), code))
            for code, count in lines.beside.items()
        ],
    }
    return TemplateResponse(request, "indicators/profile.html", context)


def columns_of(profile: Profile, lines: Lines) -> dict[str, tuple[str, Sequence[Decimal | None]]]:
    """By the measure's code: what it is called, and its value on each line; shares as ratios."""
    return {
        code: (
            str(MEASURES[code]),
            [value_of(code, value) for value in lines.values[code].tolist()],
        )
        for code in profile.measures
    }


def value_of(code: str, value: int) -> Decimal | None:
    if is_share(code):
        return None if value == NO_SHARE else Decimal(value).scaleb(-6)
    return plain(value, code)


def line_labels(profile: Profile, lines: Lines) -> list[str]:
    """What each line is called."""
    if profile.axis == "month":
        return [formats.month(dt.date.fromordinal(int(key)), language()) for key in lines.keys]
    if profile.axis == "sector":
        names = {sector.pk: sector.name for sector in Sector.objects.all()}
        return [names.get(int(key), "—") for key in lines.keys]
    if profile.axis in AXES:
        return [str(AXES[profile.axis][str(key)]) for key in lines.keys]
    return [str(key) for key in lines.keys]


def _table(profile: Profile, lines: Lines, labels: Sequence[str]) -> list[Sequence[Cell]]:
    columns = columns_of(profile, lines)
    head: list[Sequence[Cell]] = [(profile.axis, *(shown_code(code) for code in columns))]
    values = [values for _title, values in columns.values()]
    return head + [(label, *(column[at] for column in values)) for at, label in enumerate(labels)]
