"""The clock of a file: how long staff have had it, against the target of the stage.

It stands still while the applicant is awaited: what was left of the stage is kept, and goes on
when the answer is there.
"""

import datetime as dt

from django.db.models import F

from applications.models import Application, InformationRequest, StageTarget, Transition
from applications.workflow import HAS_TARGET, State


def turn_the_clock(application: Application, source: State, now: dt.datetime) -> None:
    """Set `due_at` and `time_left` for the state the file has just come to; saves nothing."""
    state = State(application.state)
    if state == source:
        return
    if state == State.INFO_REQUESTED:
        application.time_left = application.due_at - now if application.due_at else None
        application.due_at = None
    elif source == State.INFO_REQUESTED and state in HAS_TARGET:
        left, application.time_left = application.time_left, None
        application.due_at = now + left if left is not None else None
    else:
        days = _target(application.site_id, state)
        application.time_left = None
        application.due_at = now + dt.timedelta(days=days) if days is not None else None


def change_site(application: Application, source_id: int) -> None:
    """The file has just come from another site: the stage's clock goes on, under the target of
    its new site. Saves nothing."""
    state, awaited = State(application.state), False
    if state == State.INFO_REQUESTED:
        asked: InformationRequest = application.requests.open().get()
        state, awaited = State(asked.asked_in), True
    here, there = _target(application.site_id, state), _target(source_id, state)
    if here is None:
        application.due_at = application.time_left = None
    elif there is None:
        # Nobody counted until now: from the day it came to this stage.
        since, whole = _came_to(application, state), dt.timedelta(days=here)
        if awaited:
            application.time_left = whole - (application.state_since - since)
        else:
            application.due_at = since + whole
    else:
        more = dt.timedelta(days=here - there)
        application.due_at = application.due_at and application.due_at + more
        application.time_left = application.time_left and application.time_left + more


def _came_to(application: Application, state: State) -> dt.datetime:
    came: Transition = application.transitions.filter(target=state).latest("id")
    return came.at


def _target(site_id: int, state: State) -> int | None:
    """The site's own target in days, else the network's; None where nobody set one."""
    if state not in HAS_TARGET:
        return None
    targets = StageTarget.objects.filter(stage=state)
    own = targets.filter(site=site_id) | targets.filter(site=None)
    return own.order_by(F("site").asc(nulls_last=True)).values_list("days", flat=True).first()
