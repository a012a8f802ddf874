"""Transfers between sites: asked on the file's page, answered on the transfer's."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from applications.admin.acts import ReasonForm
from applications.admin.finding import FoundAsTheirFile
from applications.labels import TransferState
from applications.models import Application, Transfer
from applications.services import transfers
from applications.workflow import TRANSFERABLE
from sites.admin.base import ReadOnlyAdmin
from sites.admin.columns import day_column, state
from sites.admin.scoping import acting
from sites.admin.work import WorkForm, WorkPages, work
from sites.models import Site
from sites.permissions import can

_LOOKS: Final[Mapping[str, str]] = {
    TransferState.OPEN: "warning",
    TransferState.DONE: "success",
    TransferState.REFUSED: "danger",
}


class TransferForm(ReasonForm):
    target = forms.ModelChoiceField(Site.objects.none(), label=pgettext_lazy("transfer", "to"))
    field_order = ("target", "reason")

    def __init__(self, *args: Any, file: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["target"]
        field.queryset = Site.objects.exclude(pk=file.site_id).order_by("code")


class TransferActs(WorkPages):
    """On the file's page."""

    @work(
        _("Transfer to another site"),
        path="transfer",
        right=Action.SCREEN,
        icon="move_location",
        when=lambda file: file.state in TRANSFERABLE and file.also_site_id is None,
    )
    def ask_transfer(self, request: HttpRequest, file: Application) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            transfers.ask_transfer(application=file, acting_user=acting(request), **given)
            return gettext("The other site is asked; until it answers, you go on with the file.")

        return self.work_page(
            request,
            file,
            act=act,
            form_class=TransferForm,
            form_kwargs={"file": file},
            title=_("Transfer to another site"),
            submit=_("Ask"),
        )


class AnswerForm(WorkForm):
    verdict = forms.ChoiceField(label=_("answer"), widget=forms.RadioSelect)
    answer = forms.CharField(
        label=_("explanation"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A refusal says why."),
    )

    def __init__(self, *args: Any, choices: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        verdict: Any = self.fields["verdict"]
        verdict.choices = choices


@admin.register(Transfer)
class TransferAdmin(FoundAsTheirFile, ReadOnlyAdmin):
    related = ("application", "source", "target", "asked_by", "settled_by")
    list_display = ("application", "source", "target", "standing", "asked", "settled")
    list_filter = ("state", "source", "target")
    search_fields = ("application__reference",)
    fields = (
        ("application", "standing"),
        ("source", "target"),
        "reason",
        ("asked", "asked_by"),
        ("settled", "settled_by"),
        "answer",
    )
    readonly_fields = ("standing", "asked", "settled")
    exported = ("application__reference", "source__code", "target__code", "state", "reason",
                "answer", "asked_at", "settled_at")  # fmt: skip
    actions_detail = ("settle",)

    standing = state(_LOOKS)
    asked = day_column("asked_at", _("asked"))
    settled = day_column("settled_at", _("settled"))

    @work(
        _("Answer"),
        path="answer",
        right=Action.SCREEN,
        icon="how_to_reg",
        when=lambda transfer: transfer.state == TransferState.OPEN,
    )
    def settle(self, request: HttpRequest, transfer: Transfer) -> HttpResponse:
        """The receiving site takes the file or not; the sending one may keep it."""
        user = acting(request)
        # Once it is refused the receiving site no longer sees the file.
        refused = request.POST.get("verdict") == "refuse"
        back = self.address_of(transfer.application)
        if refused:
            back = reverse("admin:applications_transfer_changelist")

        def act(given: dict[str, Any]) -> str:
            words = given["answer"]
            match given["verdict"]:
                case "agree":
                    transfers.agree_transfer(transfer=transfer, acting_user=user)
                    return gettext("The file is at your site now; the applicant is told.")
                case "refuse":
                    transfers.refuse_transfer(transfer=transfer, answer=words, acting_user=user)
                    return gettext("The file stays where it was.")
            transfers.cancel_transfer(transfer=transfer, answer=words, acting_user=user)
            return gettext("The file stays where it was.")

        choices: list[tuple[str, Any]] = []
        if can(user, Action.SCREEN, "application", transfer.target_id):
            choices += [("agree", _("We take the file")), ("refuse", _("We do not take it"))]
        if can(user, Action.SCREEN, "application", transfer.source_id):
            choices.append(("cancel", _("The file stays with us after all")))
        chosen = {"verdict": choices[0][0]} if choices else None
        return self.work_page(
            request,
            transfer,
            act=act,
            form_class=AnswerForm,
            form_kwargs={"choices": choices},
            initial=chosen,
            title=_("Answer"),
            submit=_("Answer"),
            hint=transfer.reason,
            then=back,
        )
