"""The board of applications: what waits in which state, how late, and for what."""

from dataclasses import dataclass
from typing import Any, Final

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.admin.listing import (
    age_of,
    missing_in_words,
    opinions_in_words,
    saved_filters,
)
from applications.models import Application
from applications.selectors import board
from applications.workflow import TRANSITIONS, State, Step
from sites.scopes import scope_of

_QUICK: Final[dict[State, tuple[tuple[Step, str, str | Promise], ...]]] = {
    State.SUBMITTED: ((Step.START_SCREENING, "start_screening", _("Start screening")),),
    State.SCREENING: (
        (Step.SEND_TO_REVIEW, "send_to_review", _("Send to review")),
        (Step.REQUEST_INFORMATION, "request_information", _("Ask the applicant")),
    ),
    State.REVIEW: (
        (Step.PREPARE_FOR_COMMITTEE, "prepare_for_committee", _("Ready for the committee")),
    ),
    State.COMMITTEE_READY: ((Step.DECIDE, "decide", _("Decide")),),
    State.ACCEPTED: ((Step.START_ONBOARDING, "start_onboarding", _("Start onboarding")),),
    State.DEFERRED: ((Step.RESUME, "resume", _("Take up again")),),
}
"""What is usually done next, with the page that does it."""


@dataclass(frozen=True, slots=True)
class Card:
    file: Application
    address: str
    choose: str
    """Names the box that chooses the card."""
    age: str
    late: bool
    missing: list[str]
    opinions: list[str]
    acts: list[tuple[str, str]]
    """Address and title of what may be done next."""


def board_page(request: HttpRequest) -> HttpResponse:
    """As far as the user's sites reach, narrowed like the list."""
    pages: Any = admin.site.get_model_admin(Application)
    if not pages.has_view_permission(request):
        raise PermissionDenied
    try:
        rows = pages.get_changelist_instance(request)
    except IncorrectLookupParameters:
        return redirect(request.path)
    if request.method == "POST":
        return _acted(request, pages, rows)
    shown, folded = board.columns(rows.queryset, request.user, searched=bool(rows.query))
    maker, rest = _Cards(request.user), _rest(request)
    acts = pages.get_action_choices(request)
    return TemplateResponse(
        request,
        "applications/admin/board.html",
        {
            **admin.site.each_context(request),
            **saved_filters(request),
            "title": _("Board"),
            "cl": rows,
            "columns": [
                (column, rest % column.state, [maker.card(file) for file in column.files])
                for column in shown
            ],
            "folded": [(column, rest % column.state) for column in folded],
            "total": sum(column.count for column in shown),
            "acts": acts if any(name for name, _title in acts) else (),
            "list": reverse("admin:applications_application_changelist"),
        },
    )


def _acted(request: HttpRequest, pages: Any, rows: Any) -> HttpResponse:
    """An act on the chosen cards, as on the rows of the list; the board is where it comes back."""
    done: HttpResponse | None = pages.response_action(request, queryset=rows.queryset)
    return done or redirect(request.get_full_path())


def _rest(request: HttpRequest) -> str:
    """The address of the list that shows a whole column, due first; `%s` stands for its state."""
    query = request.GET.copy()
    for key in ("p", "e", "state__in", "group", "state__exact", "o"):
        query.pop(key, None)
    kept = f"{query.urlencode().replace('%', '%%')}&" if query else ""
    return f"{reverse('admin:applications_application_changelist')}?{kept}state__exact=%s&o=8"


class _Cards:
    """Makes cards. What many have in common is worked out once: a board holds hundreds."""

    def __init__(self, user: Any) -> None:
        self.now = timezone.now()
        self.change = _address("change")
        self.choose = gettext("Choose %(reference)s")
        self.acts = {
            state: [
                (
                    scope_of(user, TRANSITIONS[step].right, "application"),
                    _address(page),
                    str(title),
                )
                for step, page, title in acts
            ]
            for state, acts in _QUICK.items()
        }

    def card(self, file: Application) -> Card:
        age, late = age_of(file, self.now)
        return Card(
            file=file,
            address=self.change % file.pk,
            choose=self.choose % {"reference": file.reference},
            age=age,
            late=late,
            missing=missing_in_words(file),
            opinions=opinions_in_words(file),
            acts=[
                (page % file.pk, title)
                for scope, page, title in self.acts.get(State(file.state), ())
                if scope.covers(file.site_id)
            ],
        )


def _address(page: str) -> str:
    """Of a page of a file; `%s` stands for its key."""
    return reverse(f"admin:applications_application_{page}", args=[0]).replace("/0/", "/%s/")
