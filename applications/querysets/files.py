"""Who sees the file of an application, and with it every row that hangs on it."""

from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import F, Q

from accounts.rights import Action
from applications.labels import SessionState
from applications.workflow import NEVER_SENT
from sites.querysets import ScopedQuerySet
from sites.scopes import NOWHERE, READING, Scope, is_partner, roles_of, scope_of

_Row_co = TypeVar("_Row_co", bound=models.Model, covariant=True)


class FileQuerySet(ScopedQuerySet[_Row_co]):
    """Rows of an application: seen by its site (by both, while a transfer is under way), by
    reviewers who declared that they have no conflict, by the committee that has it on its agenda,
    and never by somebody in conflict."""

    resource: ClassVar[str] = "application"
    file_path: ClassVar[str] = "application"
    """The lookup of the application; "" for the application itself."""
    open_to_reviewers: ClassVar[bool] = False
    """Whether an assigned reviewer reads these rows too."""

    def visible_to(self, user: Any, action: Action = Action.VIEW) -> Self:
        """The rows on which one of the user's roles, or an assignment, allows `action`."""
        scope = scope_of(user, action, self.resource)
        opening = action == Action.VIEW and self.open_to_reviewers
        reviewing = scope_of(user, Action.REVIEW, "review") if opening else NOWHERE
        seated = opening and bool(roles_of(user)) and not is_partner(user)
        if not (scope or reviewing or seated):
            return self.none()
        rows = self.sent().free_of_conflict(user)
        if scope.network:
            return rows
        seen = Q(**{f"{self._at('site_id')}__in": scope.site_ids})
        if action in READING:
            seen |= Q(**{f"{self._at('also_site_id')}__in": scope.site_ids})
        if reviewing:
            seen |= self._reviewed_by(user, reviewing)
        if seated:
            seen |= Q(**{f"{self._at('pk')}__in": _decided_by(user)})
        return rows.filter(seen)

    def sent(self) -> Self:
        """Without drafts: staff see what was sent to them."""
        return self.exclude(**{f"{self._at('state')}__in": NEVER_SENT})

    def free_of_conflict(self, user: Any) -> Self:
        """Without the user's own, and the files in which they declared a conflict of interest."""
        from applications.models import Declaration

        conflicted = Declaration.objects.filter(user=user, conflicted=True)
        theirs = self.exclude(**{self._at("applicant"): user})
        return theirs.exclude(**{f"{self._at('pk')}__in": conflicted.values("application")})

    def _reviewed_by(self, user: Any, reviewing: Scope) -> Q:
        """The files that opened to a reviewer, where they still review."""
        from applications.models import Review

        opened = Review.objects.filter(reviewer=user).opened().values("application")
        here = Q() if reviewing.network else Q(**{f"{self._at('site_id')}__in": reviewing.site_ids})
        return Q(**{f"{self._at('pk')}__in": opened}) & here

    def _at(self, column: str) -> str:
        return f"{self.file_path}__{column}" if self.file_path else column


def _decided_by(user: Any) -> Any:
    """The files before a committee of their site in which the user sits, until its session is
    closed."""
    from applications.models import AgendaItem

    items = AgendaItem.objects.filter(
        session__members__user=user,
        session__site=F("application__site"),
        session__state__in=[SessionState.PLANNED, SessionState.OPEN],
    )
    return items.values("application")
