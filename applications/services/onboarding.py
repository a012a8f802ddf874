"""From the accepted offer to the keys."""

from accounts.models import User
from applications.models import Application
from applications.services.steps import locked, take_step
from applications.workflow import Step
from core.history import recorded


def start_onboarding(*, application: Application, acting_user: User | None) -> Application:
    """An officer begins to settle what is left until the keys."""
    with recorded(acting_user):
        file = locked(application)
        take_step(file, Step.START_ONBOARDING, acting_user=acting_user)
    return file
