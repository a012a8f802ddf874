"""Taking a step: lock, check, change the state, write the trail. Used by every service here."""

from django.utils import timezone

from accounts.models import User
from applications.errors import Anonymised, ImpossibleStep, ReasonNeeded
from applications.models import Application, Transition
from applications.permissions import answers_for, applies
from applications.services.announcing import announce_step
from applications.services.clock import turn_the_clock
from applications.services.effects import EFFECTS
from applications.services.guards import GUARDS, require_free
from applications.services.keeping import set_retain_until
from applications.workflow import TRANSITIONS, Actor, State, Step
from applications.workflow import Transition as Row
from core.errors import NotAllowed
from sites.permissions import require


def locked(application: Application) -> Application:
    """The row, locked until the transaction ends.

    Locked first, joined afterwards: PostgreSQL checks a join again against the rows it had found
    before it waited, so that a file whose site changed meanwhile would not be there at all.
    """
    rows = Application.objects.filter(pk=application.pk)
    rows.select_for_update().values_list("pk").get()
    return rows.select_related("site", "company").get()


def take_step(
    application: Application,
    step: Step,
    *,
    acting_user: User | None,
    reason: str = "",
    back_to: State | None = None,
) -> bool:
    """Move a *locked* application by one step, with what the table says follows.

    `back_to` is where a step without a target of its own leads. Returns False, and changes
    nothing, when this very step was the last one taken: it was asked twice. Raises NotAllowed,
    OwnFile, InConflict, Anonymised, ImpossibleStep (with the state the file is in), ReasonNeeded,
    and what the guard raises.
    """
    row = TRANSITIONS[step]
    _check_actor(application, row, acting_user)
    if application.anonymised_at is not None:
        raise Anonymised
    source = State(application.state)
    if source not in row.sources:
        if _was_last(application, step):
            return False
        raise ImpossibleStep(state=application.get_state_display())
    if row.needs_reason and not reason.strip():
        raise ReasonNeeded
    if row.guard is not None:
        GUARDS[row.guard](application, acting_user)
    target = row.target or back_to
    if target is None:
        raise ValueError(f"{step} needs back_to")
    _move(application, step, source, target, acting_user=acting_user, reason=reason)
    for effect in row.effects:
        EFFECTS[effect](application, acting_user, reason)
    return True


def _move(
    application: Application,
    step: Step,
    source: State,
    target: State,
    *,
    acting_user: User | None,
    reason: str,
) -> None:
    now = timezone.now()
    application.state = target
    application.state_since = now
    turn_the_clock(application, source, now)
    set_retain_until(application, now)
    application.save(update_fields=["state", "state_since", "due_at", "time_left", "retain_until"])
    announce_step(application, step, target)
    Transition.objects.create(
        application=application,
        step=step,
        source=source,
        target=target,
        at=now,
        acting_user=acting_user,
        reason=reason.strip(),
    )


def _was_last(application: Application, step: Step) -> bool:
    last = Transition.objects.filter(application=application).order_by("-id").first()
    return last is not None and last.step == step


def _check_actor(application: Application, row: Row, user: User | None) -> None:
    if row.actor == Actor.STAFF:
        require(user, row.right, "application", application.site_id)
        require_free(application, user)
    elif row.actor == Actor.APPLICANT and user is not None and user.pk != application.applicant_id:
        # Staff may answer for an applicant who telephones.
        own = (row.shared and applies(user, application)) or (
            row.by_partner and answers_for(user, application)
        )
        if not own:
            require(user, row.right, "application", application.site_id)
            require_free(application, user)
    elif row.actor == Actor.SYSTEM and user is not None:
        raise NotAllowed
