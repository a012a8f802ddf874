"""How long files are kept; what keeps one longer, or ends it before its time."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from applications.admin.acts import ReasonForm
from applications.models import Application, RetentionRule
from applications.selectors.holds import due_under, holds_of
from applications.services import retention
from applications.workflow import ENDS
from sites.admin.base import ScopedAdmin, StaffForm
from sites.admin.scoping import ALL_BUT_DELETE, acting
from sites.admin.work import WorkPages, work


def is_held(file: Any) -> bool:
    """A legal hold stands."""
    return any(hold.lifted_at is None for hold in holds_of(file))


class RetentionActs(WorkPages):
    """On the file's page, for the director."""

    @work(
        _("Place a legal hold"),
        path="legal-hold",
        right=Action.ERASE,
        icon="lock",
        when=lambda file: file.anonymised_at is None and not is_held(file),
    )
    def place_hold(self, request: HttpRequest, file: Application) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            retention.place_hold(application=file, acting_user=acting(request), **given)
            return gettext("The file is kept until the hold is lifted.")

        return self.work_page(
            request,
            file,
            act=act,
            form_class=ReasonForm,
            title=_("Place a legal hold"),
            hint=_("For a dispute, or a request of the authorities: the file is not anonymised."),
        )

    @work(_("Lift the legal hold"), path="lift-hold", right=Action.ERASE, icon="lock_open",
          when=is_held)  # fmt: skip
    def lift_hold(self, request: HttpRequest, file: Application) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            retention.lift_hold(application=file, acting_user=acting(request), **given)
            return gettext("The file follows its date again.")

        return self.work_page(
            request, file, act=act, form_class=ReasonForm, title=_("Lift the legal hold")
        )

    @work(
        _("Anonymise now"),
        path="anonymise",
        right=Action.ERASE,
        icon="ink_eraser",
        when=lambda file: file.state in ENDS and file.anonymised_at is None,
    )
    def anonymise(self, request: HttpRequest, file: Application) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            retention.anonymise_now(application=file, acting_user=acting(request), **given)
            return gettext("The file is anonymised.")

        return self.work_page(
            request,
            file,
            act=act,
            form_class=AnonymiseForm,
            title=_("Anonymise now"),
            submit=_("Anonymise for good"),
            hint=_(
                "When the applicant asks for it. All that was written, uploaded and sent goes, "
                "and nobody can bring it back; states, dates and outcomes stay for the figures."
            ),
        )


class AnonymiseForm(ReasonForm):
    """The reason stands in the log of erasures: nobody is to be named in it."""

    reason = forms.CharField(
        label=_("reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stays in the log of erasures: name nobody."),
    )


class RuleForm(StaffForm):
    """Asks once more where files would go in the coming night: nobody can bring them back."""

    agreed = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any] | None:
        given = super().clean()
        if {"state", "days"} <= self.cleaned_data.keys() and self.has_changed():
            count = due_under(state=self.cleaned_data["state"], days=self.cleaned_data["days"])
            if count and self.cleaned_data.get("agreed") != count:
                data = cast("QueryDict", self.data).copy()
                data[self.add_prefix("agreed")] = str(count)
                self.data = data
                self.add_error("days", _would_go(count))
        return given


def _would_go(count: int) -> str:
    told = ngettext(
        "%(count)s file would be anonymised for good in the coming night. Save again to agree.",
        "%(count)s files would be anonymised for good in the coming night. Save again to agree.",
        count,
    )
    return told % {"count": count}


@admin.register(RetentionRule)
class RetentionRuleAdmin(ScopedAdmin):
    """The network's own rules, for all sites."""

    form = RuleForm
    offered = ALL_BUT_DELETE | {Action.DELETE}
    added_by_network = True
    list_display = ("state", "days")
    fields = (("state", "days"), "agreed")
    exported = ("state", "days")

    def save_model(self, request: HttpRequest, obj: RetentionRule, form: Any, change: bool) -> None:
        retention.save_rule(rule=obj, acting_user=acting(request))

    def delete_model(self, request: HttpRequest, obj: RetentionRule) -> None:
        retention.delete_rule(rule=obj, acting_user=acting(request))

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for rule in queryset:
            retention.delete_rule(rule=rule, acting_user=acting(request))
