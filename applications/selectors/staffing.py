"""Who can work on a file."""

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.rights import RIGHTS, Action
from applications.models import Application, Declaration

_SCREENING_ROLES = [
    role for role, rights in RIGHTS.items() if Action.SCREEN in rights.get("application", ())
]


def workers_on(application: Application) -> QuerySet[User]:
    """Staff whose role at the file's site lets them screen, without those in conflict."""
    here = Q(memberships__site=application.site_id) | Q(memberships__site=None)
    conflicted = Declaration.objects.filter(application=application, conflicted=True)
    return (
        User.objects.filter(here, memberships__role__in=_SCREENING_ROLES, is_active=True)
        .exclude(pk__in=conflicted.values("user"))
        .distinct()
        .order_by("name", "email")
    )
