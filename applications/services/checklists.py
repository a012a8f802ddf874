"""The lines of a checklist come to a file: those of its site, and those of every site."""

import datetime as dt

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from applications.labels import TaskList
from applications.models import Application, Task, TaskTemplate
from core.periods import today


def copy_checklist(
    application: Application,
    name: TaskList,
    *,
    assignee: User | None,
    acting_user: User | None,
) -> None:
    """Give a *locked* file the lines of the checklist that it does not have yet.

    A line that applicants see to is nobody's among staff.
    """
    day, now = today(), timezone.now()
    lines = TaskTemplate.objects.filter(
        Q(site=application.site_id) | Q(site=None), list=name, retired=False
    )
    Task.objects.bulk_create(
        (
            Task(
                application=application,
                list=name,
                template=line,
                assignee=None if line.for_applicant else assignee,
                due_on=day + dt.timedelta(days=line.days) if line.days is not None else None,
                created_by=acting_user,
                created_at=now,
            )
            for line in lines
        ),
        ignore_conflicts=True,  # a file that is opened again keeps what was done
    )
