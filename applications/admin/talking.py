"""What staff say on a file: to the applicant, to the reviewers, among themselves."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from applications.labels import Visibility
from applications.models import Application
from applications.services.conversation import LONGEST, say
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
