"""The explorer: one figure by its parts, its course, its formula, and the rows behind it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.rights import Action
from core.periods import add_months
from indicators.choices import Dimension
from indicators.contributions import Rows
from indicators.figure import Indicator
from indicators.formulas import INDICATORS
from indicators.labels import BESIDE, DETAILS, NAMES, PARTS
from indicators.narrowing import Part
from indicators.permissions import can_read_rows
from indicators.profiles import PROFILES
from indicators.selectors.network import Network
from indicators.selectors.parts import values_of
from indicators.selectors.shown import ShownFigure, shown_rows
from indicators.selectors.tabular import rows_table
from indicators.selectors.where import Where
from indicators.views.behind import Links, counts_once, shown, total
from indicators.views.columns import more, who
from indicators.views.explored import BY_SITE, Explored, explored
from indicators.views.files import as_csv, as_workbook, course_table
from indicators.views.menu import menu
from indicators.views.wording import card, chart
from indicators.wording import part
from sites.admin.charts import drawn
from sites.scopes import scope_of

PER_PAGE: Final = 100
FIRST: Final = "hosted"
_DRAWN: Final = 8
"""As many lines as one can tell apart; the table has them all."""

Lines = Mapping[str, Sequence[ShownFigure]]


def explorer_page(request: HttpRequest) -> HttpResponse:
    """`?name=`: to the page of that figure or profile, with the rest of the address."""
    if not scope_of(request.user, Action.VIEW, "indicator"):
        raise PermissionDenied
    kept = request.GET.copy()
    name = str(kept.pop("name", [FIRST])[-1])
    page = "admin:profile" if name in PROFILES else "admin:indicator"
    if name not in PROFILES and name not in INDICATORS:
        raise Http404
    query = f"?{kept.urlencode()}" if kept else ""
    return HttpResponseRedirect(f"{reverse(page, args=[name])}{query}")


def indicator_page(request: HttpRequest, name: str) -> HttpResponse:
    """`?on=&site=&from=&step=&over=&by=&against=&page=` and the words of a part;
    `&format=csv` (rows), `series` (course as CSV) or `xlsx` (both) for a file."""
    indicator = INDICATORS.get(name)
    if indicator is None:
        raise Http404
    network = Network()
    question = explored(request.user, request.GET, network, indicator)
    on, site = question.asked.on, question.asked.site
    file_name = f"{name}-{site or 'network'}-{on}"
    asked_for = request.GET.get("format")
    if asked_for == "series":
        lines = _lines(network, indicator, question)
        return as_csv(f"{file_name}-series.csv", course_table(lines))
    readable = can_read_rows(request.user, indicator, network.site_id(site))
    if asked_for and not readable:
        raise PermissionDenied
    found = network.exact_rows(name, on, site, question.part)
    places, reader = network.sites.values(), request.user
    if asked_for == "csv":
        rows = shown_rows(indicator, found, places, reader=reader)
        return as_csv(f"{file_name}.csv", rows_table(rows))
    lines = _lines(network, indicator, question)
    if asked_for == "xlsx":
        rows = shown_rows(indicator, found, places, reader=reader)
        return as_workbook(f"{file_name}.xlsx", indicator, question, lines, rows)
    figure, before = network.figures(name, [on, add_months(on, -12)], site, question.part)
    context = {
        **admin.site.each_context(request),
        "title": NAMES[name],
        "menu": menu(name),
        "question": question,
        "asked": question.asked,
        "can_be_each": indicator.is_summable,
        "name": name,
        "card": card(figure, before),
        "details": DETAILS.get(name, ()),
        "figure": figure,
        "beside": [(BESIDE[code], part(amount, code)) for code, amount in figure.beside.items()],
        "window": figure.window,
        "chart": drawn(_chart(indicator, lines, question)),
        "rows_refused": readable.reason,
        **_rows(request, network, indicator, found if readable else found.only(slice(0))),
    }
    return TemplateResponse(request, "indicators/indicator.html", context)


def _rows(
    request: HttpRequest, network: Network, indicator: Indicator, found: Rows
) -> dict[str, Any]:
    """A page of the rows, and what all of them add up to."""
    page = Paginator(range(len(found)), PER_PAGE).get_page(request.GET.get("page"))
    first = max(page.start_index() - 1, 0)
    here = slice(first, first + PER_PAGE)
    rows = shown_rows(indicator, found, network.sites.values(), here, reader=request.user)
    links, columns = Links(request.user, network), {**who(found), **more(found)}
    return {
        "page": page,
        "rows": [shown(row, indicator, links, columns) for row in rows],
        "heads": columns.values(),
        "total": total(found, indicator),
        "counted_once": counts_once(found, indicator),
        "numerator_title": PARTS[indicator.numerator],
        "denominator_title": PARTS[indicator.denominator] if indicator.denominator else "",
    }


def _lines(network: Network, indicator: Indicator, question: Explored) -> Lines:
    """The figure's course, or one for each site or value of a dimension; and what stands beside."""
    site, name = question.asked.site, indicator.name
    titles = dict(question.asked.choices)

    def course(where: Where) -> list[ShownFigure]:
        if question.each:
            return where.over(name, question.periods)
        return where.figures(name, question.days)

    if question.by == BY_SITE:
        return {
            title: course(Where(network, code, question.part))
            for code, title in titles.items()
            if code
        }
    if question.by:
        dimension = Dimension(question.by)
        site_ids = [network.sites[code].pk for code in titles if code and site in (None, code)]
        return {
            title: course(Where(network, site, _narrower(question.part, dimension, number)))
            for title, number in values_of(dimension, site_ids).values()
        }
    here = Where(network, site, question.part, question.against or None)
    if not question.against:
        return {str(NAMES[name]): course(here)}
    beside = (
        here.over_against(name, question.periods)
        if question.each
        else here.figures_against(name, question.days)
    )
    other = dict(_options(question, "against"))[question.against]
    return {titles[site or ""]: course(here), other: beside or []}


def _narrower(asked: Part, dimension: Dimension, number: int) -> Part:
    words = {one.value: getattr(asked, one.value) for one in Dimension}
    return Part(**{**words, dimension.value: number})


def _options(question: Explored, name: str) -> Sequence[tuple[str, str]]:
    return next(choice.options for choice in question.choices if choice.name == name)


def _chart(indicator: Indicator, lines: Lines, question: Explored) -> dict[str, Any]:
    """The greatest last values are drawn where there are too many lines to tell apart."""
    ranked = sorted(lines, key=lambda label: lines[label][-1].value or 0, reverse=True)
    kept = set(ranked[:_DRAWN])
    course = chart(str(NAMES[indicator.name]), question.days, lines, step=question.step)
    course["data"]["datasets"] = [
        line for line in course["data"]["datasets"] if line["label"] in kept
    ]
    if len(lines) > len(kept):
        words = _("The %(count)s lines that end highest are drawn; the table has all %(all)s.")
        course["note"] = words % {"count": len(kept), "all": len(lines)}
    return course
