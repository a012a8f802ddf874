"""The clock of a file: how long staff have had it, against the target of the stage.

It stands still while the applicant is awaited: what was left of the stage is kept, and goes on
when the answer is there.
"""

import datetime as dt

from django.db.models import F

from applications.models import Application, StageTarget
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


def _target(site_id: int, state: State) -> int | None:
    """The site's own target in days, else the network's; None where nobody set one."""
    if state not in HAS_TARGET:
        return None
    targets = StageTarget.objects.filter(stage=state)
    own = targets.filter(site=site_id) | targets.filter(site=None)
    return own.order_by(F("site").asc(nulls_last=True)).values_list("days", flat=True).first()
