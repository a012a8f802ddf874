"""The letters of outcomes: written on the file's page, edited and approved on their own."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from applications import outcomes as words
from applications.admin.finding import FoundAsTheirFile
from applications.labels import LetterState
from applications.models import Application, Letter
from applications.services import letters
from sites.admin.base import ReadOnlyAdmin
from sites.admin.columns import state
from sites.admin.scoping import acting
from sites.admin.work import WorkForm, WorkPages, work

BADGES: Final[Mapping[str, str]] = {
    LetterState.DRAFT: "warning",
    LetterState.APPROVED: "info",
    LetterState.SENT: "success",
}


class SeenForm(WorkForm):
    """Bears when the text that is shown was written: another one is neither approved nor written
    over unseen."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def clean_seen(self) -> dt.datetime:
        try:
            return dt.datetime.fromisoformat(self.cleaned_data["seen"])
        except ValueError:
            raise forms.ValidationError(_("Look at the letter again.")) from None


class EditForm(SeenForm):
    subject = forms.CharField(label=_("subject"), max_length=words.LONGEST_SUBJECT)
    body = forms.CharField(
        label=_("text"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 18, "dir": "auto"})
    )


def is_current(letter: Any) -> bool:
    return letter.state in {LetterState.DRAFT, LetterState.APPROVED}


class LetterActs(WorkPages):
    """Writing the letter of the file's outcome."""

    @work(
        _("Write the letter"),
        path="write-letter",
        right=Action.SCREEN,
        icon="edit_note",
        when=lambda file: letters.untold_outcome(file) is not None,
    )
    def write_letter(self, request: HttpRequest, file: Application) -> HttpResponse:
        def act(_given: dict[str, Any]) -> str:
            letters.write_letter(application=file, acting_user=acting(request))
            return gettext("The letter is written. Somebody else has to approve it.")

        about = letters.untold_outcome(file)
        return self.work_page(
            request,
            file,
            act=act,
            title=_("Write the letter"),
            submit=_("Write the letter"),
            hint=_(
                "Only where the letter shall say more than usual: it is then edited, and approved "
                "by a second person. Without it, publishing sends what you see here."
            ),
            template="applications/admin/letter_leaves.html",
            context={
                "letter": words.leaving([(file, about)])[file.pk] if about else None,
                "language": file.language,
            },
        )


@admin.register(Letter)
class LetterAdmin(FoundAsTheirFile, ReadOnlyAdmin):
    related = ("application__site", "written_by", "approved_by", "message")
    list_display = ("application", "kind", "standing", "written_by", "written_at", "approved_by")
    list_filter = ("state", "kind", "application__site")
    search_fields = ("subject",)
    fields = (
        ("application", "kind", "standing"),
        ("written_by", "written_at"),
        ("approved_by", "approved_at"),
        "message",
        "subject",
        "text",
    )
    readonly_fields = ("standing", "text")
    actions_detail = ("approve", "edit")
    exported = ("application__reference", "kind", "language", "state", "written_at",
                "approved_at")  # fmt: skip

    standing = state(BADGES)

    @admin.display(description=_("text"))
    def text(self, letter: Letter) -> SafeString:
        """Line by line, as it leaves."""
        return format_html('<div class="staff-text" dir="auto">{}</div>', letter.body)

    @work(_("Edit"), path="edit", right=Action.SCREEN, icon="edit", when=is_current)
    def edit(self, request: HttpRequest, letter: Letter) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            letters.edit_letter(letter=letter, acting_user=acting(request), **given)
            return gettext("Saved. Somebody else has to approve it.")

        return self.work_page(
            request,
            letter,
            act=act,
            form_class=EditForm,
            title=_("Edit the letter"),
            initial={
                "subject": letter.subject,
                "body": letter.body,
                "seen": letter.written_at.isoformat(),
            },
        )

    @work(
        _("Approve"),
        path="approve",
        right=Action.DECIDE,
        icon="check",
        when=lambda letter: letter.state == LetterState.DRAFT,
    )
    def approve(self, request: HttpRequest, letter: Letter) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            letters.approve_letter(letter=letter, acting_user=acting(request), **given)
            return gettext("Approved: it leaves when the outcome is published.")

        return self.work_page(
            request,
            letter,
            act=act,
            form_class=SeenForm,
            initial={"seen": letter.written_at.isoformat()},
            title=_("Approve the letter"),
            submit=_("Approve"),
            template="applications/admin/letter_leaves.html",
            context={"letter": letter, "language": letter.language},
        )
