"""Who can work on a file."""

from django.db.models import QuerySet

from accounts.models import User
from accounts.rights import Action
from applications.models import Application, Declaration
from sites.models import Membership


def workers_on(application: Application) -> QuerySet[User]:
    """Staff whose role at the file's site lets them screen, without those in conflict."""
    here = Membership.objects.at(application.site_id).that_may(Action.SCREEN, "application")
    conflicted = Declaration.objects.filter(application=application, conflicted=True)
    return (
        User.objects.filter(is_active=True, pk__in=here.values("user"))
        .exclude(pk__in=conflicted.values("user"))
        .order_by("name", "email")
    )
