"""What people may know of a file: the applicant's trail, what a batch would publish."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from applications.labels import Outcome, applicant_label
from applications.models import Application, Decision
from applications.workflow import State, Step


@dataclass(frozen=True, slots=True)
class Told:
    """A stage that the applicant has reached, in the words kept for them."""

    at: dt.datetime
    label: str | Promise


# Behind closed doors: the applicant sees what comes of it when it is published.
_UNTOLD: Final = frozenset({Step.DECIDE, Step.REVOKE_DECISION, Step.RETURN_TO_REVIEW})


def trail_for_applicant(application: Application) -> list[Told]:
    """The stages as the applicant may know them; what has the same name twice running is one."""
    told: list[Told] = []
    for step in application.transitions.order_by("id"):
        if step.step in _UNTOLD:
            continue
        outcome = Outcome.ADMIT if step.step == Step.PUBLISH_ADMISSION else None
        label = applicant_label(step.target, outcome)
        if not told or told[-1].label != label:
            told.append(Told(step.at, label))
    return told


def published_outcomes(applications: Iterable[Application]) -> dict[int, str]:
    """What applicants know of the decisions in force, by the application's id; one query."""
    published = Decision.objects.in_force().filter(published_at__isnull=False)
    return dict(
        published.filter(application__in=applications).values_list("application_id", "outcome")
    )


@dataclass(frozen=True, slots=True)
class Publishable:
    """What publishing would do to a file: `outcome` is told, unless there is an `obstacle`."""

    application: Application
    outcome: str
    obstacle: str | Promise


def publishable(applications: QuerySet[Application], user: Any) -> list[Publishable]:
    """What a batch would do to each file, in the order of the references; three queries."""
    allowed = set(
        Application.objects.visible_to(user, Action.DECIDE)
        .filter(pk__in=applications.values("pk"))
        .values_list("pk", flat=True)
    )
    in_force = {
        decision.application_id: decision
        for decision in Decision.objects.in_force().filter(
            application__in=applications.values("pk")
        )
    }
    rows = []
    for file in applications.select_related("site").order_by("reference"):
        decision = in_force.get(file.pk)
        if file.pk not in allowed:
            obstacle: str | Promise = _("You may not decide at this site.")
        elif file.state != State.DECIDED or decision is None:
            obstacle = _("Nothing is decided.")
        elif decision.published_at is not None:
            obstacle = _("Published already.")
        else:
            obstacle = ""
        rows.append(Publishable(file, decision.get_outcome_display() if decision else "", obstacle))
    return rows
