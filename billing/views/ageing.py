"""What is owed as of a day by how late it is: companies, and the invoices behind each figure."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from accounts.rights import Action
from billing.ageing import OVERDUE, PARTS, Aged, together
from billing.forms import asked_day
from billing.labels import BAND_NAMES
from billing.models import Account
from billing.selectors.ageing import Of, aged_invoices, ageing
from billing.views.asked import Sites, asked_sites, query
from billing.views.files import MEDIA_TYPES, table_file
from core import formats
from core.forms import whole_number
from core.periods import today
from sites.admin.columns import language
from sites.models import Lessor
from sites.scopes import scope_of
from tenants.models import Company

TITLE: Final = gettext_lazy("Arrears ageing")
PER_PAGE: Final = 100
FIGURES: Final = {**BAND_NAMES, OVERDUE: pgettext_lazy("account", "past due")}
"""Behind which there are invoices."""
HEADS: Final = {
    **FIGURES,
    "credit": pgettext_lazy("account", "free credit"),
    "awaiting": pgettext_lazy("account", "awaiting certificate"),
    "deposit": pgettext_lazy("account", "deposits held"),
}
"""Of all columns, in their order."""
_EXPORTED: Final = ("company_id", "company", "site", *PARTS, "overdue", "balance")


@require_safe
def ageing_page(request: HttpRequest) -> HttpResponse:
    """`?on=&site=&page=`, or `&format=csv|xlsx` for all rows in one file."""
    given = request.GET.dict()
    asked = asked_sites(request.user, given, "payment")
    on, problem = asked_day(given.get("on", ""), today())
    found = ageing(request.user, on, site_ids=asked.ids)
    kind = given.get("format", "")
    if kind in MEDIA_TYPES:
        return _file(request, kind, on, found, asked)
    of_company = _by(found, "company_id")
    # A deposit alone is nothing to look after.
    listed = (pk for pk, row in of_company.items() if row.open or row.credit or row.awaiting)
    order = sorted(listed, key=lambda pk: (-of_company[pk].overdue, -of_company[pk].open, pk))
    page = Paginator(order, PER_PAGE).get_page(given.get("page"))
    names = dict(Company.objects.filter(pk__in=page).values_list("pk", "name"))
    addresses = _accounts(page)
    of_site = _by(found, "site_id")
    asks = {"on": on.isoformat(), "site": asked.code}
    return TemplateResponse(
        request,
        "billing/staff/ageing.html",
        {
            **admin.site.each_context(request),
            "title": TITLE,
            "on": on,
            "problem": problem,
            "asked": asked,
            "heads": HEADS.values(),
            "total": _cells(together(found.values()), asks),
            "sites": [
                (site.name, _cells(of_site[site.pk], {**asks, "site": site.code}))
                for site in asked.known.values()
                if site.pk in of_site
            ],
            "rows": [
                (names[pk], addresses.get(pk, ""), _cells(of_company[pk], {**asks, "company": pk}))
                for pk in page
            ],
            "page": page,
            "query": query(**asks),
            "files": [
                (name.upper(), f"?{query(**asks, format=name)}")
                for name in MEDIA_TYPES
                if scope_of(request.user, Action.EXPORT, "payment")
            ],
        },
    )


@require_safe
def invoices_page(request: HttpRequest) -> HttpResponse:
    """The invoices behind a figure: `?on=&site=&company=&lessor=&band=&page=`."""
    given = request.GET.dict()
    asked = asked_sites(request.user, given, "payment")
    on, problem = asked_day(given.get("on", ""), today())
    band = given.get("band", "")
    band = band if band in FIGURES else ""
    company = _asked(Company, given.get("company", ""))
    lessor = _asked(Lessor, given.get("lessor", ""))
    of = {
        "company_id": company.pk if company is not None else None,
        "lessor_id": lessor.pk if lessor is not None else None,
    }
    number = max(whole_number(given.get("page", "")) or 1, 1)
    rows = aged_invoices(request.user, on, band=band, site_ids=asked.ids, **of).select_related(
        "company", "site"
    )
    begin = (number - 1) * PER_PAGE
    # One more tells whether there is another page: to count them all would find them all.
    found = list(rows[begin : begin + PER_PAGE + 1])
    asks = {
        **{"on": on.isoformat(), "site": asked.code, "band": band},
        **{"company": of["company_id"], "lessor": of["lessor_id"]},
    }
    addresses = _accounts({row.company_id for row in found})
    return TemplateResponse(
        request,
        "billing/staff/aged_invoices.html",
        {
            **admin.site.each_context(request),
            "title": FIGURES[band] if band else _("Open invoices"),
            "on": on,
            "problem": problem,
            "asked": asked,
            "band": band,
            "bands": FIGURES.items(),
            "company": company,
            "lessor": lessor,
            "back": f"{reverse('admin:ageing')}?{query(on=on.isoformat(), site=asked.code)}",
            "rows": [
                (row, max((on - row.due_on).days, 0), addresses.get(row.company_id, ""))
                for row in found[:PER_PAGE]
            ],
            "number": number,
            "more": len(found) > PER_PAGE,
            "query": query(**asks),
        },
    )


def _asked(model: type[Model], key: str) -> Any:
    """The row that the address asks for, if it asks for one. Raises Http404."""
    return get_object_or_404(model, pk=whole_number(key)) if key else None


def _by(found: Mapping[Of, Aged], what: str) -> dict[int, Aged]:
    """Added up by company, or by site."""
    groups: dict[int, list[Aged]] = defaultdict(list)
    for of, row in found.items():
        groups[getattr(of, what)].append(row)
    return {pk: rows[0] if len(rows) == 1 else together(rows) for pk, rows in groups.items()}


def _cells(row: Aged, asks: Mapping[str, object]) -> list[tuple[Any, str, str]]:
    """Head, figure and the address of the invoices behind it, where there are."""
    behind = reverse("admin:ageing_invoices")
    cells = []
    for name, head in HEADS.items():
        amount = getattr(row, name)
        there = f"{behind}?{query(**asks, band=name)}" if name in FIGURES and amount else ""
        figure = formats.number(amount, language(), decimals=2) if amount else "–"
        cells.append((head, figure, there))
    return cells


def _accounts(company_ids: Iterable[int]) -> dict[int, str]:
    """The page of a company's account, or the list of them where there are several."""
    accounts: dict[int, list[int]] = defaultdict(list)
    for pk, company in Account.objects.filter(company__in=company_ids).values_list("pk", "company"):
        accounts[company].append(pk)
    every = reverse("admin:billing_account_changelist")
    return {
        company: reverse("admin:billing_account_change", args=found)
        if len(found) == 1
        else f"{every}?company__id__exact={company}"
        for company, found in accounts.items()
    }


def _file(
    request: HttpRequest, kind: str, on: dt.date, found: Mapping[Of, Aged], asked: Sites
) -> HttpResponse:
    """A row for each company and site that the user may take away."""
    scope = scope_of(request.user, Action.EXPORT, "payment")
    if not scope:
        raise PermissionDenied
    companies = Company.objects.filter(pk__in={of.company_id for of in found})
    names = dict(companies.values_list("pk", "name"))
    codes = {site.pk: code for code, site in asked.known.items()}
    rows = (
        {
            "company_id": of.company_id,
            "company": names[of.company_id],
            "site": codes[of.site_id],
            **{part: getattr(row, part) for part in (*PARTS, "overdue", "balance")},
        }
        for of, row in sorted(found.items(), key=lambda each: (each[0].site_id, each[0].company_id))
        if scope.covers(of.site_id)
    )
    return table_file(f"ageing-{on}", kind, _EXPORTED, rows)
