"""The side bar: what staff work on, grouped by their work, cut down to what each may see."""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.rights import Action
from applications.models import Member
from sites.scopes import scope_of
from technopark.importers import RESOURCES


@dataclass(frozen=True, slots=True)
class Entry:
    """A link to a model's list."""

    model: str
    icon: str


@dataclass(frozen=True, slots=True)
class Page:
    """A link to a page of no model, for those who may view what it is about."""

    title: str | Promise
    icon: str
    route: str
    resource: str


@dataclass(frozen=True, slots=True)
class Group:
    title: str | Promise
    entries: tuple[Entry | Page, ...]
    folded: bool = False


GROUPS: Final = (
    Group(
        _("Applications"),
        (
            Entry("applications.Application", "inbox"),
            Entry("applications.Offer", "handshake"),
            Entry("applications.Letter", "drafts"),
            Entry("applications.Place", "hourglass_top"),
            Entry("applications.Session", "groups"),
            Entry("applications.Task", "task_alt"),
            Entry("applications.Transfer", "move_location"),
        ),
    ),
    Group(
        _("Floor space"),
        (
            Page(_("Stacking plan"), "stacked_bar_chart", "stacking_plan", "space"),
            Page(_("Timeline"), "view_timeline", "timeline", "space"),
            Entry("sites.Space", "meeting_room"),
            Entry("sites.Booking", "event_busy"),
            Entry("sites.RatePlan", "sell"),
        ),
    ),
    Group(
        _("Companies"),
        (Entry("tenants.Company", "apartment"), Entry("tenants.FollowUp", "school")),
    ),
    Group(
        _("Leases"),
        (
            Page(pgettext_lazy("leases", "Agenda"), "event", "agenda", "lease"),
            Entry("leases.Lease", "contract"),
            Entry("leases.Amendment", "edit_document"),
            Entry("leases.Letting", "key"),
            Entry("leases.HandoverReport", "inventory"),
            Entry("leases.DepositSettlement", "receipt_long"),
        ),
    ),
    Group(
        _("Billing"),
        (
            Entry("billing.RentRun", "event_repeat"),
            Entry("billing.Invoice", "receipt_long"),
            Entry("billing.Payment", "payments"),
            Entry("billing.BankStatement", "account_balance"),
            Entry("billing.BankLine", "swap_horiz"),
            Entry("billing.Account", "account_balance_wallet"),
        ),
    ),
    Group(
        pgettext_lazy("staff", "Arrears"),
        (
            Page(_("Arrears ageing"), "hourglass_bottom", "ageing", "payment"),
            Page(_("To remind"), "notification_important", "to_remind", "dunning"),
            Entry("billing.DunningLetter", "outgoing_mail"),
            Entry("billing.DunningPause", "pause_circle"),
            Entry("billing.Penalty", "percent"),
            Entry("billing.Doubtful", "help"),
            Entry("billing.WriteOff", "money_off"),
        ),
    ),
    Group(
        pgettext_lazy("staff", "Books"),
        (
            Page(_("Closing"), "lock_clock", "books_closing", "books"),
            Page(pgettext_lazy("page", "VAT return"), "account_balance", "books_vat", "books"),
            Page(_("Journals"), "menu_book", "books_journals", "books"),
            Page(_("Revenue"), "trending_up", "revenue", "invoice"),
        ),
    ),
    Group(
        _("Indicators"),
        (
            Page(_("Explorer"), "query_stats", "explorer", "indicator"),
            Page(_("Definitions"), "function", "definitions", "indicator"),
            Page(_("Monthly reports"), "summarize", "reports", "indicator"),
            Entry("indicators.Target", "flag"),
            Entry("indicators.Snapshot", "monitoring"),
            Entry("indicators.SnapshotAlarm", "notification_important"),
        ),
    ),
    Group(
        _("Settings"),
        (
            Entry("core.Message", "mail"),
            Entry("applications.StageTarget", "timer"),
            Entry("applications.Call", "campaign"),
            Entry("applications.CallVersion", "fact_check"),
            Entry("applications.LetterTemplate", "stylus_note"),
            Entry("leases.ClauseTemplate", "history_edu"),
            Entry("leases.ChecklistLine", "checklist_rtl"),
            Entry("applications.RetentionRule", "auto_delete"),
            Entry("applications.TaskTemplate", "checklist"),
            Entry("indicators.FigureSettings", "tune"),
            Entry("sites.Site", "location_on"),
            Entry("sites.Building", "domain"),
            Entry("sites.Floor", "layers"),
            Entry("sites.Lessor", "gavel"),
            Entry("billing.SiteBilling", "payments"),
            Entry("billing.DunningStep", "stairs"),
            Entry("billing.PenaltyClause", "gavel"),
            Entry("billing.Holiday", "celebration"),
            Entry("billing.CsvMapping", "view_column"),
            Entry("billing.LedgerAccount", "account_tree"),
            Entry("billing.VatRegime", "percent"),
            Entry("billing.WithholdingRule", "percent"),
            Entry("tenants.Sector", "category"),
            Entry("tenants.Technology", "memory"),
            Entry("accounts.User", "group"),
            Entry("sites.Membership", "badge"),
            Entry("sites.ClientToken", "vpn_key"),
            Entry("sites.WebhookEndpoint", "webhook"),
            Entry("sites.WebhookDelivery", "outbound"),
            Entry("django_celery_beat.PeriodicTask", "schedule"),
            Entry("django_celery_beat.IntervalSchedule", "timelapse"),
            Entry("django_celery_beat.CrontabSchedule", "event_repeat"),
            Entry("core.Counter", "tag"),
            Entry("core.Erasure", "ink_eraser"),
        ),
        folded=True,
    ),
)


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The groups of the side bar, drawn, without what the user may not see."""
    home = {"title": _("Overview"), "icon": "dashboard", "link": reverse("admin:index")}
    first = [home, *_board(request), *_reviews(request), *_import(request)]
    groups: list[dict[str, Any]] = [{"title": None, "items": first, "folded": False}]
    for group in GROUPS:
        items = [item for entry in group.entries if (item := _item(request, entry))]
        if items:
            groups.append({"title": group.title, "items": items, "folded": group.folded})
    _mark(request.path, [item for group in groups for item in group["items"]])
    for shown in groups:
        shown["drawn"] = _drawn(
            str(shown["title"] or ""),
            tuple((str(item["title"]), item["icon"], item["link"]) for item in shown["items"]),
            shown["folded"],
            next((item["link"] for item in shown["items"] if item["active"]), ""),
        )
    return groups


@lru_cache(maxsize=1024)
def _drawn(
    title: str, items: tuple[tuple[str, str, str], ...], folded: bool, here: str
) -> SafeString:
    """Seventy links are a fifth of a page's time: a group is drawn once for the same entries."""
    return render_to_string(
        "staff/side_bar_group.html",
        {"title": title, "items": items, "folded": folded, "here": here},
    )


