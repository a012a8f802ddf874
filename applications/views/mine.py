"""The applicant's own file: where it stands, the offer, the answer."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from applications.forms import RequestedAnswers
from applications.labels import applicant_label
from applications.letters import reasons_in_words
from applications.models import Application, InformationRequest, Offer
from applications.selectors.files import published_outcomes, trail_for_applicant
from applications.services import answers, requests
from applications.terms import from_json
from applications.workflow import Actor, State, steps_from
from core.errors import DomainError

PROGRESS = (State.SUBMITTED, State.SCREENING, State.COMMITTEE_READY, State.OFFERED, State.ACCEPTED,
            State.TENANT)  # fmt: skip
_REACHED = {
    State.REVIEW: State.SCREENING,
    State.INFO_REQUESTED: State.SCREENING,
    State.DECIDED: State.COMMITTEE_READY,
    State.ONBOARDING: State.ACCEPTED,
}


@login_required
@require_GET
def my_applications(request: HttpRequest) -> HttpResponse:
    """Everything this person has sent us, the newest first."""
    files = list(Application.objects.of_applicant(request.user).select_related("site"))
    known = published_outcomes(files)
    rows = [
        {"file": file, "state": applicant_label(file.state, known.get(file.pk))} for file in files
    ]
    return render(request, "applications/my_applications.html", {"rows": rows})


@login_required
@require_GET
def my_application(request: HttpRequest, reference: str) -> HttpResponse:
    """One of the user's own files; anybody else's does not exist for them."""
    return _page(request, _own(request, reference))


@login_required
@require_POST
def answer(request: HttpRequest, reference: str, verb: str) -> HttpResponse:
    """Accept or decline the open offer, or withdraw."""
    file = _own(request, reference)
    reason = request.POST.get("reason", "")
    user = request.user
    assert user.is_authenticated
    try:
        if verb == "withdraw":
            answers.withdraw(application=file, reason=reason, acting_user=user)
        else:
            offer = get_object_or_404(Offer, application=file, pk=request.POST.get("offer"))
            if verb == "accept":
                answers.accept_offer(offer=offer, acting_user=user)
            else:
                answers.decline_offer(offer=offer, reason=reason, acting_user=user)
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("my_application", reference=reference)


@login_required
@require_POST
def answer_request(request: HttpRequest, reference: str) -> HttpResponse:
    """What was asked for, and nothing else; a refused answer comes back with what was typed."""
    file = _own(request, reference)
    user = request.user
    assert user.is_authenticated
    asked = _asked(file)
    if asked is None:
        messages.error(request, gettext("Nothing is asked of you any more."))
        return redirect("my_application", reference=reference)
    form = RequestedAnswers(request.POST, asked=asked.keys, application=file)
    if form.is_valid():
        try:
            requests.answer_request(application=file, changes=form.cleaned_data, acting_user=user)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, gettext("Thank you: we go on with your application."))
            return redirect("my_application", reference=reference)
    return _page(request, file, form=form, status=422)


def _page(
    request: HttpRequest,
    file: Application,
    *,
    form: RequestedAnswers | None = None,
    status: int = 200,
) -> HttpResponse:
    offer = file.offers.select_related("space__floor", "space__building").first()
    decision = file.decisions.in_force().filter(published_at__isnull=False).first()
    state = State(file.state)
    asked = _asked(file) if state == State.INFO_REQUESTED else None
    if asked is not None and form is None:
        form = RequestedAnswers(asked=asked.keys, application=file)
    return render(
        request,
        "applications/my_application.html",
        {
            "application": file,
            "state_label": applicant_label(state, decision.outcome if decision else None),
            "progress": _progress(state),
            "can": [str(step) for step in steps_from(state, Actor.APPLICANT)],
            "decision": decision,
            "reasons": reasons_in_words(decision) if decision else [],
            "asked": asked.request if asked else None,
            "form": form,
            "offer": offer,
            "steps": from_json(offer.steps) if offer else [],
            "trail": trail_for_applicant(file),
        },
        status=status,
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    request: InformationRequest
    keys: list[str]


def _asked(file: Application) -> _Asked | None:
    found = file.requests.open().prefetch_related("items").first()
    return _Asked(found, [item.key for item in found.items.all()]) if found else None


def _progress(state: State) -> list[dict[str, Any]]:
    """The way to the keys, how far the file has come; nothing when it left that way."""
    state = _REACHED.get(state, state)
    if state not in PROGRESS:
        return []
    reached = PROGRESS.index(state)
    return [
        {"label": applicant_label(step), "done": index < reached, "current": index == reached}
        for index, step in enumerate(PROGRESS)
    ]


def _own(request: HttpRequest, reference: str) -> Application:
    own = Application.objects.of_applicant(request.user).select_related("site")
    return get_object_or_404(own, reference=reference)
