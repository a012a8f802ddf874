"""The applicant's own file: where it stands, the offer, the answer."""

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


@login_required
@require_GET
def my_application(request: HttpRequest, reference: str) -> HttpResponse:
    """One of the user's own files; anybody else's does not exist for them."""
    file = _own(request, reference)
    offer = file.offers.select_related("space").first()
    return render(
        request,
        "applications/my_application.html",
        {
            "application": file,
            "state_label": APPLICANT_LABELS[State(file.state)],
            "can": [str(step) for step in steps_from(State(file.state), Actor.APPLICANT)],
            "offer": offer,
            "steps": from_json(offer.steps) if offer else [],
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


def _own(request: HttpRequest, reference: str) -> Application:
    own = Application.objects.of_applicant(request.user).select_related("site")
    return get_object_or_404(own, reference=reference)
