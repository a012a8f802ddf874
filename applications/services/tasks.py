"""Tasks of a file: added, given to somebody, done, taken up again."""

import datetime as dt
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import Action
from applications.errors import BadTask
from applications.models import Application, Task
from applications.services.access import require_on_file
from applications.services.steps import locked
from core.history import recorded
from sites.permissions import can

_MAY_BE_NONE: Final = ["template", "assignee", "due_on", "created_by", "done_at", "done_by"]


def add_task(
    *,
    application: Application,
    words: str,
    acting_user: User | None,
    assignee: User | None = None,
    due_on: dt.date | None = None,
) -> Task:
    """Something to do on the file beside its checklists. Raises BadTask, NotAllowed."""
    if not words.strip():
        raise BadTask(field="words", reason=_("Say what is to be done."))
    with recorded(acting_user):
        file = locked(application)
        require_on_file(acting_user, Action.SCREEN, file)
        _check_assignee(assignee, file)
        task = Task(
            application=file,
            words=words.strip(),
            assignee=assignee,
            due_on=due_on,
            created_by=acting_user,
            created_at=timezone.now(),
        )
        task.clean_fields(exclude=_MAY_BE_NONE)
        task.save()
    return task


def assign_task(
    *,
    task: Task,
    assignee: User | None,
    due_on: dt.date | None,
    acting_user: User | None,
) -> Task:
    """Give a task to somebody (or to nobody), until a day. Raises BadTask, NotAllowed."""
    with recorded(acting_user):
        current = _locked(task, acting_user)
        _check_assignee(assignee, current.application)
        current.assignee = assignee
        current.due_on = due_on
        current.save(update_fields=["assignee", "due_on"])
    return current


def complete_task(*, task: Task, acting_user: User | None, note: str = "") -> Task:
    """It is done. Done twice, the first time stands. Raises NotAllowed."""
    with recorded(acting_user):
        current = _locked(task, acting_user)
        if current.done_at is None:
            current.done_at = timezone.now()
            current.done_by = acting_user
            current.note = note.strip()
            current.clean_fields(exclude=_MAY_BE_NONE)
            current.save(update_fields=["done_at", "done_by", "note"])
    return current


def reopen_task(*, task: Task, acting_user: User | None) -> Task:
    """It is not done after all; what was noted stays until it is. Raises NotAllowed."""
    with recorded(acting_user):
        current = _locked(task, acting_user)
        if current.done_at is not None:
            current.done_at = None
            current.done_by = None
            current.save(update_fields=["done_at", "done_by"])
    return current


def _locked(task: Task, acting_user: User | None) -> Task:
    """The row, once its file is locked: the site that acts on it may just have changed."""
    file = locked(task.application)
    require_on_file(acting_user, Action.SCREEN, file)
    current: Task = Task.objects.select_related("template").get(pk=task.pk)
    current.application = file
    return current


def _check_assignee(assignee: User | None, file: Application) -> None:
    """Only somebody who can work on the file, and has no conflict of interest in it."""
    if assignee is None:
        return
    works_here = can(assignee, Action.SCREEN, "application", file.site_id)
    seen = Application.objects.visible_to(assignee).filter(pk=file.pk)
    if not works_here or not seen.exists():
        raise BadTask(field="assignee", reason=_("This person cannot work on this file."))
