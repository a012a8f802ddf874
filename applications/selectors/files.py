"""What people may know of a file: the applicant's trail, what a batch would publish."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise

from applications.labels import Outcome, applicant_label
from applications.models import Application, Decision
from applications.workflow import Step


@dataclass(frozen=True, slots=True)
class Told:
    """A stage that the applicant has reached, in the words kept for them."""

    at: dt.datetime
    label: str | Promise


# Behind closed doors: the applicant sees what comes of it when it is published.
UNTOLD: Final = frozenset({Step.DECIDE, Step.REVOKE_DECISION, Step.RETURN_TO_REVIEW})


def trail_for_applicant(application: Application) -> list[Told]:
    """The stages as the applicant may know them; what has the same name twice running is one."""
    told: list[Told] = []
    for step in application.transitions.order_by("id"):
        if step.step in UNTOLD:
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
