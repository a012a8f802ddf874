"""The page of one lease: how it stands on any day, what it brings, and the acts."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from core import formats
from core.periods import Period, add_months, today
from leases import explaining
from leases.admin.documents import documents_context
from leases.admin.own_page import OwnPages
from leases.choices import (
    BillingTerm,
    ChargeKind,
    ChargeUnit,
    DiscountUnit,
    HandoverWay,
    LeaseState,
    ReportState,
)
from leases.labels import NEXT_ACTS
from leases.models import DepositEntry, Lease, LeaseVersion
from leases.next_act import Next
from leases.selectors.as_of import AsOf
from leases.selectors.lease_page import LeasePage, Row
from leases.signals import lease_shown
from leases.terms import ChargeTerms, DiscountTerms
from sites.admin.columns import badge, language
from sites.choices import RateUnit, TenantKind

BADGES: Final = {
    LeaseState.DRAFT: "info",
    LeaseState.SIGNED: "warning",
    LeaseState.ACTIVE: "success",
}
DAYS_KNOWN: Final = Period(dt.date(1950, 1, 1), dt.date(2150, 1, 1))
"""That anybody may ask about."""
_AMENDS: Final = {Next.RENEW: "renew"}
_THEN: Final = {Next.WRITE_REPORT_IN: "hand-over", Next.WRITE_REPORT_OUT: "end"}
"""What a report comes before, and may be left out for."""
_PATHS: Final = {
    Next.RENEW: "end",
    Next.ENTER_DEPOSIT: "deposit",
    Next.RETURN_DEPOSIT: "deposit",
}
"""Of acts whose page bears another name."""
_TYPED_MONTHS: Final = ("%Y-%m", "%m/%Y")


@dataclass(frozen=True, slots=True)
class Leading:
    """A next act: a link to its page or to a part of this one, or only words."""

    title: str | Promise
    address: str = ""


class LeasePages(OwnPages):
    """Shows a lease; everything on it is changed by an act of its own page.

    The page moves as a whole: `?on=` the day that is looked at, `?known_on=` by what was known on
    that one, or `?version=` once that version was written; `?month=` the statement's.
    """

    page_template = "leases/admin/lease.html"

    def told(self, request: HttpRequest, row: Lease) -> dict[str, Any]:
        entries = DepositEntry.objects.select_related("acting_user").order_by("on", "id")
        prefetch_related_objects([row], "notices", Prefetch("deposit_entries", entries))
        as_of, problem = _as_of(request, row)
        month, unread = _month(request)
        page = LeasePage(row, request.user, as_of=as_of, month=month)
        acts = [] if as_of.past else self.acts(request, row)
        return {
            "title": str(row.company),
            "subtitle": row.number,
            "lease": row,
            "page": page,
            "problem": problem or unread,
            "badges": _badges(page),
            **(_told(page, acts) if page.terms is not None else {}),
            **documents_context(row, request.user, before=as_of.known_before),
            "panels": self._panels(request, page),
            "menu": _menu(acts),
            "today": today(),
            "kept": _kept(as_of),
        }

    def _panels(self, request: HttpRequest, page: LeasePage) -> list[dict[str, Any]]:
        """What other parts of the house show on the lease, in the column of the facts."""
        told = lease_shown.send(sender=Lease, lease=page.lease, user=request.user, as_of=page.as_of)
        return [
            {"template": panel[0], "context": panel[1]}
            for _receiver, panel in told
            if panel is not None
        ]


# --- What is asked ------------------------------------------------------------------------------
def _as_of(request: HttpRequest, lease: Lease) -> tuple[AsOf, str]:
    """What is looked at, and what was wrong with the question."""
    on, problem = _day(request, "on")
    known_on, other = _day(request, "known_on")
    number = request.GET.get("version", "")
    version = None
    if number.isdecimal() and len(number) < 5:
        rows = LeaseVersion.objects.filter(lease=lease, version=int(number))
        version = rows.first()
    if known_on is not None and known_on >= today():
        known_on = None  # all that is known
    return AsOf(on or today(), known_on, version), problem or other


def _day(request: HttpRequest, name: str) -> tuple[dt.date | None, str]:
    asked = request.GET.get(name, "")
    if not asked:
        return None, ""
    try:
        day = dt.date.fromisoformat(asked)
    except ValueError:
        return None, _("« %(day)s » is not a day: today is shown.") % {"day": asked}
    if day not in DAYS_KNOWN:
        return None, _("That day is too far away: today is shown.")
    return day, ""


def _month(request: HttpRequest) -> tuple[dt.date | None, str]:
    """Its first day, and what was wrong with the question. Not every browser has a field for
    months: in some it is typed."""
    asked = request.GET.get("month", "").strip()
    if not asked:
        return None, ""
    for form in _TYPED_MONTHS:
        try:
            day = dt.datetime.strptime(asked, form).date()
        except ValueError:
            continue
        return (day, "") if day in DAYS_KNOWN else (None, _("That month is too far away."))
    wrong = _("« %(month)s » is not a month: write it as 2026-11 or 11/2026.")
    return None, wrong % {"month": asked}


def _kept(as_of: AsOf) -> dict[str, str]:
    """What a link or a form of the page takes along."""
    kept = {}
    if as_of.on != today():
        kept["on"] = as_of.on.isoformat()
    if as_of.version is not None:
        kept["version"] = str(as_of.version.version)
    elif as_of.known_on is not None:
        kept["known_on"] = as_of.known_on.isoformat()
    return kept


# --- What is told -------------------------------------------------------------------------------
def _badges(page: LeasePage) -> list[str]:
    stood = page.stood
    if stood.holding_over:
        return [badge(_("holding over"), "danger")]
    shown: list[str] = [badge(str(stood.state.label), BADGES.get(stood.state))]
    if page.notice is not None and stood.state in {LeaseState.SIGNED, LeaseState.ACTIVE}:
        shown.append(badge(_("in notice"), "warning"))
    return shown


def _told(page: LeasePage, acts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    month = page.month
    return {
        "leading": _leading(page, acts),
        "lettings": [_letting(row) for row in page.rows],
        "charges": [
            {
                "charge": each,
                "kind": ChargeKind(each.kind).label,
                "space": space,
                "price": _price(each),
                "over": each.period.is_past(page.day),
            }
            for each, space in page.charges
        ],
        "lines": [
            {
                "what": explaining.what(line),
                "line": line,
                "formula": explaining.formula(line, language()),
                "tax": explaining.taxed(line.vat_rate, line.vat, language(), line.vat_ground),
            }
            for line in page.statement.lines
        ],
        "rates": [
            (net, explaining.taxed(rate, vat, language()))
            for rate, (net, vat) in page.statement.by_vat_rate.items()
        ],
        "month_named": formats.month(month, language()),
        "months": [
            urlencode({**_kept(page.as_of), "month": f"{add_months(month, by):%Y-%m}"})
            for by in (-1, 1)
        ],
    }


def _letting(row: Row) -> dict[str, Any]:
    letting = row.letting
    unit = RateUnit(letting.unit).label
    return {
        "row": row,
        "kind": TenantKind(letting.tenant_kind).label if letting.tenant_kind else "",
        "bars": [
            {
                "bar": bar,
                "rate": f"{_rate(bar.step.rate)} {unit}",
                "days": formats.days(bar.step.period.start, bar.step.period.last_day, language()),
            }
            for bar in row.bars
        ],
        "list_rate": f"{_rate(letting.list_rate)} {RateUnit.PER_M2.label}"
        if letting.list_rate is not None
        else "",
        "discounts": [(each, _less(each)) for each in letting.discounts],
    }


def _rate(rate: Any) -> str:
    """« 50 MAD », from left to right in Arabic too."""
    whole = rate == rate.to_integral_value()
    text = formats.number(rate, language(), decimals=0 if whole else 2)
    return formats.in_dirhams(text, language())


def _less(each: DiscountTerms) -> str:
    if each.unit == DiscountUnit.PERCENT:
        whole = each.value == each.value.to_integral_value()
        return f"-{formats.percent(each.value / 100, language(), decimals=0 if whole else 2)}"
    return f"-{_rate(each.value)} {DiscountUnit(each.unit).label}"


def _price(charge: ChargeTerms) -> str:
    return " · ".join(
        (
            f"{_rate(charge.rate)} {ChargeUnit(charge.unit).label}",
            *([] if charge.unit == ChargeUnit.ONCE else [_rhythm(charge)]),
        )
    )


def _rhythm(charge: ChargeTerms) -> str:
    billed = str(BillingTerm(charge.rhythm.months).label)
    return f"{billed}, {_('in advance') if charge.rhythm.in_advance else _('in arrears')}"


def _leading(page: LeasePage, acts: Sequence[dict[str, Any]]) -> list[Leading]:
    """The next act first; of a tenant who holds over, both ways out."""
    offered = {
        one["path"].rstrip("/").rsplit("/", 1)[-1]: one
        for act in acts
        for one in act.get("items", [act])
    }
    coming = page.next
    words = NEXT_ACTS.get(coming, "")
    found = []
    if coming in _AMENDS and "amend" in offered:
        found.append(Leading(words, f"{offered['amend']['path']}?what={_AMENDS[coming]}"))
    if coming == Next.LOOK_AT_DRAFT:
        address = reverse("admin:leases_amendment_change", args=[page.drafts[0].pk])
        return [Leading(words, address)]
    draft = next((each for each in page.settlements if each.is_draft), None)
    if coming == Next.SETTLE_DEPOSIT and draft is not None:
        address = reverse("admin:leases_depositsettlement_change", args=[draft.pk])
        return [Leading(_("Settle the deposit"), address)]
    begun = _draft_report(page, coming)
    if begun is not None:
        found.append(Leading(words, begun))
        offered.pop(coming.value.replace("_", "-"), None)
    path = _PATHS.get(coming, coming.value.replace("_", "-"))
    if path in offered:
        title = offered[path]["title"] if coming == Next.RENEW or not words else words
        found.append(Leading(title, offered[path]["path"]))
    then = offered.get(_THEN.get(coming, ""))
    if then is not None:
        found.append(Leading(then["title"], then["path"]))
    return found or ([Leading(words)] if words else [])


def _draft_report(page: LeasePage, coming: Next) -> str | None:
    """The address of the handover report that is being written, where that comes next."""
    ways = {Next.WRITE_REPORT_IN: HandoverWay.IN, Next.WRITE_REPORT_OUT: HandoverWay.OUT}
    for report in page.reports if coming in ways else ():
        if (report.way, report.state) == (ways[coming], ReportState.DRAFT):
            return reverse("admin:leases_handoverreport_change", args=[report.pk])
    return None


def _menu(acts: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The groups of the menu: what is done most, then the named ones."""
    plain = [act for act in acts if "items" not in act]
    groups = [{"title": "", "items": plain}] if plain else []
    return [*groups, *(act for act in acts if "items" in act)]
