"""The applicant's own file: where it stands, the offer, the answer."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from applications.labels import APPLICANT_LABELS
from applications.models import Application, Offer
from applications.services import answers
from applications.terms import from_json
from applications.workflow import Actor, State, steps_from
from core.errors import DomainError

PROGRESS = (State.SUBMITTED, State.OFFERED, State.ACCEPTED, State.TENANT)


@login_required
@require_GET
def my_applications(request: HttpRequest) -> HttpResponse:
    """Everything this person has sent us, the newest first."""
    files = Application.objects.of_applicant(request.user).select_related("site")
    rows = [{"file": file, "state": APPLICANT_LABELS[State(file.state)]} for file in files]
    return render(request, "applications/my_applications.html", {"rows": rows})


@login_required
@require_GET
def my_application(request: HttpRequest, reference: str) -> HttpResponse:
    """One of the user's own files; anybody else's does not exist for them."""
    file = _own(request, reference)
    offer = file.offers.select_related("space__floor", "space__building").first()
    state = State(file.state)
    return render(
        request,
        "applications/my_application.html",
        {
            "application": file,
            "state_label": APPLICANT_LABELS[state],
            "progress": _progress(state),
            "can": [str(step) for step in steps_from(state, Actor.APPLICANT)],
            "offer": offer,
            "steps": from_json(offer.steps) if offer else [],
            "trail": [
                {"at": step.at, "label": APPLICANT_LABELS[State(step.target)]}
                for step in file.transitions.order_by("id")
            ],
        },
    )


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


def _progress(state: State) -> list[dict[str, Any]]:
    """The way to the keys, how far the file has come; nothing when it left that way."""
    if state not in PROGRESS:
        return []
    reached = PROGRESS.index(state)
    return [
        {"label": APPLICANT_LABELS[step], "done": index < reached, "current": index == reached}
        for index, step in enumerate(PROGRESS)
    ]


def _own(request: HttpRequest, reference: str) -> Application:
    own = Application.objects.of_applicant(request.user).select_related("site")
    return get_object_or_404(own, reference=reference)
