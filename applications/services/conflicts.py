"""Declarations of interests: before a file opens to somebody, and whenever a conflict appears."""

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import Action
from applications.errors import ConflictStands, NotConcerned, OwnDeclaration, ReasonNeeded
from applications.labels import ReviewState, SessionState
from applications.models import (
    AgendaItem,
    Application,
    Declaration,
    Member,
    Review,
    Score,
    Session,
    Vote,
)
from applications.selectors.letters import naming
from applications.services.guards import require_free
from applications.services.steps import locked
from core.history import recorded
from core.models import MessageState
from sites.models import Membership
from sites.permissions import require


def declare(
    *, application: Application, conflicted: bool, words: str = "", acting_user: User
) -> Declaration:
    """Say of oneself whether one has a conflict of interest in the file.

    A conflict takes the file out of the person's sight, their review out of the aggregate and
    their vote out of what is not decided yet; a letter to them that names the file and still waits
    does not leave. "None" opens an assigned review. Declared again, the newer words stand. Raises
    NotConcerned, and ConflictStands where scoring has begun: then another officer corrects it.
    """
    with recorded(acting_user):
        file = locked(application)
        known = Declaration.objects.filter(application=file, user=acting_user).first()
        if known is None and not _concerns(file, acting_user):
            raise NotConcerned
        if known is not None and known.conflicted and not conflicted and _begun(file):
            raise ConflictStands
        return _write(file, acting_user, known, conflicted=conflicted, words=words)


def declare_own(file: Application) -> None:
    """Staff who apply are in conflict in their own file from the moment that it is sent."""
    user = file.applicant
    if user is not None and Membership.objects.filter(user=user).exists():
        _write(file, user, None, conflicted=True, words=_("Applied with this file."))


def correct(
    *, declaration: Declaration, conflicted: bool, reason: str, acting_user: User
) -> Declaration:
    """Another officer of the site puts a declaration right, and says why.

    Raises ReasonNeeded, OwnDeclaration, InConflict, NotAllowed.
    """
    if not reason.strip():
        raise ReasonNeeded
    with recorded(acting_user, reason=reason):
        file = locked(declaration.application)
        require(acting_user, Action.CHANGE, "review", file.site_id)
        if declaration.user_id == acting_user.pk:
            raise OwnDeclaration
        require_free(file, acting_user)
        known = Declaration.objects.get(pk=declaration.pk)
        return _write(file, known.user, known, conflicted=conflicted, words=reason)


def _write(
    file: Application, user: User, known: Declaration | None, *, conflicted: bool, words: str
) -> Declaration:
    declaration = known or Declaration(application=file, user=user)
    declaration.conflicted = conflicted
    declaration.words = words.strip()
    declaration.declared_at = timezone.now()
    declaration.save()
    reviews = Review.objects.filter(application=file, reviewer=user)
    if conflicted:
        # What was scored stays in the history; it counts no more.
        reviews.exclude(state=ReviewState.WITHDRAWN).update(state=ReviewState.RECUSED)
        _take_votes_back(file, user)
        naming(file, to=user.email).update(state=MessageState.SUPERSEDED)
    else:
        reviews.filter(state__in=[ReviewState.ASSIGNED, ReviewState.RECUSED]).update(
            state=ReviewState.OPEN
        )
    return declaration


def _take_votes_back(file: Application, user: User) -> None:
    """On what is not settled yet, or no more."""
    items = AgendaItem.objects.unsettled().filter(
        application=file, session__state=SessionState.OPEN
    )
    sessions = Session.objects.filter(pk__in=items.values("session")).order_by("pk")
    list(sessions.select_for_update(of=("self",)))  # nobody votes or settles meanwhile
    Vote.objects.filter(item__in=items, member__user=user).delete()


def _concerns(file: Application, user: User) -> bool:
    """Whether the user reads the file, is to review it, or sits where it is decided."""
    return (
        Application.objects.visible_to(user).filter(pk=file.pk).exists()
        or Review.objects.filter(application=file, reviewer=user)
        .exclude(state=ReviewState.WITHDRAWN)
        .exists()
        or Member.objects.filter(
            user=user, session__in=AgendaItem.objects.filter(application=file).values("session")
        ).exists()
    )


def _begun(file: Application) -> bool:
    """Whether somebody has scored the file, or voted on it."""
    return (
        Score.objects.filter(review__application=file).exists()
        or Review.objects.filter(application=file, submitted_at__isnull=False).exists()
        or Vote.objects.filter(item__application=file).exists()
    )
