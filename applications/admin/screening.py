"""Acts up to the committee: screening, what is missing, spam, duplicates, ineligible files."""

import datetime as dt
from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from applications import outcomes
from applications.admin.acts import ReasonForm, can_step, step_page
from applications.answers import FIELDS
from applications.labels import IneligibleReason, TaskList
from applications.letters import Letter
from applications.models import Application
from applications.services import requests, screening
from applications.workflow import State, Step
from core import formats
from core.periods import today
from sites.admin.columns import language
from sites.admin.scoping import acting
from sites.admin.work import WorkForm, WorkPages, work

USUAL_DELAY: Final = dt.timedelta(days=10)


class RequestForm(WorkForm):
    """Groups of what can be asked for again; the call's own only where it has any."""

    fields_wanted = forms.MultipleChoiceField(
        label=_("what the applicant has to complete"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    questions_wanted = forms.MultipleChoiceField(
        label=_("questions of the call"), widget=forms.CheckboxSelectMultiple, required=False
    )
    documents_wanted = forms.MultipleChoiceField(
        label=_("documents"), widget=forms.CheckboxSelectMultiple, required=False
    )
    message = forms.CharField(
        label=_("message to the applicant"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=5000,
        help_text=_("In the applicant's language: it stands in the letter as you write it."),
    )
    due_on = forms.DateField(
        label=_("answer by"), help_text=_("Two reminders are sent before that day.")
    )

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        version = application.call_version
        for name in ("questions", "documents"):
            own: Any = self.fields[f"{name}_wanted"]
            rows = getattr(version, name).all() if version else ()
            own.choices = [(row.key, row.label) for row in rows]
            if not own.choices:
                del self.fields[f"{name}_wanted"]
        wanted: Any = self.fields["fields_wanted"]
        wanted.choices = [
            (field.name, field.verbose_name)
            for field in (*Application._meta.fields, *Application._meta.many_to_many)
            if field.name in FIELDS
        ]
        self.fields["due_on"].initial = today() + USUAL_DELAY


class IneligibleForm(WorkForm):
    reason_code = forms.ChoiceField(label=_("reason"), choices=IneligibleReason)
    words = forms.CharField(
        label=_("explanation"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text=_("For the second person, who has to agree; the letter names the reason above."),
    )


class DuplicateForm(WorkForm):
    original = forms.CharField(
        label=_("reference of the original"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr"}),
        help_text=_("For example A2026-0012."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_original(self) -> Application | None:
        given = self.cleaned_data["original"].strip().upper()
        if not given:
            return None  # only where it is not required
        file = Application.objects.visible_to(self.user).filter(reference=given).first()
        if file is None:
            raise forms.ValidationError(_("There is no application under this reference."))
        return file


class SpamForm(DuplicateForm):
    """The same thing sent again and again: which file was the first."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["original"].required = False


def awaits_second_person(file: Any) -> bool:
    """Found ineligible, and nobody has agreed yet. Asked once for each file."""
    known = file.__dict__.get("_found_ineligible")
    if known is None:
        known = file.state == State.SCREENING and file.ineligibilities.unsettled().exists()
        file.__dict__["_found_ineligible"] = known
    return bool(known)


def screening_left_in_words(file: Application) -> str:
    """A warning, no bar: the checklist is there for who screens."""
    if file.state != State.SCREENING:
        return ""
    left = file.tasks.open().filter(list=TaskList.SCREENING).select_related("template")
    titles = [task.title for task in left]
    if not titles:
        return ""
    return gettext("Not done on the checklist: %(lines)s.") % {
        "lines": formats.listed(titles, language())
    }


class ScreeningActs(WorkPages):
    """The officer's acts on the file's page."""

    start_screening = step_page(
        Step.START_SCREENING,
        screening.start_screening,
        title=_("Start screening"),
        done=_("You are screening this application."),
        icon="fact_check",
    )
    send_to_review = step_page(
        Step.SEND_TO_REVIEW,
        screening.send_to_review,
        title=_("Send to review"),
        done=_("The application is in review."),
        icon="rate_review",
        warn=screening_left_in_words,
    )
    prepare_for_committee = step_page(
        Step.PREPARE_FOR_COMMITTEE,
        screening.prepare_for_committee,
        title=_("Ready for the committee"),
        done=_("The committee can decide on this application."),
        warn=screening_left_in_words,
        icon="groups",
    )
    return_to_review = step_page(
        Step.RETURN_TO_REVIEW,
        screening.return_to_review,
        title=_("Return to review"),
        done=_("The application is in review again."),
        icon="undo",
        form_class=ReasonForm,
    )
    resume = step_page(
        Step.RESUME,
        screening.resume,
        title=_("Take up again"),
        done=_("The application is before the committee again."),
        icon="play_arrow",
    )
    reopen = step_page(
        Step.REOPEN,
        screening.reopen,
        title=_("Open again"),
        done=_("The application is screened again."),
        icon="undo",
        form_class=ReasonForm,
    )
    close_request = step_page(
        Step.CLOSE_REQUEST,
        requests.close_request,
        title=_("Go on without the answer"),
        done=_("The application is back where it was."),
        icon="fast_forward",
        form_class=ReasonForm,
    )

    @work(
        _("Confirm: ineligible"),
        path="confirm-ineligible",
        right=Action.SCREEN,
        icon="gpp_bad",
        when=awaits_second_person,
    )
    def confirm_ineligible(self, request: HttpRequest, file: Application) -> HttpResponse:
        def act(_given: dict[str, Any]) -> str:
            screening.confirm_ineligible(application=file, acting_user=acting(request))
            return gettext("The application has ended as ineligible; the letter is on its way.")

        return self.work_page(
            request,
            file,
            act=act,
            title=_("Confirm: ineligible"),
            submit=_("Confirm: ineligible"),
            hint=_finding_in_words(file),
            template="applications/admin/letter_leaves.html",
            context={"letter": _letter_of_finding(file), "language": file.language},
        )

    @work(
        _("Not ineligible after all"),
        path="reject-ineligible",
        right=Action.SCREEN,
        icon="gpp_good",
        when=awaits_second_person,
    )
    def reject_ineligible(self, request: HttpRequest, file: Application) -> HttpResponse:
        def act(_given: dict[str, Any]) -> str:
            screening.reject_ineligible(application=file, acting_user=acting(request))
            return gettext("The screening goes on.")

        return self.work_page(
            request,
            file,
            act=act,
            title=_("Not ineligible after all"),
            submit=_("Go on"),
            hint=_finding_in_words(file),
        )

    @work(
        _("Find ineligible"),
        path="find-ineligible",
        right=Action.SCREEN,
        icon="gpp_maybe",
        when=lambda file: file.state == State.SCREENING and not awaits_second_person(file),
    )
    def find_ineligible(self, request: HttpRequest, file: Application) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            screening.find_ineligible(application=file, acting_user=acting(request), **given)
            return gettext("Noted. Another person has to confirm it before the applicant is told.")

        return self.work_page(
            request,
            file,
            act=act,
            form_class=IneligibleForm,
            title=_("Find ineligible"),
            submit=_("Find ineligible"),
        )

    @work(
        _("Mark as a duplicate"),
        path="mark-duplicate",
        right=Action.SCREEN,
        icon="content_copy",
        when=can_step(Step.MARK_DUPLICATE),
    )
    def mark_duplicate(self, request: HttpRequest, file: Application) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            screening.mark_duplicate(application=file, acting_user=acting(request), **given)
            return gettext("Marked as a duplicate of %(original)s.") % {
                "original": given["original"].reference
            }

        return self.work_page(
            request,
            file,
            act=act,
            form_class=DuplicateForm,
            form_kwargs={"user": acting(request)},
            initial={"original": request.GET.get("original", "")},
            title=_("Mark as a duplicate"),
            submit=_("Mark as a duplicate"),
        )

    @work(
        _("Mark as spam"),
        path="mark-spam",
        right=Action.SCREEN,
        icon="report",
        when=can_step(Step.MARK_SPAM),
    )
    def mark_spam(self, request: HttpRequest, file: Application) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            screening.mark_spam(application=file, acting_user=acting(request), **given)
            return gettext("Marked as spam; nobody is written to.")

        return self.work_page(
            request,
            file,
            act=act,
            form_class=SpamForm,
            form_kwargs={"user": acting(request)},
            initial={"original": request.GET.get("original", "")},
            title=_("Mark as spam"),
            submit=_("Mark as spam"),
            hint=_("For what a machine sent, or is no application at all. No letter leaves."),
        )

    @work(
        _("Ask the applicant"),
        path="request-information",
        right=Action.SCREEN,
        icon="contact_support",
        when=can_step(Step.REQUEST_INFORMATION),
    )
    def request_information(self, request: HttpRequest, file: Application) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            requests.request_information(
                application=file,
                fields=given["fields_wanted"],
                questions=given.get("questions_wanted", ()),
                documents=given.get("documents_wanted", ()),
                message=given["message"],
                due_on=given["due_on"],
                acting_user=acting(request),
            )
            return gettext("The applicant has been asked; the clock stands still.")

        return self.work_page(
            request,
            file,
            act=act,
            form_class=RequestForm,
            form_kwargs={"application": file},
            title=_("Ask the applicant"),
            submit=_("Ask"),
        )


def _letter_of_finding(file: Application) -> Letter | None:
    finding = file.ineligibilities.unsettled().first()
    return outcomes.leaving([(file, finding)])[file.pk] if finding else None


def _finding_in_words(file: Application) -> str:
    finding = file.ineligibilities.unsettled().select_related("found_by").first()
    if finding is None:
        return ""
    return gettext("%(who)s found: %(reason)s. « %(words)s »") % {
        "who": finding.found_by or "–",
        "reason": finding.get_reason_code_display(),
        "words": finding.words,
    }
