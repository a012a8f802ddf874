"""The file of an application: what was asked, what happened, and what staff may do next."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from applications.admin.answering import ApplicantActs
from applications.admin.deciding import DecisionActs
from applications.admin.offering import OfferActs
from applications.admin.offers import open_until, steps_in_words
from applications.admin.screening import ScreeningActs
from applications.labels import ApplicationState
from applications.letters import reasons_in_words
from applications.models import (
    Application,
    ApplicationSector,
    Decision,
    Ineligibility,
    InformationRequest,
    Offer,
    Transition,
)
from core import formats
from core.models import Message
from sites.admin.base import ReadOnlyAdmin, ScopedTabular
from sites.admin.columns import badge, language, state
from sites.admin.scoping import READ_ONLY
from tenants.models import Company
from tenants.names import name_key

BADGES: Final[Mapping[str, str]] = {
    ApplicationState.SUBMITTED: "info",
    ApplicationState.SCREENING: "info",
    ApplicationState.REVIEW: "info",
    ApplicationState.COMMITTEE_READY: "primary",
    ApplicationState.DECIDED: "primary",
    ApplicationState.INFO_REQUESTED: "warning",
    ApplicationState.OFFERED: "warning",
    ApplicationState.WAITLISTED: "warning",
    ApplicationState.DEFERRED: "warning",
    ApplicationState.ACCEPTED: "success",
    ApplicationState.ONBOARDING: "success",
    ApplicationState.TENANT: "success",
    ApplicationState.INELIGIBLE: "danger",
    ApplicationState.DECLINED: "danger",
}


class Trail(ScopedTabular):
    model = Transition
    offered = READ_ONLY
    fields = ("at", "step", "source", "target", "acting_user", "reason")
    related = ("acting_user",)
    ordering = ("id",)


class Decisions(ScopedTabular):
    model = Decision
    offered = READ_ONLY
    related = ("decided_by", "published_by")
    fields = ("decided_at", "outcome", "why", "until", "decided_by", "published_at", "note")
    readonly_fields = ("why",)
    ordering = ("-id",)

    @admin.display(description=_("reasons, conditions"))
    def why(self, decision: Decision) -> str:
        return decision.conditions or ", ".join(str(word) for word in reasons_in_words(decision))


class Requests(ScopedTabular):
    model = InformationRequest
    offered = READ_ONLY
    related = ("asked_by",)
    fields = ("asked_at", "asked_by", "message", "due_on", "state", "settled_at", "reminders")
    ordering = ("-id",)


class Offers(ScopedTabular):
    model = Offer
    offered = READ_ONLY
    related = ("space",)
    fields = ("created_at", "space", "area_m2", "period", "terms", "state", "open_until")
    readonly_fields = ("created_at", "terms", "open_until")
    open_until = open_until
    ordering = ("-id",)

    @admin.display(description=_("rent steps"))
    def terms(self, offer: Offer) -> Any:
        return steps_in_words(offer)


class LateFilter(admin.SimpleListFilter):
    title = _("target time")
    parameter_name = "late"

    def lookups(self, _request: HttpRequest, _pages: Any) -> list[tuple[str, Any]]:
        return [("yes", _("late"))]

    def queryset(self, _request: HttpRequest, rows: Any) -> Any:
        return rows.late() if self.value() == "yes" else rows


@admin.register(Application)
class ApplicationAdmin(ScreeningActs, DecisionActs, OfferActs, ApplicantActs, ReadOnlyAdmin):
    """Read here; changed by the acts of the workflow alone."""

    related = ("site", "company", "applicant", "original")
    list_display = (
        "reference",
        "name",
        "site",
        "standing",
        "applicant_kind",
        "wanted_m2",
        "wanted_start",
        "received",
        "waiting",
        "due",
    )
    list_filter = ("state", LateFilter, "site", "applicant_kind", "sectors")
    search_fields = ("reference", "name_key", "contact_email", "ice")
    search_help_text = _("Reference, name, e-mail or ICE")
    found_by_name = True
    inlines = (Decisions, Offers, Requests, Trail)
    history_with = (
        (Decision, "application_id"),
        (Offer, "application_id"),
        (InformationRequest, "application_id"),
        (Ineligibility, "application_id"),
        (ApplicationSector, "application_id"),
    )
    exported = ("reference", "site__code", "state", "applicant_kind", "name", "legal_form", "ice",
                "wanted_m2", "wanted_start", "team_size", "submitted_at",
                "due_at")  # fmt: skip
    actions = ("publish_selected",)
    actions_detail = (
        "start_screening",
        "confirm_ineligible",
        "reject_ineligible",
        "send_to_review",
        "prepare_for_committee",
        "decide",
        "publish",
        "offer",
        "start_onboarding",
        "resume",
        "close_request",
        "request_information",
        {
            "title": _("More"),
            "icon": "more_horiz",
            "items": [
                "find_ineligible",
                "mark_duplicate",
                "mark_spam",
                "return_to_review",
                "revoke_decision",
                "withdraw_offer",
                "reopen",
            ],
        },
        {
            "title": _("For the applicant"),
            "icon": "call",
            "items": ["accept", "decline_offer", "withdraw"],
        },
    )
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("reference", "standing", "site"),
                    ("name", "company"),
                    ("applicant_kind", "legal_form", "ice"),
                    ("wanted_m2", "wanted_start", "team_size"),
                    "project",
                    "team",
                    ("sectors", "website"),
                )
            },
        ),
        (
            _("contact"),
            {
                "fields": (
                    ("contact_name", "contact_phone"),
                    ("contact_email", "language"),
                    "consent_at",
                )
            },
        ),
        (
            _("Around the file"),
            {"fields": (("received", "due"), "original", "look_alikes", "letters")},
        ),
    )
    readonly_fields = ("standing", "received", "due", "look_alikes", "letters")

    standing = state(BADGES)

    @admin.display(description=_("received"), ordering="submitted_at")
    def received(self, file: Application) -> str:
        return formats.day(timezone.localdate(file.submitted_at), language())

    @admin.display(description=_("days in this state"), ordering="-state_since")
    def waiting(self, file: Application) -> int:
        return (timezone.now() - file.state_since).days

    @admin.display(description=_("due"), ordering="due_at")
    def due(self, file: Application) -> str:
        """The end of the stage's target time; a late file stands out."""
        if file.due_at is None:
            return ""
        day = formats.day(timezone.localdate(file.due_at), language())
        return badge(day, "danger") if file.due_at <= timezone.now() else day

    @admin.display(description=_("similar companies"))
    def look_alikes(self, file: Application) -> Any:
        """Known already? Staff decide; machines only take the same ICE for the same company."""
        return _once(file, "look_alikes", lambda: self._similar(file))

    def _similar(self, file: Application) -> Any:
        found = Company.objects.look_alikes(name=file.name, ice=file.ice)[:5]
        return self._links((company, company.name) for company in found if company != file.company)

    @admin.display(description=_("letters"))
    def letters(self, file: Application) -> Any:
        return _once(file, "letters", lambda: self._sent(file))

    def _sent(self, file: Application) -> Any:
        sent = Message.objects.filter(matter__startswith=f"application:{file.pk}:").order_by("id")
        return format_html_join(
            "",
            "<div>{} · <bdi>{}</bdi> · {}</div>",
            (
                (
                    formats.day(timezone.localdate(letter.created_at), language()),
                    letter.subject,
                    letter.get_state_display(),
                )
                for letter in sent
            ),
        )

    def _links(self, rows: Any) -> Any:
        return format_html_join(
            "",
            '<div><a class="staff-link" href="{}">{}</a></div>',
            ((self.address_of(row), name) for row, name in rows),
        )

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        """Names are found without their accents."""
        found, twice = super().get_search_results(request, queryset, search_term)
        if search_term.strip() and (key := name_key(search_term)):
            found |= queryset.filter(name_key__contains=key)
        return found, twice


def _once(file: Application, name: str, make: Callable[[], Any]) -> Any:
    """unfold asks for a read-only field's text several times on one page."""
    kept = file.__dict__.setdefault("_shown", {})
    if name not in kept:
        kept[name] = make()
    return kept[name]
