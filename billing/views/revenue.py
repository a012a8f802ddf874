"""Revenue by site and month, and the contracted rent of the months to come."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from accounts.rights import Action
from billing.forecasting import Due
from billing.forms import asked_months
from billing.selectors.revenue import AHEAD, Revenue, SiteMonth, forecast, revenue
from billing.views.asked import Sites, asked_sites, query
from billing.views.files import MEDIA_TYPES, table_file
from core import formats
from core.money import ZERO
from core.periods import add_months
from sites.admin import charts
from sites.admin.columns import language
from sites.scopes import scope_of

TITLE: Final = gettext_lazy("Revenue")
NAMES: Final = {
    "net": pgettext_lazy("revenue", "billed, excl. tax"),
    "vat": pgettext_lazy("revenue", "VAT billed"),
    "collected": pgettext_lazy("revenue", "collected"),
    "withheld": pgettext_lazy("revenue", "withheld"),
    "deferred": pgettext_lazy("revenue", "deferred, excl. tax"),
    "rent": pgettext_lazy("revenue", "contracted rent, excl. tax"),
    "charges": pgettext_lazy("revenue", "contracted charges, excl. tax"),
}
PAST: Final = ("net", "vat", "collected", "withheld", "deferred")
TO_COME: Final = ("rent", "charges")


@require_safe
def revenue_page(request: HttpRequest) -> HttpResponse:
    """`?from=2026-01&to=2026-12&site=`, or `&format=csv|xlsx` for every site and month."""
    given = request.GET.dict()
    asked = asked_sites(request.user, given, "invoice")
    months = asked_months(given)
    told = revenue(request.user, first=months.first, last=months.last, site_ids=asked.ids)
    promised = forecast(request.user, site_ids=asked.ids)
    kind = given.get("format", "")
    if kind in MEDIA_TYPES:
        return _file(request, kind, told, promised, asked)
    count = (months.last.year - months.first.year) * 12 + months.last.month - months.first.month
    past = [add_months(months.first, number) for number in range(count + 1)]
    to_come = sorted({month for _site, month in promised})
    asks = {"from": f"{months.first:%Y-%m}", "to": f"{months.last:%Y-%m}", "site": asked.code}
    return TemplateResponse(
        request,
        "billing/staff/revenue.html",
        {
            **admin.site.each_context(request),
            "title": TITLE,
            "asked": asked,
            "months": months,
            "problem": months.problem,
            "charts": [
                _chart(_("Billed and collected"), past, _lines(told, past, PAST)),
                _chart(
                    _("Contracted, month by month"), to_come, _lines(promised, to_come, TO_COME)
                ),
            ],
            "ahead": AHEAD,
            "heads": [NAMES[part] for part in (*PAST, *TO_COME)],
            "sites": list(_of_sites(told, promised, asked, months.last)),
            "files": [
                (name.upper(), f"?{query(**asks, format=name)}")
                for name in MEDIA_TYPES
                if scope_of(request.user, Action.EXPORT, "invoice")
            ],
        },
    )


def _lines(
    rows: Mapping[SiteMonth, Revenue] | Mapping[SiteMonth, Due],
    months: Sequence[dt.date],
    parts: Iterable[str],
) -> dict[str, list[Decimal]]:
    """By name, the figures of all sites together, month by month."""
    sums: dict[tuple[str, dt.date], Decimal] = defaultdict(lambda: ZERO)
    for (_site, month), row in rows.items():
        for part in parts:
            sums[part, month] += getattr(row, part)
    return {str(NAMES[part]): [sums[part, month] for month in months] for part in parts}


def _chart(
    title: str, months: Sequence[dt.date], plotted: Mapping[str, Sequence[Decimal]]
) -> dict[str, Any]:
    labels = [formats.month(month, language()) for month in months]
    return charts.drawn(
        charts.lines(
            title,
            labels,
            # Pixels: the table has the centimes.
            {label: [float(amount) for amount in amounts] for label, amounts in plotted.items()},
            [
                (label, [_figure(amounts[index]) for amounts in plotted.values()])
                for index, label in enumerate(labels)
            ],
            axis=_("month"),
            unit=_("DH"),
        )
    )


def _of_sites(
    told: Mapping[SiteMonth, Revenue],
    promised: Mapping[SiteMonth, Due],
    asked: Sites,
    last: dt.date,
) -> Iterable[tuple[str, list[tuple[Any, str]]]]:
    """Each site's sums over the months; what is deferred is that of the last month's end."""
    for site in asked.known.values():
        mine = {month: row for (pk, month), row in told.items() if pk == site.pk}
        coming = [row for (pk, _month), row in promised.items() if pk == site.pk]
        if not mine and not coming:
            continue
        sums = {part: sum((getattr(row, part) for row in mine.values()), ZERO) for part in PAST}
        sums["deferred"] = mine[last].deferred if last in mine else ZERO
        for part in TO_COME:
            sums[part] = sum((getattr(row, part) for row in coming), ZERO)
        yield site.name, [(NAMES[part], _figure(amount)) for part, amount in sums.items()]


def _figure(amount: Decimal) -> str:
    return formats.number(amount, language(), decimals=2)


def _file(
    request: HttpRequest,
    kind: str,
    told: Mapping[SiteMonth, Revenue],
    promised: Mapping[SiteMonth, Due],
    asked: Sites,
) -> HttpResponse:
    """A row for each site and month that the user may take away."""
    scope = scope_of(request.user, Action.EXPORT, "invoice")
    if not scope:
        raise PermissionDenied
    codes = {site.pk: code for code, site in asked.known.items()}
    rows = []
    for site, month in sorted(told.keys() | promised.keys()):
        if not scope.covers(site):
            continue
        past, coming = told.get((site, month)), promised.get((site, month))
        figures = {part: getattr(past, part, None) for part in PAST}
        figures |= {part: getattr(coming, part, None) for part in TO_COME}
        rows.append({"site": codes[site], "month": month, **figures})
    return table_file("revenue", kind, ("site", "month", *PAST, *TO_COME), rows)
