"""What an applicant reads on their own page, beside the documents and the conversation."""

from typing import Final

from django.db.models import QuerySet

from applications.models import Application, CoApplicant, Decision, Task
from applications.workflow import State
from core.models import Message, MessageState

OFFER_SHOWN: Final = (State.OFFERED, State.ACCEPTED, State.ONBOARDING, State.TENANT)
"""Where the file's last offer stands on the applicant's page."""


def published_decision(application: Application) -> Decision | None:
    """The decision in force, once it is published."""
    found: Decision | None = (
        application.decisions.in_force().filter(published_at__isnull=False).first()
    )
    return found


def tasks_of_applicant(application: Application) -> QuerySet[Task]:
    """The lines of the checklists that are up to the applicant."""
    tasks = application.tasks.filter(template__for_applicant=True)
    return tasks.select_related("template").order_by("template__position", "id")


def letters_about(application: Application, matter: str) -> QuerySet[Message]:
    """The letters on that matter, the newest first."""
    about = Message.objects.filter(matter=f"application:{application.pk}:{matter}")
    return about.order_by("-id")


def unreached_beside(application: Application) -> set[str]:
    """The addresses that refused their last invitation."""
    letters = Message.objects.filter(matter__startswith=f"application:{application.pk}:invitation-")
    last = dict(letters.order_by("id").values_list("to", "state"))
    return {address for address, state in last.items() if state == MessageState.FAILED}


def way_back_refused(application: Application) -> bool:
    """Whether the draft's address refused the last letter, or there is none like it."""
    last = letters_about(application, "draft").filter(to=application.contact_email)
    return last.values_list("state", flat=True).first() == MessageState.FAILED


def people_beside(application: Application) -> QuerySet[CoApplicant]:
    """Those invited to the file, come or not."""
    return application.co_applicants.filter(removed_at__isnull=True).order_by("id")
