"""Who may speak on a file and open its documents, with the reason when not."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from applications.labels import ScanState, Visibility
from applications.models import Application, CoApplicant, Document
from applications.workflow import NEVER_SENT
from sites.permissions import YES, Verdict
from sites.scopes import is_partner, scope_of


def applies(user: Any, application: Application) -> bool:
    """Whether the file is the user's own, or one that they were invited to and came to."""
    if user.pk == application.applicant_id:
        return True
    return CoApplicant.objects.standing().filter(application=application.pk, user=user.pk).exists()


def answers_for(user: Any, application: Application) -> bool:
    """Whether a partner's program, which began the file, may do so on the applicant's word."""
    if not is_partner(user):
        return False
    own = Application.objects.of_partner(user, Action.CHANGE)
    return own.filter(pk=application.pk).exists()


def reads_all(user: Any, application: Application) -> bool:
    """Staff of the file's site, as opposed to its reviewers; never somebody in conflict."""
    scope = scope_of(user, Action.VIEW, "application")
    if not (scope.covers(application.site_id) or scope.covers(application.also_site_id)):
        return False
    file = Application.objects.filter(pk=application.pk)
    return file.sent().free_of_conflict(user).exists()


def can_speak(user: Any, application: Application, visibility: str) -> Verdict:
    """Applicants write to the staff of the site, reviewers among themselves and to staff; the
    staff who screen write to each of them, and among themselves."""
    if application.state in NEVER_SENT or application.anonymised_at is not None:
        return Verdict(False, _("There is nobody to write to about this application."))
    file = Application.objects.filter(pk=application.pk)
    if file.visible_to(user, Action.SCREEN).exists():
        return YES
    if visibility == Visibility.APPLICANT and applies(user, application):
        return YES
    if (
        visibility == Visibility.REVIEWERS
        and file.visible_to(user).exists()
        and application.reviews.opened().filter(reviewer=user).exists()
    ):
        return YES
    return Verdict(False, _("You may not write here."))


def can_open(document: Document) -> Verdict:
    """Whether anybody may open it; whose it is, is asked before (`selectors.documents`)."""
    if document.scan == ScanState.PENDING:
        return Verdict(False, _("This file is being checked for viruses: try again in a minute."))
    if document.scan == ScanState.INFECTED:
        return Verdict(False, _("A virus was found in this file: it was deleted."))
    if not document.file:
        return Verdict(False, _("This file is no longer kept."))
    return YES
