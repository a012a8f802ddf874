"""What becomes of an accepted application when its lease is signed or cancelled."""

from accounts.models import User
from applications.models import Application
from applications.services.decisions import close_offer
from applications.services.steps import locked, take_step
from applications.workflow import State, Step
from core.history import recorded


def become_tenant(*, application: Application, acting_user: User | None) -> None:
    """The lease is signed."""
    with recorded(acting_user):
        file = locked(application)
        if file.state == State.ACCEPTED:
            take_step(file, Step.BECOME_TENANT, acting_user=None)


def lease_cancelled(*, application: Application, reason: str, acting_user: User | None) -> None:
    """The draft lease is cancelled: the offer is closed and its hold freed."""
    with recorded(acting_user, reason=reason):
        file = locked(application)
        if file.state == State.ACCEPTED:
            take_step(file, Step.CANCEL_LEASE, acting_user=None, reason=reason)
            close_offer(file, state="cancelled", acting_user=acting_user)
