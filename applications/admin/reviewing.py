"""Acts around opinions: who reviews, what came of it, conflicts of interest, the file as PDF."""

import datetime as dt
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from accounts.models import User
from accounts.rights import Action
from applications.admin.bulk import too_many
from applications.models import Application
from applications.papers.file import file_pdf
from applications.selectors.assigning import propose, reviewers_at
from applications.selectors.scores import scores_of
from applications.services import conflicts, reviews
from applications.views.served import served
from applications.workflow import REVIEWED_IN
from core import formats
from core.errors import DomainError
from core.forms import whole_number
from core.history import recorded
from core.periods import today
from sites.admin.columns import language
from sites.admin.scoping import acting
from sites.admin.work import WorkForm, WorkPages, work

USUAL_DELAY: Final = dt.timedelta(days=10)
USUAL_READERS: Final = 2


class AssignForm(WorkForm):
    reviewers = forms.MultipleChoiceField(label=_("reviewers"), widget=forms.CheckboxSelectMultiple)
    due_on = forms.DateField(label=pgettext_lazy("deadline", "due"))

    def __init__(self, *args: Any, file: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(user.pk): user for user in reviewers_at(file.site_id)}
        choices: Any = self.fields["reviewers"]
        choices.choices = [
            (pk, gettext("%(name)s · %(load)s waiting") % {"name": user, "load": user.load})
            for pk, user in self.people.items()
        ]
        self.fields["due_on"].initial = today() + USUAL_DELAY


class EvenlyForm(WorkForm):
    wanted = forms.IntegerField(
        label=_("reviewers for each application"), min_value=1, max_value=10
    )
    due_on = forms.DateField(label=pgettext_lazy("deadline", "due"))


class ConflictForm(WorkForm):
    words = forms.CharField(
        label=_("explanation"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReviewActs(WorkPages):
    """On the file's page and on the list."""

    @work(
        _("Reviewers"),
        path="reviewers",
        right=Action.SCREEN,
        icon="rate_review",
        when=lambda file: file.state in REVIEWED_IN,
    )
    def reviewers(self, request: HttpRequest, file: Application) -> HttpResponse:
        if request.method == "POST" and "act" in request.POST:
            return self._on_one(request, file)

        def act(given: dict[str, Any]) -> str:
            people = AssignForm(file=file).people
            with recorded(acting(request)):
                for pk in given["reviewers"]:
                    reviews.assign(
                        application=file,
                        reviewer=people[pk],
                        due_on=given["due_on"],
                        acting_user=acting(request),
                    )
            return gettext("Assigned; the reviewers are told by mail.")

        return self.work_page(
            request,
            file,
            act=act,
            form_class=AssignForm,
            form_kwargs={"file": file},
            title=_("Reviewers"),
            submit=_("Assign"),
            template="applications/admin/reviewers.html",
            context={
                "reviews": file.reviews.select_related("reviewer").order_by("id"),
                "declarations": file.declarations.select_related("user").order_by("id"),
                "scores": scores_of(file, request.user),
            },
            then=request.path,
        )

    def _on_one(self, request: HttpRequest, file: Application) -> HttpResponse:
        """Withdraw or open again one review, or put a declaration right."""
        user, verb = acting(request), request.POST["act"]
        reason = request.POST.get("reason", "")
        rows: Any = file.declarations if verb == "correct" else file.reviews
        row = rows.filter(pk=whole_number(request.POST.get("row"))).first()
        if row is None or verb not in {"withdraw", "reopen", "correct"}:
            raise Http404
        try:
            if verb == "withdraw":
                reviews.withdraw_review(review=row, reason=reason, acting_user=user)
            elif verb == "reopen":
                reviews.reopen_review(review=row, acting_user=user)
            else:
                conflicts.correct(
                    declaration=row,
                    conflicted=not row.conflicted,
                    reason=reason,
                    acting_user=user,
                )
        except DomainError as refusal:
            messages.error(request, refusal.message)
        return redirect(request.path)

    @work(
        _("I have a conflict of interest"),
        path="conflict",
        right=Action.VIEW,
        icon="visibility_off",
    )
    def conflict(self, request: HttpRequest, file: Application) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            conflicts.declare(
                application=file, conflicted=True, acting_user=acting(request), **given
            )
            return gettext("Noted. The application is no longer shown to you.")

        return self.work_page(
            request,
            file,
            act=act,
            form_class=ConflictForm,
            title=_("I have a conflict of interest"),
            submit=_("Declare"),
            hint=_("The application disappears for you; another officer can put it right."),
            then=reverse("admin:applications_application_changelist"),
        )

    @work(_("PDF"), path="pdf", right=Action.VIEW, icon="picture_as_pdf")
    def pdf(self, request: HttpRequest, file: Application) -> HttpResponse:
        return served(file_pdf(file, user=request.user), f"{file.reference}.pdf")

    @action(  # type: ignore[untyped-decorator,unused-ignore]
        description=_("Assign reviewers evenly"), permissions=["assign"]
    )
    def assign_evenly(
        self, request: HttpRequest, queryset: QuerySet[Application]
    ) -> HttpResponse | None:
        """Show who would get what, and assign on confirmation."""
        if too_many(request, queryset.prefetch_related(None)):
            return None
        asked = "due_on" in request.POST
        form = EvenlyForm(
            request.POST if asked else None,
            initial={"wanted": USUAL_READERS, "due_on": today() + USUAL_DELAY},
        )
        good = asked and form.is_valid()
        wanted = form.cleaned_data["wanted"] if good else USUAL_READERS
        if good and "confirmed" in request.POST:
            return self._assign(request, queryset, form.cleaned_data["due_on"])
        rows = propose(queryset, request.user, wanted=wanted)
        pages: Any = self
        return TemplateResponse(
            request,
            "applications/admin/assign.html",
            {
                **pages.admin_site.each_context(request),
                "title": _("Assign reviewers evenly"),
                "rows": rows,
                "ready": sum(bool(row.reviewers) for row in rows),
                "form": form,
                "back": request.get_full_path(),
            },
        )

    def _assign(
        self, request: HttpRequest, queryset: QuerySet[Application], due_on: dt.date
    ) -> HttpResponse:
        """Just what was shown, though loads have changed since: each share stands in the page."""
        files = {str(file.pk): file for file in queryset}
        people = {str(user.pk): user for user in User.objects.filter(is_active=True, is_staff=True)}
        shown = [share.partition(":") for share in request.POST.getlist("share")]
        done = reviews.assign_shares(
            shares=[
                (files[file], people[reader])
                for file, _colon, reader in shown
                if file in files and reader in people
            ],
            due_on=due_on,
            acting_user=acting(request),
        )
        for row in done:
            if row.refusal is not None:
                messages.error(
                    request,
                    formats.labelled(row.application.reference, row.refusal.message, language()),
                )
        count = sum(row.refusal is None for row in done)
        if count:
            words = ngettext(
                "%(count)s review was assigned.", "%(count)s reviews were assigned.", count
            )
            messages.success(request, words % {"count": count})
        return redirect(request.get_full_path())

    def has_assign_permission(self, request: HttpRequest) -> bool:
        return self.allows(request, Action.SCREEN)
