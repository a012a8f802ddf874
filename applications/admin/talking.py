"""What staff say on a file: to the applicant, to the reviewers, among themselves."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from applications.labels import Visibility
from applications.models import Application
from applications.services.conversation import LONGEST, leave_unanswered, say
from sites.admin.scoping import acting
from sites.admin.work import WorkForm, WorkPages, work


class RemarkForm(WorkForm):
    body = forms.CharField(
        label=_("text"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    visibility = forms.ChoiceField(
        label=_("visible to"),
        choices=Visibility,
        initial=Visibility.STAFF,
        widget=forms.RadioSelect,
    )


class ReadForm(WorkForm):
    """Up to where the conversation was read."""

    read = forms.IntegerField(widget=forms.HiddenInput, required=False)


class TalkingActs(WorkPages):
    """The conversation on a file."""

    @work(
        _("Write"),
        path="say",
        right=Action.SCREEN,
        icon="chat",
        when=lambda file: file.anonymised_at is None,
    )
    def say(self, request: HttpRequest, file: Application) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            say(application=file, acting_user=acting(request), **given)
            return gettext("The message is in the conversation.")

        return self.work_page(
            request,
            file,
            act=act,
            form_class=RemarkForm,
            title=_("Write"),
            submit=_("Write"),
            then=f"{self.address_of(file)}#conversation",
        )

    @work(
        _("No answer needed"),
        path="leave-unanswered",
        right=Action.SCREEN,
        when=lambda _file: False,  # its button stands below the words that it is about
    )
    def leave_unanswered(self, request: HttpRequest, file: Application) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            leave_unanswered(application=file, acting_user=acting(request), **given)
            return gettext("The file no longer waits for an answer.")

        return self.work_page(
            request,
            file,
            act=act,
            form_class=ReadForm,
            title=_("No answer needed"),
            submit=_("No answer needed"),
            then=f"{self.address_of(file)}#conversation",
        )
