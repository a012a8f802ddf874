"""The list of leases, and the page of each: who, where, at what rent."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from core import formats
from core.periods import add_months, today
from leases.admin.acts import LeaseActs
from leases.admin.amending import Amending
from leases.admin.documents import DocumentActs
from leases.admin.drafting import DraftForm, asked_for
from leases.admin.handover_acts import HandoverActs
from leases.admin.lease_page import LeasePages
from leases.choices import LeaseState
from leases.models import (
    Amendment,
    Charge,
    DepositSettlement,
    HandoverReport,
    Lease,
    Letting,
    Notice,
)
from leases.selectors.standing import is_holding_over, lettings_on, rent_on
from leases.selectors.terms import priced
from leases.services.drafts import draft_lease
from leases.snapshot import agreed_area
from sites.admin.base import ScopedAdmin
from sites.admin.columns import badge, language, period
from sites.admin.scoping import acting
from sites.models import Space
from sites.scopes import scope_of

BADGES: Final[Mapping[str, str]] = {
    LeaseState.DRAFT: "info",
    LeaseState.SIGNED: "warning",
    LeaseState.ACTIVE: "success",
    "holding_over": "danger",
}


class StandingFilter(admin.SimpleListFilter):
    """What follows from the dates: holding over, ending soon."""

    title = _("by its dates")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Any]:
        return [
            ("holding_over", _("holding over")),
            ("next_waits", _("holding over in rooms promised to others")),
            ("3", _("ends within 3 months")),
            ("6", _("ends within 6 months")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "holding_over":
            return queryset.holding_over(today())
        if self.value() == "next_waits":
            return queryset.keeping_the_next_out(today())
        if self.value() in {"3", "6"}:
            last = add_months(today(), int(self.value() or 0))
            return queryset.filter(
                state=LeaseState.ACTIVE, period__endswith__gt=today(), period__endswith__lte=last
            )
        return queryset


@admin.register(Lease)
class LeaseAdmin(LeasePages, Amending, DocumentActs, HandoverActs, LeaseActs, ScopedAdmin):
    """Added as a draft; every later change is an act."""

    offered = frozenset({Action.VIEW, Action.ADD, Action.EXPORT})
    form = DraftForm
    related = ("site", "company", "application", "follows", "followed_by")
    list_display = (
        "number",
        "company",
        "site",
        "rooms",
        "area",
        "rent",
        "standing",
        period(title=_("term")),
    )
    list_filter = ("state", StandingFilter, "site", "tenant_kind")
    search_fields = ("number", "company__name_key")
    search_help_text = _("Number or company")
    found_by_name = True
    autocomplete_fields = ("company",)
    history_with = (
        (Letting, "lease_id"),
        (Charge, "lease_id"),
        (Amendment, "lease_id"),
        (Notice, "lease_id"),
        (HandoverReport, "lease_id"),
    )
    exported = ("number", "site__code", "company__name", "tenant_kind", "state", "period",
                "deposit_due", "signed_on", "handed_over_on", "exit_on", "end_reason")  # fmt: skip
    actions_detail = (
        *LeaseActs.ACTS[:2],
        "amend",
        "change_draft",
        *LeaseActs.ACTS[2:-2],
        {
            "title": _("Handover reports"),
            "icon": "inventory",
            "items": HandoverActs.HANDOVER_ACTS,
        },
        {"title": _("Documents"), "icon": "description", "items": DocumentActs.DOCUMENT_ACTS},
        *LeaseActs.ACTS[-2:],
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": (
                    ("site", "company"),
                    ("tenant_kind", "period"),
                    ("notice_months", "tacit_months"),
                    "spaces",
                ),
                "description": _("The free spaces are shown once site, kind and term are given."),
            },
        ),
    )

    def allows(self, request: HttpRequest, action: Action, obj: Any = None) -> bool:
        """A lease that was read says itself where it is: no query for each kind of act on it."""
        if isinstance(obj, Lease) and obj.pk is not None:
            return scope_of(request.user, action, self.resource).covers(obj.site_id)
        return super().allows(request, action, obj)

    def history_tracks(self, request: HttpRequest, obj: Any) -> Any:
        tracks = super().history_tracks(request, obj)
        if not scope_of(request.user, Action.VIEW, "deposit").covers(obj.site_id):
            return tracks
        return (*tracks, (DepositSettlement, "lease_id"))

    def listed(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.prefetch_related("lettings__space", "lettings__steps", "lettings__discounts")

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        if "spaces" in form.base_fields:
            spaces: Any = self.choices_of(request, Space)
            form.base_fields["spaces"].queryset = spaces.select_related("building", "floor")
        return form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return asked_for(super().get_changeform_initial_data(request))

    def save_model(self, request: HttpRequest, obj: Lease, form: Any, change: bool) -> None:
        given = form.cleaned_data
        made = draft_lease(
            site=given["site"],
            company=given["company"],
            tenant_kind=given["tenant_kind"],
            period=given["period"],
            spaces=list(given["spaces"]),
            tacit_months=given["tacit_months"],
            notice_months=given["notice_months"],
            acting_user=acting(request),
        )
        obj.pk, obj.number = made.pk, made.number
        obj._state.adding = False

    def response_add(
        self, request: HttpRequest, obj: Lease, post_url_continue: str | None = None
    ) -> HttpResponse:
        """On to its own page: looking at its rent and signing it come next."""
        if "_save" not in request.POST:
            usual: HttpResponse = super().response_add(request, obj, post_url_continue)
            return usual
        messages.success(request, gettext("Lease %(number)s is drafted.") % {"number": obj.number})
        return redirect("admin:leases_lease_change", obj.pk)

    class Media:
        css: ClassVar[dict[str, tuple[str, ...]]] = {"all": ("file.css", "lease.css")}

    # --- Columns --------------------------------------------------------------------------------
    @admin.display(description=_("state"), ordering="state")
    def standing(self, lease: Lease) -> str:
        if is_holding_over(lease, today()):
            return badge(gettext("holding over"), BADGES["holding_over"])
        return badge(lease.get_state_display(), BADGES.get(lease.state))

    @admin.display(description=_("spaces"))
    def rooms(self, lease: Lease) -> str:
        codes = (each.space.code for each in lettings_on(lease, _shown_day(lease)) if each.space)
        return ", ".join(dict.fromkeys(codes)) or "—"

    @admin.display(description=_("area"))
    def area(self, lease: Lease) -> str | None:
        there = lettings_on(lease, _shown_day(lease))
        area = agreed_area([priced(letting) for letting in there])
        return formats.area(area, language()) if area else None

    @admin.display(description=_("rent a month"))
    def rent(self, lease: Lease) -> str:
        return formats.money(rent_on(lease, _shown_day(lease)), language())


def _shown_day(lease: Lease) -> dt.date:
    """Today, or the first day of a term to come, or the last one of a tenant who has left."""
    start: dt.date = lease.period.start
    return max(min(today(), lease.exit_on or today()), start)
