"""What programs outside are told of a file: the steps that its applicant is told too.

Each announcement leads from the state that was announced last to the new one, so that what lies
between, behind closed doors, is not even told by a gap.
"""

from typing import Any, Final

from applications.labels import ApplicationStep
from applications.models import Application, Transition
from applications.selectors.files import UNTOLD
from applications.workflow import State, Step
from sites.services import webhooks

_UNTOLD: Final = UNTOLD | {
    # Nobody has sent it yet, or it was never sent.
    Step.DISCARD_DRAFT,
    Step.EXPIRE_DRAFT,
    Step.RESUME_DRAFT,
    # Nobody is written to: whoever sent it must not learn how it was found out.
    Step.MARK_SPAM,
}
EVENTS: Final = {
    f"application.{step}": ApplicationStep(step).label for step in Step if step not in _UNTOLD
}


def announce_step(file: Application, step: Step, target: State) -> None:
    """Call it in the step's transaction, before the step stands in the trail."""
    if step in _UNTOLD:
        return
    webhooks.announce(
        event=f"application.{step}",
        site=file.site,
        payload=lambda: _payload(file, step, target),
    )


def _payload(file: Application, step: Step, target: State) -> dict[str, Any]:
    told = Transition.objects.filter(application=file).exclude(step__in=_UNTOLD)
    last = told.order_by("-id").first()
    return {
        "reference": file.reference,
        "site": file.site.code,
        "step": step.value,
        "from": last.target if last is not None else None,
        "to": target.value,
        "at": file.state_since.isoformat(),
    }
