"""What must be true before a step: the words of the table's `guard` column."""

from collections.abc import Callable, Mapping
from typing import Final

from accounts.models import User
from applications.errors import (
    InConflict,
    NotAdmitted,
    NotFoundIneligible,
    OwnFile,
    SecondPersonNeeded,
)
from applications.labels import Outcome
from applications.models import Application, Decision, Declaration
from applications.permissions import applies
from applications.workflow import Guard

Check = Callable[[Application, User | None], None]
"""Raises a DomainError unless the locked application may take the step."""


def is_conflicted(application: Application, user: User) -> bool:
    """Whether the user declared a conflict of interest in the file."""
    return Declaration.objects.filter(application=application, user=user, conflicted=True).exists()


def require_free(application: Application, user: User | None) -> None:
    """Raises OwnFile for whoever applied with the file, and InConflict when the user declared a
    conflict in it. None is the system."""
    if user is None:
        return
    if applies(user, application):
        raise OwnFile
    if is_conflicted(application, user):
        raise InConflict


def _in_force(application: Application) -> Decision | None:
    return Decision.objects.in_force().filter(application=application).first()


def _admitted(application: Application, _user: User | None) -> None:
    decision = _in_force(application)
    if decision is None or not decision.admits:
        raise NotAdmitted


def _offerable(application: Application, _user: User | None) -> None:
    decision = _in_force(application)
    waiting = (
        decision is not None
        and decision.outcome == Outcome.WAITLIST
        and decision.published_at is not None
    )
    if decision is None or not (decision.admits or waiting):
        raise NotAdmitted


def _second_person(application: Application, user: User | None) -> None:
    finding = application.ineligibilities.unsettled().first()
    if finding is None:
        raise NotFoundIneligible
    if user is None or finding.found_by_id == user.pk:
        raise SecondPersonNeeded


GUARDS: Final[Mapping[Guard, Check]] = {
    Guard.ADMITTED: _admitted,
    Guard.OFFERABLE: _offerable,
    Guard.SECOND_PERSON: _second_person,
}
