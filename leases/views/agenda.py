"""The agenda on a page: what comes at the user's sites, month by month; and as a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import tablib
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.rights import Action
from core import formats
from core.periods import today
from leases.choices import AgendaKind
from leases.letters import by_month, in_words
from leases.selectors.agenda import Item, agenda
from sites.admin.columns import language
from sites.admin.export import cell
from sites.models import Site
from sites.scopes import scope_of

AHEAD: Final = (3, 6, 12)
"""Months."""
_FILES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_COLUMNS: Final = ("day", "kind", "site", "lease", "company", "spaces", "facts", "late")


@dataclass(frozen=True, slots=True)
class Asked:
    """`site` and `kind` are "" for all."""

    months: int
    site: str
    kind: str

    def query(self, **more: str) -> str:
        asked = {"months": str(self.months), "site": self.site, "kind": self.kind, **more}
        return urlencode({name: what for name, what in asked.items() if what})


@dataclass(frozen=True, slots=True)
class Line:
    """An entry in the words of the page."""

    day: str
    kind: str
    site: str
    lease: str
    company: str
    spaces: str
    facts: str
    late: bool
    address: str
    acts: list[tuple[str, Any]]
    """Address and title of the ways out."""


def agenda_page(request: HttpRequest) -> HttpResponse:
    """`?months=3|6|12&site=&kind=`; `format=csv` or `xlsx`: as a file."""
    user = request.user
    scope = scope_of(user, Action.VIEW, "lease")
    if not scope:
        raise PermissionDenied
    sites = {site.code: site for site in Site.objects.within(scope).order_by("opened_on", "code")}
    asked = _asked(request, sites)
    site_ids = [sites[asked.site].pk] if asked.site else None
    kinds = [asked.kind] if asked.kind else []
    found = agenda(user, months=asked.months, site_ids=site_ids, kinds=kinds)
    wanted = request.GET.get("format", "")
    if wanted in _FILES:
        return _file(request, found, wanted)
    lines = _Lines(user)
    return TemplateResponse(
        request,
        "leases/staff/agenda.html",
        {
            **admin.site.each_context(request),
            "title": pgettext_lazy("leases", "Agenda"),
            "asked": asked,
            "sites": [(code, site.name) for code, site in sites.items()],
            "ahead": AHEAD,
            "kinds": AgendaKind.choices,
            "months": [
                (title, [lines.line(item) for item in items])
                for title, items in by_month(found, language())
            ],
            "files": [
                (name.upper(), f"?{asked.query(format=name)}")
                for name in _FILES
                if scope_of(user, Action.EXPORT, "lease")
            ],
        },
    )


def _asked(request: HttpRequest, sites: dict[str, Site]) -> Asked:
    """Raises Http404 for a site that the user may not look at."""
    months = request.GET.get("months", "")
    site, kind = request.GET.get("site", ""), request.GET.get("kind", "")
    if site and site not in sites:
        raise Http404
    return Asked(
        months=int(months) if months in {str(each) for each in AHEAD} else AHEAD[0],
        site=site,
        kind=kind if kind in AgendaKind.values else "",
    )


class _Lines:
    """Makes lines. What all have in common is worked out once: a year holds hundreds."""

    def __init__(self, user: Any) -> None:
        self.language = language()
        self.lease = _address("change")
        deposits = scope_of(user, Action.CHANGE, "deposit")
        enter = (deposits, _address("enter_deposit"), _("Enter deposit"))
        self.out = {
            AgendaKind.HOLDING_OVER: (
                (
                    scope_of(user, Action.CHANGE, "lease"),
                    f"{_address('amend')}?what=renew",
                    _("Renew"),
                ),
                (scope_of(user, Action.HAND_OVER, "lease"), _address("end"), _("End")),
            ),
            AgendaKind.NO_KEYS: (
                (
                    scope_of(user, Action.HAND_OVER, "lease"),
                    _address("hand_over"),
                    _("Hand over"),
                ),
            ),
            AgendaKind.DEPOSIT_MISSING: (enter,),
            AgendaKind.DEPOSIT_TO_SETTLE: (
                (deposits, _address("settle_deposit"), _("Settle the deposit")),
            ),
            AgendaKind.DEPOSIT_TO_RETURN: (enter,),
        }

    def line(self, item: Item) -> Line:
        lease, entry = item.lease, item.entry
        ways = self.out.get(entry.kind, ())
        return Line(
            day=formats.day(entry.day, self.language),
            kind=str(entry.kind.label),
            site=lease.site.code,
            lease=lease.number,
            company=lease.company.name,
            spaces=formats.listed(entry.spaces, self.language),
            facts=in_words(item, self.language),
            late=item.late,
            address=self.lease % lease.pk,
            acts=[
                (page % lease.pk, title)
                for scope, page, title in ways
                if scope.covers(lease.site_id)
            ],
        )


def _file(request: HttpRequest, found: Sequence[Item], name: str) -> HttpResponse:
    """Every entry that the user may take away: days as days, the code of the kind."""
    scope = scope_of(request.user, Action.EXPORT, "lease")
    if not scope:
        raise PermissionDenied
    lines = _Lines(request.user)
    rows = tablib.Dataset(headers=_COLUMNS)
    for item in found:
        if scope.covers(item.lease.site_id):
            line = lines.line(item)
            told = [cell(line, column) for column in _COLUMNS[2:]]
            rows.append([item.entry.day, item.entry.kind.value, *told])
    content = rows.export(name)
    if name == "csv":
        content = content.encode("utf-8-sig")  # Excel reads UTF-8 only with a mark
    response = HttpResponse(content, content_type=_FILES[name])
    file_name = f"agenda-{today().isoformat()}.{name}"
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


def _address(page: str) -> str:
    """Of a page of a lease; `%s` stands for its key."""
    return reverse(f"admin:leases_lease_{page}", args=[0]).replace("/0/", "/%s/")
