"""Why a figure changed between two days: cause by cause, then line by line, adding up exactly."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from core import formats
from core.periods import add_months, today
from indicators.figure import Indicator
from indicators.formulas import INDICATORS
from indicators.keeping import is_near
from indicators.labels import CAUSES, NAMES, PARTS
from indicators.permissions import can_read_rows
from indicators.selectors.changes import ShownChange, ShownLine, ShownSum, shown_change
from indicators.selectors.network import Network
from indicators.selectors.tabular import change_table
from indicators.views.behind import Links, shown
from indicators.views.columns import who
from indicators.views.explored import explored
from indicators.views.files import as_csv
from indicators.wording import difference, effect, language, part, value

PER_PAGE: Final = 100


def why_page(request: HttpRequest, name: str) -> HttpResponse:
    """`?since=&on=&site=&page=` and the words of a part: from the end of `since` (a year before) to
    the end of `on`. `&format=csv` for every line in a file."""
    indicator = INDICATORS.get(name)
    if indicator is None:
        raise Http404
    network = Network()
    question = explored(request.user, request.GET, network, indicator, with_course=False)
    on, site = question.asked.on, question.asked.site
    if not can_read_rows(request.user, indicator, network.site_id(site)):
        raise PermissionDenied
    since, problem = _since(request.GET.get("since", ""), on)
    found = network.change(name, since, on, site, question.part)
    places = network.sites.values()
    if request.GET.get("format") == "csv":
        whole = shown_change(found, site, (since, on), places, reader=request.user)
        where = site or "network"
        return as_csv(f"{name}-{where}-{since}-{on}.csv", change_table(whole))
    page = Paginator(range(len(found.lines)), PER_PAGE).get_page(request.GET.get("page"))
    first = max(page.start_index() - 1, 0)
    here = slice(first, first + PER_PAGE)
    told = shown_change(found, site, (since, on), places, here, reader=request.user)
    links, columns = Links(request.user, network), who(found.lines)
    context = {
        **admin.site.each_context(request),
        "title": _("Why it changed: %(name)s") % {"name": NAMES[name]},
        "question": question,
        "asked": question.asked,
        "problem": problem,
        "name": name,
        "since": since,
        "ends": [
            (formats.day(figure.on, language()), value(figure))
            for figure in (told.before, told.after)
        ],
        "difference": effect(told.value, indicator.unit),
        "sums": [_sum(one, indicator) for one in told.sums],
        "total": _total(told, indicator),
        "heads": columns.values(),
        "lines": [_line(line, indicator, links, columns) for line in told.lines],
        "page": page,
        "numerator_title": PARTS[indicator.numerator],
        "denominator_title": PARTS[indicator.denominator] if indicator.denominator else "",
    }
    return TemplateResponse(request, "indicators/why.html", context)


def _since(text: str, on: dt.date) -> tuple[dt.date, str]:
    usual = add_months(on, -12)
    if not text:
        return usual, ""
    try:
        since = dt.date.fromisoformat(text)
    except ValueError:
        return usual, _("« %(day)s » is not a day.") % {"day": text}
    if since > on:
        return usual, _("The first day must not be after the last.")
    if not is_near(since, today()):
        return usual, _("That day is too far away: another is shown.")
    return since, ""


def _sum(one: ShownSum, indicator: Indicator) -> dict[str, Any]:
    return {
        "cause": CAUSES[one.cause],
        "lines": formats.number(one.lines, language()),
        **_differences(one.numerator, one.denominator, one.effect, indicator),
    }


def _total(told: ShownChange, indicator: Indicator) -> dict[str, str]:
    return _differences(told.numerator, told.denominator, told.value, indicator)


def _line(
    line: ShownLine, indicator: Indicator, links: Links, columns: Iterable[str]
) -> dict[str, Any]:
    row = line.row
    return {
        **shown(row, indicator, links, columns),
        "cause": CAUSES[line.cause],
        **_differences(row.numerator, row.denominator, line.effect, indicator),
    }


def _differences(
    numerator: Decimal, denominator: Decimal | None, moved: Decimal | None, indicator: Indicator
) -> dict[str, str]:
    return {
        "numerator": difference(part(abs(numerator), indicator.numerator), numerator),
        "denominator": (
            ""
            if denominator is None
            else difference(part(abs(denominator), indicator.denominator), denominator)
        ),
        "effect": effect(moved, indicator.unit),
    }
