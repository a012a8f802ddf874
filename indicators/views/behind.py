"""One indicator: its formula, its parts, its course, and the rows behind it."""

import csv
import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from django.contrib import admin
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts.rights import Action
from core import formats
from core.periods import add_months
from indicators.formulas import INDICATORS
from indicators.labels import BESIDE, DETAILS, MORE, NAMES, PARTS
from indicators.selectors.network import Network, points
from indicators.selectors.shown import ShownRow, Told
from indicators.views.asked import asked
from indicators.views.wording import card, chart, drawn, language, part, told
from sites.scopes import scope_of

PER_PAGE: Final = 100
_COMPANIES: Final = frozenset(
    {"hosted_companies", "companies_ever_hosted", "presences_at_open_sites"}
)
"""Numerators that count companies, not rooms."""
MONTHS: Final = 60


def indicator_page(request: HttpRequest, name: str) -> HttpResponse:
    """`?on=&site=&page=`, or `?format=csv` for every row in one file."""
    indicator = INDICATORS.get(name)
    if indicator is None:
        raise Http404
    network = Network()
    question = asked(request.user, request.GET.dict(), network)
    rows = network.rows(name, question.on, question.site)
    if request.GET.get("format") == "csv":
        file_name = f"{name}-{question.site or 'network'}-{question.on}.csv"
        return _as_csv(file_name, rows)
    figure, before = network.figures(
        name, [question.on, add_months(question.on, -12)], question.site
    )
    days = points(add_months(question.on.replace(day=1), -MONTHS), question.on)
    course = chart(
        str(NAMES[name]), days, {str(NAMES[name]): network.figures(name, days, question.site)}
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    links = _Links(request.user, network)
    context = {
        **admin.site.each_context(request),
        "title": NAMES[name],
        "asked": question,
        "name": name,
        "card": card(figure, before),
        "details": DETAILS.get(name, ()),
        "figure": figure,
        "beside": [(BESIDE[code], part(amount, code)) for code, amount in figure.beside.items()],
        "window": figure.window,
        "chart": drawn(course),
        "page": page,
        "rows": [_shown(row, indicator, links) for row in page],
        "more_heads": [MORE[code] for code in rows[0].more] if rows else [],
        "total": _total(rows, indicator),
        # A company's further rooms are listed and add nothing: said where there are any.
        "counted_once": indicator.numerator in _COMPANIES
        and any(row.numerator == 0 for row in rows),
        "numerator_title": PARTS[indicator.numerator],
        "denominator_title": PARTS[indicator.denominator] if indicator.denominator else "",
    }
    return TemplateResponse(request, "indicators/indicator.html", context)


def _total(rows: Sequence[ShownRow], indicator: Any) -> dict[str, str]:
    """What all rows add up to: the figure's own parts."""
    above = sum((row.numerator for row in rows), Decimal(0))
    below = sum((row.denominator for row in rows if row.denominator is not None), Decimal(0))
    return {
        "numerator": part(above, indicator.numerator),
        "denominator": part(below, indicator.denominator),
    }


class _Links:
    """Where a row leads: the lease's page only for those who may open it."""

    def __init__(self, user: Any, network: Network) -> None:
        self.leases = scope_of(user, Action.VIEW, "lease")
        self.companies = bool(scope_of(user, Action.VIEW, "company"))
        self.site_ids = {code: site.pk for code, site in network.sites.items()}

    def company(self, row: ShownRow) -> str:
        if row.company_id is None or not self.companies:
            return ""
        return reverse("admin:tenants_company_change", args=[row.company_id])

    def lease(self, row: ShownRow) -> str:
        if row.lease_id is None or not self.leases.covers(self.site_ids.get(row.site or "")):
            return ""
        return reverse("admin:leases_lease_change", args=[row.lease_id])


def _shown(row: ShownRow, indicator: Any, links: _Links) -> dict[str, Any]:
    return {
        "company": row.company or "",
        "company_address": links.company(row),
        "site": row.site or "",
        "space": row.space or "",
        "lease": row.lease or "",
        "lease_address": links.lease(row),
        "start": formats.day(row.start, language()),
        "last_day": formats.day(row.last_day, language()) if row.last_day else "",
        "more": [told(value, code) for code, value in row.more.items()],
        "numerator": part(row.numerator, indicator.numerator),
        "denominator": (
            "" if row.denominator is None else part(row.denominator, indicator.denominator)
        ),
    }


class _Echo:
    """A file that gives back what is written to it, so that rows leave as they are made."""

    def write(self, line: str) -> str:
        return line


_HEAD: Final = ("company", "site", "space", "lease", "start", "end", "numerator", "denominator")


def _as_csv(file_name: str, rows: Sequence[ShownRow]) -> HttpResponse:
    """Every row: ISO days (last day included), decimals with a point, UTF-8 with its mark."""
    writer = csv.writer(_Echo(), delimiter=";")

    def lines() -> Iterator[str]:
        yield "\ufeff" + writer.writerow((*_HEAD, *(rows[0].more if rows else ())))
        for row in rows:
            yield writer.writerow(
                [
                    _harmless(row.company),
                    row.site,
                    _harmless(row.space),
                    row.lease,
                    row.start.isoformat(),
                    _iso(row.last_day),
                    f"{row.numerator:f}",
                    "" if row.denominator is None else f"{row.denominator:f}",
                    *(_in_file(value) for value in row.more.values()),
                ]
            )

    response: Any = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response  # type: ignore[no-any-return]


def _in_file(value: Told) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dt.date):
        return value.isoformat()
    return _harmless(value)


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _harmless(text: str | None) -> str:
    """A spreadsheet takes a cell that begins like a formula for one."""
    return f"'{text}" if text and text[0] in "=+-@\t\r" else text or ""
