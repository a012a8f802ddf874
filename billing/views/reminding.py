"""« To remind »: the companies that owe something overdue, looked at, chosen and written to."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.rights import Action
from billing.ageing import OVERDUE
from billing.choices import LOOKS, DunningLevel, NoReminder
from billing.models import DunningLetter
from billing.selectors.reminding import Standing, standings
from billing.services.dunning_steps import begin_steps
from billing.services.reminding import preview_reminder, send_reminder
from billing.views.asked import query
from core import formats
from core.errors import DomainError
from core.forms import whole_number
from core.periods import today
from leases.admin.documents import shown
from sites.admin.columns import badge, language
from sites.admin.scoping import acting
from sites.models import Site
from sites.scopes import scope_of
from tenants.models import Company

TITLE: Final = gettext_lazy("To remind")


@dataclass(frozen=True, slots=True)
class Row:
    """A company at a site, with what its user may do about it: addresses, "" where nothing."""

    standing: Standing
    badge: str
    sendable: bool
    days_late: int
    paused: Decimal
    soon: bool
    behind: str
    preview: str
    pause: str
    pauses: str


@require_http_methods(["GET", "HEAD", "POST"])
def to_remind_page(request: HttpRequest) -> HttpResponse:
    """`?site=&level=`. POST sends the letters of its `key`s; `begin` gives a site its steps."""
    user = acting(request)
    scope = scope_of(user, Action.VIEW, "dunning")
    if not scope:
        raise PermissionDenied
    sites = {site.code: site for site in Site.objects.within(scope).order_by("opened_on", "code")}
    if request.method == "POST":
        if "begin" in request.POST:
            _begin(request, sites)
        else:
            _send(request)
        return redirect(request.get_full_path())
    asked, level = request.GET.get("site", ""), request.GET.get("level", "")
    if asked and asked not in sites:
        raise Http404
    site_ids = [sites[asked].pk] if asked else None
    found = standings(user, on=today(), site_ids=site_ids)
    counted = Counter(one.verdict.level for one in found)
    if level in {str(each.value) for each in DunningLevel}:
        found = [one for one in found if one.verdict.level == int(level)]
    issuing = scope_of(user, Action.ISSUE, "dunning")
    changing = scope_of(user, Action.CHANGE, "dunning")
    rows = [_row(one, issuing.covers(one.site.pk), changing.covers(one.site.pk)) for one in found]
    return TemplateResponse(
        request,
        "billing/staff/to_remind.html",
        {
            **admin.site.each_context(request),
            "title": TITLE,
            "rows": rows,
            "sendable": any(row.sendable for row in rows),
            "asked": asked,
            "level": level,
            "sites": [(code, site.name) for code, site in sites.items()],
            "levels": [
                (each.label, counted[each], urlencode({"site": asked, "level": str(each.value)}))
                for each in DunningLevel
                if counted[each]
            ],
            "without_steps": _without_steps(found, changing),
        },
    )


@require_safe
def preview_page(request: HttpRequest, site_id: int, company_id: int) -> HttpResponse:
    """The letter as it would be sent now."""
    user = acting(request)
    site = get_object_or_404(
        Site.objects.within(scope_of(user, Action.VIEW, "dunning")).select_related("lessor"),
        pk=site_id,
    )
    company = get_object_or_404(Company, pk=company_id)
    try:
        pdf = preview_reminder(site=site, company=company, acting_user=user)
    except DomainError as refusal:
        messages.warning(request, refusal.message)
        return redirect("admin:to_remind")
    return shown(pdf, f"{site.code}-{company.pk}.pdf")


def _send(request: HttpRequest) -> None:
    """The letters of the chosen rows, each on its own: what is refused is said."""
    user = acting(request)
    scope = scope_of(user, Action.ISSUE, "dunning")
    sent: list[DunningLetter] = []
    for key in request.POST.getlist("key"):
        site_id, _dash, company_id = key.partition("-")
        sites = Site.objects.within(scope).select_related("lessor")
        site = sites.filter(pk=whole_number(site_id)).first()
        company = Company.objects.filter(pk=whole_number(company_id)).first()
        if site is None or company is None:
            raise PermissionDenied
        try:
            sent.append(send_reminder(site=site, company=company, acting_user=user))
        except DomainError as refusal:
            messages.warning(request, refusal.message)
    if sent:
        text = ngettext("%(count)s reminder is sent.", "%(count)s reminders are sent.", len(sent))
        messages.success(request, text % {"count": len(sent)})
    posted = [
        letter.number
        for letter in sent
        if not letter.sent_to or letter.level == DunningLevel.NOTICE
    ]
    if posted:
        text = _("To print and post: %(numbers)s")
        messages.info(request, text % {"numbers": formats.listed(posted, language())})


def _begin(request: HttpRequest, sites: dict[str, Site]) -> None:
    site = sites.get(request.POST["begin"])
    if site is None:
        raise PermissionDenied
    try:
        begin_steps(site=site, acting_user=acting(request))
    except DomainError as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, _("Site %(site)s reminds in three steps.") % {"site": site.code})


def _without_steps(found: list[Standing], changing: Any) -> list[Site]:
    sites = {one.site.pk: one.site for one in found if one.verdict.why == NoReminder.NO_STEPS}
    return [site for pk, site in sites.items() if changing.covers(pk)]


def _row(one: Standing, may_send: bool, may_pause: bool) -> Row:
    verdict = one.verdict
    if verdict.level is not None:
        told = badge(str(DunningLevel(verdict.level).label), LOOKS[verdict.level])
    else:
        told = badge(str(verdict.why.label) if verdict.why is not None else "", None)
    due, paused = one.step is not None, one.total - verdict.total
    asked = {"company": one.company.pk, "site": one.site.code}
    preview = reverse("admin:reminder_preview", args=[one.site.pk, one.company.pk])
    pause = query(number=one.oldest, everything="on")
    pauses = query(company__id__exact=one.company.pk)
    return Row(
        standing=one,
        badge=told,
        sendable=due and may_send,
        days_late=one.owed[0].days_late(today()),
        paused=paused,
        soon=verdict.why == NoReminder.SOON,
        behind=f"{reverse('admin:ageing_invoices')}?{query(**asked, band=OVERDUE)}",
        preview=preview if due else "",
        pause=f"{reverse('admin:billing_dunningpause_add')}?{pause}"
        if may_pause and one.oldest
        else "",
        pauses=f"{reverse('admin:billing_dunningpause_changelist')}?{pauses}" if paused else "",
    )