def _mark(path: str, items: list[dict[str, Any]]) -> None:
    """The entry that the page shown belongs to: of those above it the one nearest to it."""
    home, *others = items
    above = [item for item in others if path.startswith(item["link"])]
    here = max(above, key=lambda item: len(item["link"]), default=home)
    for item in items:
        item["active"] = item is here and (item is not home or path == home["link"])


def _board(request: HttpRequest) -> list[dict[str, Any]]:
    """The applications by state: a page beside their list."""
    if not scope_of(request.user, Action.VIEW, "application"):
        return []
    link = reverse("admin:applications_board")
    return [{"title": _("Board"), "icon": "view_kanban", "link": link}]


def _reviews(request: HttpRequest) -> list[dict[str, Any]]:
    """A reviewer's and a committee member's own pages, which are of no model."""
    reviews = {"title": _("My reviews"), "icon": "rate_review", "link": reverse("admin:my_reviews")}
    sessions = {
        "title": _("My sessions"),
        "icon": "how_to_vote",
        "link": reverse("admin:my_sessions"),
    }
    if scope_of(request.user, Action.REVIEW, "review"):
        return [reviews, sessions]
    # Whoever sits in a committee needs no other right than the seat.
    return [sessions] if Member.objects.filter(user=request.user.pk).exists() else []


def _import(request: HttpRequest) -> list[dict[str, Any]]:
    """The page of the first kind of rows that the user may import; it leads to the others."""
    for what, resource in RESOURCES.items():
        if scope_of(request.user, Action.IMPORT, resource):
            link = reverse("admin:import_data", args=[what])
            return [{"title": _("Import"), "icon": "upload_file", "link": link}]
    return []


def _item(request: HttpRequest, entry: Entry | Page) -> dict[str, Any] | None:
    if isinstance(entry, Page):
        if not scope_of(request.user, Action.VIEW, entry.resource):
            return None
        return {"title": entry.title, "icon": entry.icon, "link": _address(entry.route)}
    model = apps.get_model(entry.model)
    pages = admin.site._registry.get(model)
    if pages is None or not pages.has_view_permission(request):
        return None
    opts = model._meta
    return {
        "title": capfirst(str(opts.verbose_name_plural)),
        "icon": entry.icon,
        "link": _address(f"{opts.app_label}_{opts.model_name}_changelist"),
    }


@cache
def _address(route: str) -> str:
    """The same for everybody; asked for seventy times on each page."""
    return reverse(f"admin:{route}")
