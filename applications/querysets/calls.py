"""Calls for applications, their versions, and what a version asks."""

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.db import models

from accounts.rights import Action
from applications.labels import VersionState
from sites.querysets import ScopedQuerySet
from sites.scopes import READING, scope_of

if TYPE_CHECKING:
    from applications.models import (  # noqa: F401  the rows' classes
        Call,
        CallVersion,
        Criterion,
        Question,
        WantedDocument,
    )

_Row_co = TypeVar("_Row_co", bound=models.Model, covariant=True)


class CallQuerySet(ScopedQuerySet["Call"]):
    """A call for several sites is changed by whoever may at all of them; read at any."""

    resource = "admission"

    def visible_to(self, user: Any, action: Action = Action.VIEW) -> Self:
        scope = scope_of(user, action, self.resource)
        if scope.network:
            return self
        from applications.models import Call

        here = Call.objects.filter(sites__in=scope.site_ids)
        rows = self.filter(pk__in=here.values("pk"))
        if action in READING:
            return rows
        elsewhere = Call.objects.filter(
            pk__in=Call.sites.through.objects.exclude(site__in=scope.site_ids).values("call")
        )
        return rows.exclude(pk__in=elsewhere.values("pk"))

    def open_on(self, day: dt.date) -> Self:
        return self.filter(period__contains=day)


class _OfCall(ScopedQuerySet[_Row_co]):
    """Seen and changed as the call is."""

    resource = "admission"
    call_path: ClassVar[str] = "version__call"

    def visible_to(self, user: Any, action: Action = Action.VIEW) -> Self:
        from applications.models import Call

        scope = scope_of(user, action, self.resource)
        if scope.network:
            return self
        calls = Call.objects.visible_to(user, action)
        return self.filter(**{f"{self.call_path}__in": calls})


class CallVersionQuerySet(_OfCall["CallVersion"]):
    call_path = "call"

    def in_use(self) -> Self:
        return self.filter(state=VersionState.IN_USE)

    def answerable_by(self, user: Any) -> Self:
        """Of the calls at whose sites the user may begin applications."""
        scope = scope_of(user, Action.ADD, "application")
        if scope.network:
            return self
        from applications.models import Call

        here = Call.sites.through.objects.filter(site__in=scope.site_ids)
        return self.filter(call__in=here.values("call"))


class QuestionQuerySet(_OfCall["Question"]):
    pass


class WantedDocumentQuerySet(_OfCall["WantedDocument"]):
    pass


class CriterionQuerySet(_OfCall["Criterion"]):
    pass
