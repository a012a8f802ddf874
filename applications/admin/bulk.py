"""Acts on many files of the list: first what would happen to each, then to those that can."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from accounts.rights import Action
from applications import outcomes
from applications.models import Application
from applications.selectors.batches import Prospect, prospects, publishable
from applications.services import decisions, screening
from applications.services.batches import Service, do_to_each
from applications.workflow import TRANSITIONS, Step
from core import formats
from sites.admin.columns import language
from sites.admin.scoping import ScopedRows, acting

MOST: Final = 500
"""Files in one go: each takes a transaction of its own."""


_SILENT: Final = _("The applicants are not written to.")


@dataclass(frozen=True, slots=True)
class Verb:
    """An act that asks for nothing but the files."""

    title: str | Promise
    step: Step
    service: Service
    hint: str | Promise = _SILENT
    """What else happens to each."""
    preview: Callable[[QuerySet[Application], Any], list[Prospect]] | None = None
    """Where the step depends on more than the workflow's table."""

    @property
    def right(self) -> Action:
        return TRANSITIONS[self.step].right

    def prospects(self, files: QuerySet[Application], user: Any) -> list[Prospect]:
        if self.preview is not None:
            return self.preview(files, user)
        return prospects(files, self.step, user)


def too_many(request: HttpRequest, files: QuerySet[Application]) -> bool:
    """Whether more files were chosen than can be done at once; then it is said."""
    if files.order_by()[: MOST + 1].count() <= MOST:
        return False
    words = gettext("Choose at most %(most)s applications at once.")
    messages.error(request, words % {"most": MOST})
    return True


def on_selected(verb: Verb) -> Any:
    """An action of the list, to stand in the body of an admin class."""

    def chosen(pages: Any, request: HttpRequest, queryset: QuerySet[Application]) -> Any:
        return pages.act_on_many(request, queryset, verb)

    return action(description=verb.title, permissions=[verb.right.value])(chosen)


BULK: Final = (
    *("screen_selected", "review_selected", "prepare_selected"),
    *("spam_selected", "publish_selected"),
)


class BulkActs(ScopedRows):
    """What can be done to the files that were chosen in the list."""

    screen_selected = on_selected(
        Verb(_("Start screening"), Step.START_SCREENING, screening.start_screening)
    )
    review_selected = on_selected(
        Verb(_("Send to review"), Step.SEND_TO_REVIEW, screening.send_to_review)
    )
    prepare_selected = on_selected(
        Verb(
            _("Ready for the committee"),
            Step.PREPARE_FOR_COMMITTEE,
            screening.prepare_for_committee,
        )
    )
    spam_selected = on_selected(Verb(_("Mark as spam"), Step.MARK_SPAM, screening.mark_spam))
    publish_selected = on_selected(
        Verb(
            _("Publish the decisions"),
            Step.PUBLISH_REFUSAL,
            decisions.publish,
            hint=_("Each applicant gets the letter of their outcome."),
            preview=publishable,
        )
    )

    def has_screen_permission(self, request: HttpRequest) -> bool:
        return self.allows(request, Action.SCREEN)

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return self.allows(request, Action.DECIDE)

    def act_on_many(
        self, request: HttpRequest, queryset: QuerySet[Application], verb: Verb
    ) -> HttpResponse | None:
        """Show what would happen to each file; once confirmed, do it to those that can."""
        files = queryset.prefetch_related(None)
        if too_many(request, files):
            return None
        rows = verb.prospects(files, request.user)
        if "confirmed" not in request.POST:
            return self._preview(request, verb, rows)
        self._do(request, verb, rows)
        return redirect(request.get_full_path())

    def _do(self, request: HttpRequest, verb: Verb, rows: list[Prospect]) -> None:
        done = do_to_each(
            applications=[row.application for row in rows if not row.obstacle],
            service=verb.service,
            acting_user=acting(request),
        )
        for row in done:
            if row.refusal is not None:
                messages.error(
                    request,
                    formats.labelled(row.application.reference, row.refusal.message, language()),
                )
        count = sum(row.refusal is None for row in done)
        if not count:
            return
        told = ngettext(
            "%(act)s: done for %(count)s application.",
            "%(act)s: done for %(count)s applications.",
            count,
        )
        messages.success(request, told % {"act": verb.title, "count": count})

    def _preview(self, request: HttpRequest, verb: Verb, rows: list[Prospect]) -> HttpResponse:
        told = [
            (row.application, row.decision) for row in rows if row.decision and not row.obstacle
        ]
        letters = outcomes.leaving(told) if told else {}
        return TemplateResponse(
            request,
            "applications/admin/bulk.html",
            {
                **self.admin_site.each_context(request),
                "title": verb.title,
                "action": request.POST["action"],
                "hint": verb.hint,
                "rows": rows,
                "letters": [
                    (row, letters[row.application.pk])
                    for row in rows
                    if row.application.pk in letters
                ],
                "ready": sum(not row.obstacle for row in rows),
                "back": request.get_full_path(),
            },
        )
