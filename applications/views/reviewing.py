"""A reviewer's own pages: what waits, the declaration of interests, the file and its scores."""

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from applications.labels import Outcome, ReviewState
from applications.models import Criterion, Review
from applications.selectors.documents import documents_for
from applications.selectors.reviewing import answers_for, my_review, my_reviews, rubric
from applications.selectors.scores import scores_of
from applications.services import conflicts, reviews
from applications.workflow import REVIEWED_IN
from core.errors import DomainError
from sites.admin.scoping import acting
from sites.admin.work import WorkForm, refuse
from sites.scopes import scope_of

MOST_BUTTONS: Final = 10
"""A scale of more points than this is a number to type."""


class DeclarationForm(WorkForm):
    conflicted = forms.ChoiceField(
        label=_("conflict of interest"),
        choices=[
            ("no", _("I have no conflict of interest: open the file")),
            ("yes", _("I have a conflict of interest: do not show me the file")),
        ],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("explanation"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ScoreForm(WorkForm):
    """The rubric: `points_<key>` and `words_<key>` for each criterion, and the opinion."""

    recommendation = forms.ChoiceField(
        label=_("recommendation"), choices=Outcome, required=False, widget=forms.RadioSelect
    )
    comment = forms.CharField(
        label=_("comment"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, criteria: Sequence[Criterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        opinion = {name: self.fields.pop(name) for name in ("recommendation", "comment")}
        for row in criteria:
            self.fields[f"points_{row.key}"] = _points(row)
            self.fields[f"words_{row.key}"] = forms.CharField(
                label=gettext("%(criterion)s: comment") % {"criterion": row.label},
                required=False,
                max_length=5000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        self.fields |= opinion
        self.dress()

    def given(self) -> dict[str, Any]:
        """What `services.reviews.save_scores` takes."""
        clean = self.cleaned_data
        return {
            "points": {
                row.key: int(clean[f"points_{row.key}"])
                for row in self.criteria
                if clean[f"points_{row.key}"] not in (None, "")
            },
            "words": {row.key: clean[f"words_{row.key}"] for row in self.criteria},
            "recommendation": clean["recommendation"],
            "comment": clean["comment"],
        }


def my_reviews_page(request: HttpRequest) -> HttpResponse:
    """Everything that was assigned to the user."""
    if not scope_of(request.user, Action.REVIEW, "review"):
        raise PermissionDenied
    return TemplateResponse(
        request,
        "applications/reviewing/list.html",
        {
            **admin.site.each_context(request),
            "title": _("My reviews"),
            "tasks": my_reviews(request.user),
        },
    )


def review_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Declare first; then the file beside its scores."""
    if not scope_of(request.user, Action.REVIEW, "review"):
        raise PermissionDenied
    review = my_review(acting(request), pk)
    if review is None:
        raise Http404
    if review.state == ReviewState.ASSIGNED:
        return _declare(request, review)
    if review.state == ReviewState.RECUSED:
        messages.info(request, gettext("You declared a conflict of interest in this application."))
        return redirect("admin:my_reviews")
    if review.state == ReviewState.OPEN and review.application.state in REVIEWED_IN:
        return _score(request, review)
    return _read(request, review)


def _declare(request: HttpRequest, review: Review) -> HttpResponse:
    """Only the card: nothing of the file before the declaration."""
    form = DeclarationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        conflicted = given["conflicted"] == "yes"
        try:
            conflicts.declare(
                application=review.application,
                conflicted=conflicted,
                words=given["words"],
                acting_user=acting(request),
            )
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            if not conflicted:
                return redirect(_address(review))
            messages.success(request, gettext("Noted. The application is no longer shown to you."))
            return redirect("admin:my_reviews")
    return _page(request, review, "declare", {"form": form})


def _score(request: HttpRequest, review: Review) -> HttpResponse:
    criteria = rubric(review)
    posted = request.method == "POST"
    if posted and "conflict" in request.POST:
        return _recuse(request, review)
    form = ScoreForm(request.POST if posted else None, criteria=criteria, initial=_scored(review))
    if posted and form.is_valid() and _kept(request, review, form):
        return redirect("admin:my_reviews" if "submit" in request.POST else _address(review))
    return _page(request, review, "score", {"form": form, **_file(request, review)})


def _kept(request: HttpRequest, review: Review, form: ScoreForm) -> bool:
    """Save what was given and, if asked, hand it in; a refusal stands at its field."""
    user = acting(request)
    try:
        reviews.save_scores(review=review, acting_user=user, **form.given())
        if "submit" in request.POST:
            revision = form.cleaned_data["revision"]
            reviews.submit_review(review=review, revision=revision, acting_user=user)
            messages.success(request, gettext("Your review is in."))
        else:
            messages.success(request, gettext("Kept. You can go on later."))
    except DomainError as refusal:
        refuse(form, refusal)
        return False
    return True


def _recuse(request: HttpRequest, review: Review) -> HttpResponse:
    """A conflict that shows only while reading."""
    conflicts.declare(application=review.application, conflicted=True, acting_user=acting(request))
    messages.success(request, gettext("Noted. The application is no longer shown to you."))
    return redirect("admin:my_reviews")


def _read(request: HttpRequest, review: Review) -> HttpResponse:
    """Handed in, or too late: nothing to fill in."""
    if request.method == "POST":
        try:
            reviews.reopen_review(review=review, acting_user=acting(request))
        except DomainError as refusal:
            messages.error(request, refusal.message)
        return redirect(_address(review))
    outdated = (
        review.state == ReviewState.SUBMITTED
        and (review.revision or 0) < review.application.revision
    )
    context = {
        **_file(request, review),
        "outdated": outdated,
        "may_reopen": outdated and review.application.state in REVIEWED_IN,
        "scores": scores_of(review.application, request.user),
    }
    return _page(request, review, "read", context)


def _file(request: HttpRequest, review: Review) -> dict[str, Any]:
    file = review.application
    return {
        "answers": answers_for(review),
        "documents": documents_for(request.user, file),
    }


def _scored(review: Review) -> dict[str, Any]:
    """What was kept so far."""
    initial: dict[str, Any] = {
        "recommendation": review.recommendation,
        "comment": review.comment,
        "revision": review.application.revision,
    }
    for score in review.scores.select_related("criterion"):
        initial[f"points_{score.criterion.key}"] = score.points
        initial[f"words_{score.criterion.key}"] = score.words
    return initial


def _points(row: Criterion) -> forms.Field:
    weight = f"{capfirst(gettext('weight'))} {row.weight}"
    help_text = f"{row.help} · {weight}" if row.help else weight
    if row.most > MOST_BUTTONS:
        return forms.IntegerField(
            label=row.label, required=False, min_value=0, max_value=row.most, help_text=help_text
        )
    language = (get_language() or "fr")[:2]
    choices = []
    for points in range(row.most + 1):
        words = row.scale.get(str(points), {})
        said = words.get(language) or words.get("fr", "")
        choices.append((str(points), f"{points} · {said}" if said else str(points)))
    return forms.ChoiceField(
        label=row.label,
        required=False,
        choices=choices,
        widget=forms.RadioSelect,
        help_text=help_text,
    )


def _page(request: HttpRequest, review: Review, name: str, context: dict[str, Any]) -> HttpResponse:
    return TemplateResponse(
        request,
        f"applications/reviewing/{name}.html",
        {
            **admin.site.each_context(request),
            "title": review.application,
            "review": review,
            "application": review.application,
            "back": reverse("admin:my_reviews"),
            **context,
        },
    )


def _address(review: Review) -> str:
    return reverse("admin:review", args=[review.pk])
