"""The outcome: taken behind closed doors, then published."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from applications.errors import BadDecision, ImpossibleStep, NothingToPublish, OutcomeRanOut
from applications.labels import DeclineReason, Outcome
from applications.models import Application, Decision
from applications.services.letters import send_letter
from applications.services.steps import locked, take_step
from applications.workflow import Step
from core.history import recorded
from core.periods import today

_PUBLISHED_BY: Final[Mapping[str, Step]] = {
    Outcome.ADMIT: Step.PUBLISH_ADMISSION,
    Outcome.ADMIT_WITH_CONDITIONS: Step.PUBLISH_ADMISSION,
    Outcome.WAITLIST: Step.PUBLISH_WAITING,
    Outcome.DEFER: Step.PUBLISH_DEFERRAL,
    Outcome.REFUSE: Step.PUBLISH_REFUSAL,
}


def decide(
    *,
    application: Application,
    outcome: str,
    acting_user: User | None,
    reasons: Sequence[str] = (),
    conditions: str = "",
    note: str = "",
    until: dt.date | None = None,
) -> Decision:
    """Take the decision; the applicant learns nothing before it is published.

    `until`: the last day of a place on the waiting list, or the day a deferred file comes back.
    Raises BadDecision (with its field), ImpossibleStep, NotAllowed.
    """
    _check(outcome, reasons, conditions, until)
    with recorded(acting_user, reason=note):
        file = locked(application)
        if not take_step(file, Step.DECIDE, acting_user=acting_user, reason=note):
            known: Decision = file.decisions.in_force().get()
            same = (outcome, list(reasons), conditions.strip(), until)
            if (known.outcome, known.reasons, known.conditions, known.until) != same:
                raise ImpossibleStep(state=file.get_state_display())  # another was faster
            return known
        return Decision.objects.create(
            application=file,
            outcome=outcome,
            reasons=list(reasons),
            conditions=conditions.strip(),
            note=note.strip(),
            until=until,
            decided_at=timezone.now(),
            decided_by=acting_user,
        )


def revoke_decision(
    *, application: Application, reason: str, acting_user: User | None
) -> Application:
    """Take a decision back, published or not: the file is before the committee again."""
    with recorded(acting_user, reason=reason):
        file = locked(application)
        take_step(file, Step.REVOKE_DECISION, acting_user=acting_user, reason=reason)
    return file


def publish(*, application: Application, acting_user: User | None) -> Decision:
    """Tell the applicant. Published twice, the second changes nothing.

    An admission waits for its offer, a refusal ends the file, the others have states of their
    own. Raises NothingToPublish, OutcomeRanOut, LetterNotApproved, ImpossibleStep, NotAllowed.
    """
    with recorded(acting_user):
        file = locked(application)
        decision = file.decisions.in_force().first()
        if decision is None:
            raise NothingToPublish
        if decision.published_at is not None:
            return decision
        if decision.ran_out:
            raise OutcomeRanOut
        take_step(file, _PUBLISHED_BY[decision.outcome], acting_user=acting_user)
        mark_published(decision, acting_user)
        send_letter(file, decision, "decision", acting_user)
    return decision


def mark_published(decision: Decision, acting_user: User | None) -> None:
    """Used by `publish`, and by an offer that is made before its admission was published."""
    decision.published_at = timezone.now()
    decision.published_by = acting_user
    decision.save(update_fields=["published_at", "published_by"])


def _check(outcome: str, reasons: Sequence[str], conditions: str, until: dt.date | None) -> None:
    if outcome not in Outcome.values:
        raise BadDecision(field="outcome", reason=_("Choose an outcome."))
    known = set(DeclineReason.values)
    if (outcome == Outcome.REFUSE) != bool(reasons) or not known.issuperset(reasons):
        raise BadDecision(
            field="reasons", reason=_("A refusal, and nothing else, names at least one reason.")
        )
    if (outcome == Outcome.ADMIT_WITH_CONDITIONS) != bool(conditions.strip()):
        raise BadDecision(
            field="conditions",
            reason=_("An admission with conditions, and nothing else, says which."),
        )
    if until is not None and (outcome not in {Outcome.WAITLIST, Outcome.DEFER} or until < today()):
        raise BadDecision(
            field="until",
            reason=_("Only a place on the waiting list or a deferral ends, and in the future."),
        )
