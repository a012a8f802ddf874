"""What every figure means: its formula, its parts, what it leaves open, and a worked example."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from accounts.rights import Action
from core import formats
from indicators.choices import Dimension, Theme
from indicators.figure import Indicator
from indicators.formulas import INDICATORS
from indicators.labels import (
    DETAILS,
    DIMENSIONS,
    FORMULAS,
    GRAINS,
    NAMES,
    PROFILE_FORMULAS,
    THEMES,
)
from indicators.labels import PROFILES as PROFILE_NAMES
from indicators.profiles import PROFILES
from indicators.selectors.network import Network
from indicators.views.asked import asked
from indicators.wording import language, parts, value
from sites.scopes import scope_of


def definitions_page(request: HttpRequest) -> HttpResponse:
    """`?on=&site=`: whose numbers the worked examples take."""
    if not scope_of(request.user, Action.VIEW, "indicator"):
        raise PermissionDenied
    network = Network()
    question = asked(request.user, request.GET.dict(), network.sites.values())

    def defined(indicator: Indicator) -> dict[str, Any]:
        figure = network.figure(indicator.name, question.on, question.site)
        return {
            "name": indicator.name,
            "title": NAMES[indicator.name],
            "formula": FORMULAS[indicator.name],
            "grain": GRAINS[indicator.grain],
            "version": indicator.version,
            "details": DETAILS.get(indicator.name, ()),
            "dimensions": formats.listed(
                (DIMENSIONS[one] for one in Dimension if one in indicator.dimensions), language()
            ),
            "worked": parts(figure),
            "value": value(figure),
        }

    themes = []
    for theme in Theme:
        figures = [defined(one) for one in INDICATORS.values() if one.theme is theme]
        profiles = [
            {
                "name": one.name,
                "title": PROFILE_NAMES[one.name],
                "formula": PROFILE_FORMULAS[one.name],
            }
            for one in PROFILES.values()
            if one.theme is theme
        ]
        if figures or profiles:
            themes.append(
                {
                    "name": theme.value,
                    "title": THEMES[theme],
                    "figures": figures,
                    "profiles": profiles,
                }
            )
    context = {
        **admin.site.each_context(request),
        "title": _("Definitions"),
        "asked": question,
        "themes": themes,
    }
    return TemplateResponse(request, "indicators/definitions.html", context)
