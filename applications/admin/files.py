"""The file of an application: what was asked, what happened, and what staff may do next."""

from collections.abc import Mapping
from typing import ClassVar, Final

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.admin.answering import ApplicantActs
from applications.admin.deciding import DecisionActs
from applications.admin.file_page import FilePages
from applications.admin.letters import LetterActs
from applications.admin.listing import ApplicationListing
from applications.admin.offering import OfferActs
from applications.admin.retention import RetentionActs
from applications.admin.reviewing import ReviewActs
from applications.admin.screening import ScreeningActs
from applications.admin.talking import TalkingActs
from applications.admin.tasks import TaskActs
from applications.admin.transfers import TransferActs
from applications.labels import ApplicationState
from applications.models import (
    Application,
    ApplicationSector,
    Decision,
    Ineligibility,
    InformationRequest,
    LegalHold,
    Letter,
    Offer,
    Place,
    Task,
    Transfer,
)
from core import formats
from sites.admin.base import ReadOnlyAdmin
from sites.admin.columns import badge, language, state

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


@admin.register(Application)
class ApplicationAdmin(
    FilePages,
    TalkingActs,
    TaskActs,
    TransferActs,
    ScreeningActs,
    ReviewActs,
    DecisionActs,
    LetterActs,
    OfferActs,
    ApplicantActs,
    RetentionActs,
    ApplicationListing,
    ReadOnlyAdmin,
):
    """Read here; changed by the acts of the workflow alone."""

    related = (
        *("site", "also_site", "company", "applicant", "begun_by", "original"),
        "call_version__call",
    )
    looks = BADGES
    history_with = (
        (Decision, "application_id"),
        (Offer, "application_id"),
        (Letter, "application_id"),
        (LegalHold, "application_id"),
        (Place, "application_id"),
        (InformationRequest, "application_id"),
        (Ineligibility, "application_id"),
        (ApplicationSector, "application_id"),
        (Task, "application_id"),
        (Transfer, "application_id"),
    )
    actions_detail = (
        "start_screening",
        "confirm_ineligible",
        "reject_ineligible",
        "send_to_review",
        "reviewers",
        "prepare_for_committee",
        "decide",
        "publish",
        "write_letter",
        "offer",
        "start_onboarding",
        "resume",
        "close_request",
        "request_information",
        {
            "title": _("More"),
            "icon": "more_horiz",
            "items": [
                "say",
                "leave_unanswered",
                "add_task",
                "find_ineligible",
                "mark_duplicate",
                "mark_spam",
                "ask_transfer",
                "return_to_review",
                "revoke_decision",
                "withdraw_offer",
                "reopen",
                "conflict",
                "pdf",
            ],
        },
        {
            "title": _("For the applicant"),
            "icon": "call",
            "items": ["accept", "decline_offer", "withdraw", "change_address"],
        },
        {
            "title": _("Keeping"),
            "icon": "lock",
            "items": ["place_hold", "lift_hold", "anonymise"],
        },
    )

    class Media:
        css: ClassVar[dict[str, tuple[str, ...]]] = {"all": ("file.css",)}
        js = ("file.js",)

    standing = state(BADGES)

    @admin.display(description=pgettext_lazy("date", "received"), ordering="submitted_at")
    def received(self, file: Application) -> str:
        return formats.day(timezone.localdate(file.submitted_at), language())

    @admin.display(description=pgettext_lazy("deadline", "due"), ordering="due_at")
    def due(self, file: Application) -> str:
        """The end of the stage's target time; a late file stands out."""
        if file.due_at is None:
            return ""
        day = formats.day(timezone.localdate(file.due_at), language())
        return badge(day, "danger") if file.due_at <= timezone.now() else day
