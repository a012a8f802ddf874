"""What becomes of an accepted application when its lease is signed, handed over or cancelled."""

from accounts.models import User
from applications.models import Application
from applications.services.steps import locked, take_step
from applications.workflow import State, Step
from core.history import recorded
from tenants.services import keep_contact


def lease_signed(*, application: Application, acting_user: User | None) -> None:
    """What is left until the keys is onboarding, whether or not an officer has begun it."""
    with recorded(acting_user):
        file = locked(application)
        if file.state == State.ACCEPTED:
            take_step(file, Step.START_ONBOARDING, acting_user=None)


def become_tenant(*, application: Application, acting_user: User | None) -> None:
    """The keys are handed over.

    From now on the person of the application is the company's contact: kept with the lease, and no
    longer with the file. Until now they were an applicant's, whose data go if nothing comes of it.
    """
    with recorded(acting_user):
        file = locked(application)
        if file.state in {State.ACCEPTED, State.ONBOARDING}:
            take_step(file, Step.BECOME_TENANT, acting_user=None)
            if file.company is not None:
                keep_contact(
                    company=file.company,
                    name=file.contact_name,
                    email=file.contact_email,
                    phone=file.contact_phone,
                    acting_user=acting_user,
                )


def lease_cancelled(*, application: Application, reason: str, acting_user: User | None) -> None:
    """The lease is cancelled: the offer is closed, its hold freed, and another can be made.

    Nothing to do where it is the application that was withdrawn first.
    """
    with recorded(acting_user, reason=reason):
        file = locked(application)
        if file.state in {State.ACCEPTED, State.ONBOARDING}:
            take_step(file, Step.CANCEL_LEASE, acting_user=None, reason=reason)
