"""What an applicant reads on their own page, beside the documents and the conversation."""

from django.db.models import QuerySet

from applications.models import Application, CoApplicant, Decision, Task


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


def people_beside(application: Application) -> QuerySet[CoApplicant]:
    """Those invited to the file, come or not."""
    return application.co_applicants.filter(removed_at__isnull=True).order_by("id")
