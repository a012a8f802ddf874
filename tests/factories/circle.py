"""Who stands around a file: staff near and far, its reviewers, somebody in conflict."""

from django.utils import timezone

from accounts.choices import Role
from accounts.models import User
from applications.models import Application, Declaration, Review
from core.periods import today
from tests.factories import scene


def reviewer_of(file: Application, state: str) -> User:
    user = scene.staff(Role.REVIEWER, file.site)
    Review.objects.create(
        application=file,
        reviewer=user,
        state=state,
        assigned_at=timezone.now(),
        due_on=today(),
    )
    return user


def in_conflict(file: Application, user: User) -> User:
    Declaration.objects.create(
        application=file, user=user, conflicted=True, declared_at=timezone.now()
    )
    return user


def around(file: Application) -> dict[str, User]:
    """An officer and an auditor who read it, and others: only `opened`, a reviewer to whom it has
    opened, reads a part."""
    return {
        "officer": scene.staff(Role.ADMISSIONS_OFFICER, file.site),
        "auditor": scene.staff(Role.AUDITOR),
        "opened": reviewer_of(file, "open"),
        "closed": reviewer_of(file, "assigned"),
        "conflicted": in_conflict(file, scene.staff(Role.DIRECTOR)),
        "elsewhere": scene.staff(Role.ADMISSIONS_OFFICER, scene.site("RAB")),
        "finance": scene.staff(Role.FINANCE_OFFICER, file.site),
    }
