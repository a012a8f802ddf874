"""The page of one's own application: where it stands, what is asked, what was said and sent."""

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from applications.forms import RequestedAnswers, asked_of
from applications.labels import applicant_label
from applications.letters import reasons_in_words
from applications.models import Application
from applications.permissions import can_speak
from applications.selectors.applicant import (
    OFFER_SHOWN,
    people_beside,
    published_decision,
    tasks_of_applicant,
    unreached_beside,
)
from applications.selectors.conversation import remarks_for_applicant
from applications.selectors.documents import wanted_documents
from applications.selectors.files import trail_for_applicant
from applications.selectors.reading import chapters
from applications.terms import from_json
from applications.workflow import ENDS, TRANSITIONS, Actor, State, steps_from

PROGRESS: Final = (
    *(State.SUBMITTED, State.SCREENING, State.COMMITTEE_READY),
    *(State.OFFERED, State.ACCEPTED, State.TENANT),
)
_REACHED: Final = {
    State.REVIEW: State.SCREENING,
    State.INFO_REQUESTED: State.SCREENING,
    State.DECIDED: State.COMMITTEE_READY,
    State.ONBOARDING: State.ACCEPTED,
}


def own_page(
    request: HttpRequest,
    file: Application,
    *,
    form: RequestedAnswers | None = None,
    typed: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """`typed` and `wrong`: what stood in the small forms, and why it was refused, by field."""
    offer = file.offers.select_related("space__floor", "space__building").first()
    decision = published_decision(file)
    state = State(file.state)
    asked = asked_of(file) if state == State.INFO_REQUESTED else None
    if asked is not None and form is None:
        form = asked.form(file)
    owner = request.user.pk == file.applicant_id
    people = list(people_beside(file))
    return render(
        request,
        "applications/my_application.html",
        {
            "application": file,
            "owner": owner,
            "state_label": applicant_label(state, decision.outcome if decision else None),
            "progress": _progress(state),
            "can": [
                step.value
                for step in steps_from(state, Actor.APPLICANT)
                if owner or TRANSITIONS[step].shared
            ],
            "decision": decision,
            "reasons": reasons_in_words(decision) if decision else [],
            "asked": asked,
            "form": form,
            "offer": offer if state in OFFER_SHOWN else None,
            "steps": from_json(offer.steps) if offer else [],
            "tasks": [] if state in ENDS else list(tasks_of_applicant(file)),
            "wanted": wanted_documents(file),
            "remarks": list(remarks_for_applicant(file)),
            "may_write": bool(can_speak(request.user, file, "applicant")),
            "people": people,
            "unreached": unreached_beside(file),
            "open": state not in ENDS,
            "ours": {file.applicant_id, *(person.user_id for person in people)} - {None},
            "chapters": chapters(file, contact=True),
            "trail": trail_for_applicant(file),
            "typed": typed or {},
            "wrong": wrong or {},
        },
        status=status,
    )


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
