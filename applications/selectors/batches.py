"""What an act on many files would do to each, and why it cannot be done to some."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.errors import ImpossibleStep, LetterNotApproved, OutcomeRanOut
from applications.labels import ApplicationState, LetterState
from applications.models import Application, Decision, Letter
from applications.workflow import TRANSITIONS, State, Step


@dataclass(frozen=True, slots=True)
class Prospect:
    """What would become of a file (`outcome`), unless there is an `obstacle`."""

    application: Application
    outcome: str | Promise
    obstacle: str | Promise
    decision: Decision | None = None
    """What publishing would tell."""


def prospects(applications: QuerySet[Application], step: Step, user: Any) -> list[Prospect]:
    """What the step would do to each file, by the workflow's table, in the order of the
    references; two queries."""
    row = TRANSITIONS[step]
    if row.guard is not None or row.target is None or row.needs_reason:
        raise ValueError(f"{step} is no step for many files at once")
    allowed = _allowed(applications, step, user)
    target = ApplicationState(row.target).label
    found = []
    for file in applications.select_related("site").order_by("reference"):
        obstacle: str | Promise = ""
        if file.pk not in allowed:
            obstacle = _("You may not do this at this site.")
        elif State(file.state) not in row.sources:
            obstacle = ImpossibleStep(state=file.get_state_display()).message
        found.append(Prospect(file, target, obstacle))
    return found


def publishable(applications: QuerySet[Application], user: Any) -> list[Prospect]:
    """What publishing would tell of each file, in the order of the references; four queries."""
    allowed = _allowed(applications, Step.PUBLISH_REFUSAL, user)
    in_force = {
        decision.application_id: decision
        for decision in Decision.objects.in_force().filter(
            application__in=applications.values("pk")
        )
    }
    drafts = set(
        Letter.objects.filter(
            application__in=applications.values("pk"), state=LetterState.DRAFT
        ).values_list("application_id", flat=True)
    )
    found = []
    for file in applications.select_related("site__lessor").order_by("reference"):
        decision = in_force.get(file.pk)
        if file.pk not in allowed:
            obstacle: str | Promise = _("You may not decide at this site.")
        elif decision is not None and decision.published_at is not None:
            obstacle = _("Published already.")
        elif file.state != State.DECIDED or decision is None:
            obstacle = _("Nothing is decided.")
        elif decision.ran_out:
            obstacle = OutcomeRanOut.text
        elif file.pk in drafts:
            obstacle = LetterNotApproved.text
        else:
            obstacle = ""
        outcome = decision.get_outcome_display() if decision else ""
        found.append(Prospect(file, outcome, obstacle, decision))
    return found


def _allowed(applications: QuerySet[Application], step: Step, user: Any) -> set[int]:
    rows = Application.objects.visible_to(user, TRANSITIONS[step].right)
    return set(rows.filter(pk__in=applications.values("pk")).values_list("pk", flat=True))
