"""The list of applications: its columns, how it is searched and exported."""

import datetime as dt
from decimal import Decimal
from typing import Any, ClassVar, Final

from django.contrib import admin
from django.db.models import BooleanField, Case, F, Func, OuterRef, Subquery, TextField, Value, When
from django.db.models.functions import ExtractDay
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import SavedFilter
from applications.admin.bulk import BULK, BulkActs
from applications.admin.narrowing import FILTERS
from applications.labels import ApplicantKind
from applications.labels.clock import age_in_words
from applications.models import Application, Decision
from applications.selectors.standing import LONG, opinions_on, with_standing
from core import formats
from sites.admin.columns import language
from sites.admin.listing import StaffChangeList
from sites.admin.scoping import acting

PAGE: Final = "applications.application"
"""Under which the filters of the list and of the board are kept: both take the same."""

_SHORT: Final = {
    ApplicantKind.COMPANY: _("company"),
    ApplicantKind.SELF_EMPLOYED: _("self-employed"),
    ApplicantKind.PROJECT_HOLDER: _("project"),
}
_HUNDRED: Final = Decimal(100)
_NOTHING: Final = format_html('<span class="{}"></span>', "staff-nothing")
"""Of a column that has nothing to say of most files: on a phone it takes no line."""


class BoardRows(StaffChangeList):
    """The list's search and filters, without its pages."""

    def get_queryset(self, request: HttpRequest, *args: Any) -> Any:
        # The board brings what its cards need; the list's columns are not shown.
        return super(StaffChangeList, self).get_queryset(request, *args)

    def get_results(self, request: HttpRequest) -> None:
        self.result_count = self.full_result_count = 0
        self.show_full_result_count = self.multi_page = self.can_show_all = False
        self.result_list = self.model.objects.none()


class ApplicationListing(BulkActs):
    """What the list shows, beside the file's own page."""

    list_display = (
        *("reference", "called", "site_code", "standing", "kind", "area"),
        *("received", "age", "missing", "opinions"),
    )
    list_filter = FILTERS
    # Names the box; the search itself is `ApplicationQuerySet.matching`.
    search_fields = ("reference",)
    search_help_text = _("Reference, name, e-mail, ICE, or words of the answers")
    found_by_name = True
    actions = ("assign_evenly", *BULK)
    list_before_template = "applications/admin/list_head.html"
    exported: ClassVar[tuple[str, ...]] = (
        *("reference", "site__code", "state", "state_since", "days_in_state", "due_at", "late"),
        *("applicant_kind", "name", "legal_form", "ice", "website", "team_size"),
        *("wanted_m2", "wanted_start", "submitted_at", "asked", "lacking", "outcome", "reasons"),
        *("contact_name", "contact_email", "contact_phone", "language"),
    )

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        return queryset.matching(search_term), False

    def listed(self, request: HttpRequest, rows: Any) -> Any:
        return with_standing(rows, request.user).select_related(None).select_related("site").defer(
            *LONG
        )  # fmt: skip

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        match = request.resolver_match
        on_board = match is not None and match.url_name == "applications_board"
        return BoardRows if on_board else super().get_changelist(request, **kwargs)  # type: ignore[misc]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        head = {**saved_filters(request), **(extra_context or {})}
        return super().changelist_view(request, head)  # type: ignore[misc,no-any-return]

    def get_export_queryset(self, request: HttpRequest) -> Any:
        """The list's rows with what a spreadsheet is sorted by; reasons as their codes."""
        now = timezone.now()
        decision = Decision.objects.in_force().filter(application=OuterRef("pk"))
        codes = Func(
            F("reasons"), Value(", "), function="array_to_string", output_field=TextField()
        )
        rows: Any = super().get_export_queryset(request)  # type: ignore[misc]
        return rows.defer(None).annotate(
            days_in_state=ExtractDay(Value(now) - F("state_since")),
            late=Case(When(due_at__lte=now, then=True), default=False, output_field=BooleanField()),
            outcome=Subquery(decision.values("outcome")[:1]),
            reasons=Subquery(decision.annotate(codes=codes).values("codes")[:1]),
        )

    @admin.display(description=_("name"), ordering="name_key")
    def called(self, file: Application) -> str:
        return format_html('<bdi class="staff-short">{}</bdi>', file.name)

    @admin.display(description=_("site"), ordering="site__code")
    def site_code(self, file: Application) -> str:
        return file.site.code

    @admin.display(description=_("kind"), ordering="applicant_kind")
    def kind(self, file: Application) -> Any:
        return _SHORT[ApplicantKind(file.applicant_kind)]

    @admin.display(description=_("area"), ordering="wanted_m2")
    def area(self, file: Application) -> str:
        return formats.area(file.wanted_m2, language())

    @admin.display(description=_("age"), ordering="due_at")
    def age(self, file: Application) -> str:
        """In the state, against the target time of the stage; a late file stands out."""
        words, late = age_of(file)
        look = "staff-age staff-overdue" if late else "staff-age"
        return format_html('<span class="{}">{}</span>', look, words)

    @admin.display(description=_("missing"))
    def missing(self, file: Any) -> str:
        return formats.listed(missing_in_words(file), language()) or _NOTHING

    @admin.display(description=_("reviewers"))
    def opinions(self, file: Any) -> str:
        return " · ".join(opinions_in_words(file)) or _NOTHING


def age_of(file: Application, now: dt.datetime | None = None) -> tuple[str, bool]:
    """How long the file has been in its state, in words; and whether it is late."""
    now = now or timezone.now()
    left = file.due_at - now if file.due_at is not None else None
    late = left is not None and left <= dt.timedelta()
    return age_in_words(now - file.state_since, left), late


def missing_in_words(file: Any) -> list[str]:
    """What the applicant still owes; of a file that came with its standing."""
    words = []
    if file.asked:
        words.append(
            ngettext("%(count)s answer asked", "%(count)s answers asked", file.asked)
            % {"count": file.asked}
        )
    if file.lacking:
        words.append(
            ngettext("%(count)s document", "%(count)s documents", file.lacking)
            % {"count": file.lacking}
        )
    return words


def opinions_in_words(file: Any) -> list[str]:
    """The mean of the scores, and how many reviewers are awaited; of a file with its standing."""
    found = opinions_on(file)
    words = []
    if found.mean is not None:
        words.append(formats.percent(found.mean / _HUNDRED, language(), decimals=0))
    if found.pending:
        words.append(
            ngettext("%(count)s review awaited", "%(count)s reviews awaited", found.pending)
            % {"count": found.pending}
        )
    return words


def saved_filters(request: HttpRequest) -> dict[str, Any]:
    """What the chips above the list and the board need."""
    return {
        "saved_filters": SavedFilter.objects.filter(user=acting(request), page=PAGE),
        "current_query": request.GET.urlencode(),
    }
