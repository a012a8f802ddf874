"""Tasks of a file: added, given to somebody, done, taken up again."""

import datetime as dt
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import Action
from applications.errors import Anonymised, BadTask
from applications.models import Application, Task
from applications.permissions import applies
from applications.services.access import require_on_file
from applications.services.steps import locked
from applications.workflow import ENDS
from core.errors import NotAllowed
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
    """Something to do on the file beside its checklists. Raises BadTask, Anonymised, NotAllowed."""
    if not words.strip():
        raise BadTask(field="words", reason=_("Say what is to be done."))
    with recorded(acting_user):
        file = _kept(application)
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
    """It is done: staff say so, or the applicant of what is up to them. Done twice, the first time
    stands. Raises NotAllowed."""
    with recorded(acting_user):
        current = _settled_by(task, acting_user)
        if current.done_at is None:
            current.done_at = timezone.now()
            current.done_by = acting_user
            current.note = note.strip()
            current.clean_fields(exclude=_MAY_BE_NONE)
            current.save(update_fields=["done_at", "done_by", "note"])
    return current


def reopen_task(*, task: Task, acting_user: User | None) -> Task:
    """It is not done after all; what was noted stays until it is. The applicant takes back their
    own word alone, not what staff checked. Raises NotAllowed."""
    with recorded(acting_user):
        current = _settled_by(task, acting_user)
        if current.done_at is not None:
            _check_own_word(current, acting_user)
            current.done_at = None
            current.done_by = None
            current.save(update_fields=["done_at", "done_by"])
    return current


def _locked(task: Task, acting_user: User | None) -> Task:
    """The row, once its file is locked: the site that acts on it may just have changed."""
    current = _current(task)
    require_on_file(acting_user, Action.SCREEN, current.application)
    return current


def _settled_by(task: Task, user: User | None) -> Task:
    """The locked row, if it is the user's to call done or not."""
    current = _current(task)
    file, template = current.application, current.template
    theirs = user is not None and template is not None and template.for_applicant
    if not theirs or file.state in ENDS or not applies(user, file):
        require_on_file(user, Action.SCREEN, file)
    return current


def _check_own_word(task: Task, user: User | None) -> None:
    file = task.application
    if user is not None and applies(user, file):
        said_by = task.done_by
        if said_by is None or not applies(said_by, file):
            raise NotAllowed


def _current(task: Task) -> Task:
    file = _kept(task.application)
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


def _kept(application: Application) -> Application:
    """The locked file; nothing more is written of one that was anonymised."""
    file = locked(application)
    if file.anonymised_at is not None:
        raise Anonymised
    return file
