"""Acts of deciding: the outcome, taking it back, telling the applicant."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from applications import outcomes
from applications.admin.acts import ReasonForm, can_step, step_page
from applications.labels import DeclineReason, Outcome
from applications.models import Application
from applications.services import decisions
from applications.workflow import State, Step
from sites.admin.scoping import acting
from sites.admin.work import WorkForm, WorkPages, work


class DecisionForm(WorkForm):
    outcome = forms.ChoiceField(label=_("outcome"), choices=Outcome, widget=forms.RadioSelect)
    reasons = forms.MultipleChoiceField(
        label=_("reasons of a refusal"),
        choices=DeclineReason,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    conditions = forms.CharField(
        label=_("conditions of an admission"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In the applicant's language: they stand in the letter as you write them."),
    )
    until = forms.DateField(
        label=_("until"),
        required=False,
        help_text=_("The last day of a place on the waiting list, or the day of the new look."),
    )
    note = forms.CharField(
        label=_("note"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For staff; the applicant never reads it."),
    )


def is_unpublished(file: Any) -> bool:
    """Decided, and the applicant does not know yet. Asked once for each file."""
    known = file.__dict__.get("_unpublished")
    if known is None:
        known = file.state == State.DECIDED and file.decisions.to_publish().exists()
        file.__dict__["_unpublished"] = known
    return bool(known)


class DecisionActs(WorkPages):
    """What the committee's outcome does to the file."""

    revoke_decision = step_page(
        Step.REVOKE_DECISION,
        decisions.revoke_decision,
        title=_("Take the decision back"),
        done=_("The application is before the committee again."),
        icon="history",
        form_class=ReasonForm,
    )

    @work(_("Decide"), path="decide", right=Action.DECIDE, icon="gavel", when=can_step(Step.DECIDE))
    def decide(self, request: HttpRequest, file: Application) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            decisions.decide(application=file, acting_user=acting(request), **given)
            return gettext("Decided. The applicant learns it when you publish the decision.")

        return self.work_page(
            request, file, act=act, form_class=DecisionForm, title=_("Decide"), submit=_("Decide")
        )

    @work(
        _("Publish the decision"),
        path="publish",
        right=Action.DECIDE,
        icon="campaign",
        when=is_unpublished,
    )
    def publish(self, request: HttpRequest, file: Application) -> HttpResponse:
        def act(_given: dict[str, Any]) -> str:
            decisions.publish(application=file, acting_user=acting(request))
            return gettext("The decision is published; the letter is on its way.")

        decision = file.decisions.to_publish().first()
        words = outcomes.leaving([(file, decision)]) if decision else {}
        return self.work_page(
            request,
            file,
            act=act,
            title=_("Publish the decision"),
            submit=_("Publish"),
            hint=f"{file.name} · {decision.get_outcome_display()}" if decision else "",
            template="applications/admin/letter_leaves.html",
            context={"letter": words.get(file.pk), "language": file.language},
        )
