"""Taking a step: lock, check, change the state, write the trail. Used by every service here."""

from django.utils import timezone

from accounts.models import User
from accounts.rights import Action
from applications.errors import ImpossibleStep, ReasonNeeded
from applications.models import Application, Transition
from applications.workflow import TRANSITIONS, Actor, State, Step
from core.errors import NotAllowed
from sites.permissions import require


def locked(application: Application) -> Application:
    """The row, locked until the transaction ends."""
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related("site", "company")
        .get(pk=application.pk)
    )


def take_step(
    application: Application, step: Step, *, acting_user: User | None, reason: str = ""
) -> Application:
    """Move a *locked* application by one step.

    Raises NotAllowed, ImpossibleStep (with the state it is in), ReasonNeeded.
    """
    transition = TRANSITIONS[step]
    _check_actor(application, transition.actor, acting_user)
    source = State(application.state)
    if source not in transition.sources:
        raise ImpossibleStep(state=application.get_state_display())
    if transition.needs_reason and not reason.strip():
        raise ReasonNeeded
    now = timezone.now()
    application.state = transition.target
    application.state_since = now
    application.save(update_fields=["state", "state_since"])
    Transition.objects.create(
        application=application,
        step=step,
        source=source,
        target=transition.target,
        at=now,
        acting_user=acting_user,
        reason=reason.strip(),
    )
    return application


def _check_actor(application: Application, actor: Actor, user: User | None) -> None:
    if actor == Actor.STAFF:
        require(user, Action.DECIDE, "application", application.site_id)
    elif actor == Actor.APPLICANT and user is not None and user.pk != application.applicant_id:
        # Staff may answer for an applicant who telephones.
        require(user, Action.DECIDE, "application", application.site_id)
    elif actor == Actor.SYSTEM and user is not None:
        raise NotAllowed
