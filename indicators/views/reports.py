"""Monthly reports: who gets them, those that were made, and what of their figures differs now."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.rights import Action
from core import formats
from core.downloads import bytes_attached
from core.errors import DomainError
from core.languages import Language
from core.periods import ONE_DAY
from indicators.formulas import INDICATORS
from indicators.keeping import EARLIEST
from indicators.labels import NAMES
from indicators.models import Report, ReportSubscription
from indicators.papers.report import report_title
from indicators.permissions import can_read_rows
from indicators.selectors.network import Network
from indicators.selectors.reports import Compared, compared, due_month, file_of
from indicators.services.reporting import make_report
from indicators.services.subscribing import subscribe, unsubscribe
from indicators.wording import NO_RATE, in_unit, language, part
from sites.admin.scoping import acting
from sites.models import Site
from sites.scopes import Scope, scope_of

PER_PAGE: Final = 24


@require_safe
def reports_page(request: HttpRequest) -> HttpResponse:
    """`?page=`."""
    user = acting(request)
    scope = scope_of(user, Action.VIEW, "indicator")
    if not scope:
        raise PermissionDenied
    network = Network()
    rows = Report.objects.within(scope).select_related("site").order_by("-month", "-id")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    figures = compared(network, list(page))
    mine = set(ReportSubscription.objects.filter(user=user).values_list("site__code", flat=True))
    makeable = scope_of(user, Action.RECOMPUTE, "indicator")
    context = {
        **admin.site.each_context(request),
        "title": _("Monthly reports"),
        "page": page,
        "question": {"query": ""},
        "reports": [
            {
                "report": report,
                "month": formats.month(report.month, language()),
                "where": _where(report.site),
                "state": _state(figures[report.pk]),
            }
            for report in page
        ],
        "subscriptions": [
            (code, name, (code or None) in mine) for code, name in _choices(network, scope)
        ],
        "makeable": _choices(network, makeable) if makeable else [],
        "languages": Language.choices,
        "language": language(),
        "month": due_month(),
    }
    return TemplateResponse(request, "indicators/reports.html", context)


@require_safe
def report_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The figures as they were sent beside the figures now."""
    report = _visible(request, pk)
    figures = compared(Network(), [report])[report.pk]
    context = {
        **admin.site.each_context(request),
        "title": report_title(report.month, _where(report.site)),
        "report": report,
        "state": _state(figures),
        "rows": [_row(one, request.user, report) for one in figures],
        "query": f"on={report.last_day}&site={report.site.code if report.site else ''}",
        "since": report.month - ONE_DAY,
    }
    return TemplateResponse(request, "indicators/report.html", context)


@require_safe
def report_file(request: HttpRequest, pk: int) -> HttpResponse:
    report = _visible(request, pk)
    where = report.site.code if report.site else "network"
    name = f"report-{where}-{report.month:%Y-%m}-{report.language}.pdf"
    try:
        return bytes_attached(file_of(report), name=name, media_type="application/pdf")
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("admin:report", report.pk)


@require_POST
def report_subscription(request: HttpRequest) -> HttpResponse:
    """`site` (empty: the network); `end` to end it."""
    site = _site(request.POST)
    try:
        if "end" in request.POST:
            unsubscribe(site=site, acting_user=acting(request))
            messages.success(request, _("You get this report no more."))
        else:
            subscribe(site=site, acting_user=acting(request))
            messages.success(request, _("You get this report from the next month on."))
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect("admin:reports")


@require_POST
def make_report_now(request: HttpRequest) -> HttpResponse:
    """`site`, `month` (2026-10), `language`."""
    try:
        month = _month(request.POST.get("month", ""))
    except ValueError:
        messages.error(request, _("That is no month."))
        return redirect("admin:reports")
    asked = request.POST.get("language", "")
    try:
        report = make_report(
            site=_site(request.POST),
            month=month,
            language=asked if asked in Language.values else language(),
            acting_user=acting(request),
        )
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("admin:reports")
    messages.success(request, _("The report is made."))
    return redirect("admin:report", report.pk)


def _month(text: str) -> dt.date:
    """The first day of « 2026-10 ». Raises ValueError."""
    month = dt.date.fromisoformat(f"{text}-01")
    if month < EARLIEST:
        raise ValueError("before the first figures")
    return month


def _visible(request: HttpRequest, pk: int) -> Report:
    """Raises Http404."""
    rows = Report.objects.visible_to(request.user).select_related("site", "acting_user")
    return get_object_or_404(rows, pk=pk)


def _choices(network: Network, scope: Scope) -> list[tuple[str, str]]:
    """(code or "" for the network, name)."""
    found = [("", _("The whole network"))] if scope.network else []
    return found + [
        (code, site.name) for code, site in network.sites.items() if scope.covers(site.pk)
    ]


def _site(given: Mapping[str, str]) -> Site | None:
    """Raises Http404."""
    code = given.get("site", "")
    return get_object_or_404(Site, code=code) if code else None


def _where(site: Site | None) -> str:
    return site.name if site else _("The whole network")


def _state(figures: list[Compared]) -> str:
    count = sum(one.differs for one in figures)
    if not count:
        return _("as reported")
    text = ngettext("%(count)s figure differs now", "%(count)s figures differ now", count)
    return text % {"count": formats.number(count, language())}


def _row(one: Compared, user: Any, report: Report) -> dict[str, Any]:
    sent, indicator = one.sent, INDICATORS.get(one.sent.name)
    return {
        "name": sent.name,
        "title": NAMES.get(sent.name, sent.name),
        "sent": _shown(sent.name, sent),
        "now": _shown(sent.name, one.now) if one.now else (NO_RATE, ""),
        "differs": one.differs,
        "by_other_formula": one.by_other_formula,
        "is_gone": one.now is None,
        "explained": indicator is not None and can_read_rows(user, indicator, report.site_id),
    }


def _shown(name: str, figure: Any) -> tuple[str, str]:
    """The value, and what a rate is of; plainly, of what is in the registry no more."""
    indicator = INDICATORS.get(name)
    if indicator is None:
        return ("" if figure.value is None else f"{figure.value.normalize():f}"), ""
    shown = NO_RATE if figure.value is None else in_unit(figure.value, indicator.unit)
    if indicator.denominator is None:
        return shown, ""
    above = part(figure.numerator, indicator.numerator)
    return shown, f"{above} ÷ {part(figure.denominator, indicator.denominator)}"
