"""Who reads which remark on a file."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from accounts.rights import Action
from applications.labels import Visibility
from applications.models import Application, Remark
from applications.permissions import reads_all


def remarks_for_applicant(application: Application) -> QuerySet[Remark]:
    """What was said between the applicant and the staff, the oldest first."""
    return (
        application.remarks.filter(visibility=Visibility.APPLICANT)
        .select_related("author")
        .order_by("id")
    )


def remarks_for(user: Any, application: Application) -> QuerySet[Remark]:
    """What a member of staff or a reviewer may read, the oldest first.

    The staff of the file's site read all of it; reviewers to whom it opened, what is meant for
    them; somebody in conflict, nothing.
    """
    rows = application.remarks.select_related("author").order_by("id")
    if reads_all(user, application):
        return rows
    if Application.objects.visible_to(user).filter(pk=application.pk).exists():
        return rows.filter(visibility=Visibility.REVIEWERS)
    return rows.none()


def awaiting_reply(user: Any) -> QuerySet[Application]:
    """The open files the user screens whose applicant had the last word, and wants an answer."""
    last = (
        Remark.objects.in_turn()
        .filter(application=OuterRef("pk"))
        .order_by("-id")
        .values("by_applicant")[:1]
    )
    return (
        Application.objects.visible_to(user, Action.SCREEN)
        .open()
        .alias(applicant_spoke_last=Subquery(last))
        .filter(applicant_spoke_last=True)
    )
