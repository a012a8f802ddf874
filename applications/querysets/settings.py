"""How admission is done, at a site or everywhere: words, checklists, targets, retention."""

from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models
from django.db.models import Q

from accounts.rights import Action
from sites.querysets import ScopedQuerySet, SharedQuerySet
from sites.scopes import READING, scope_of

if TYPE_CHECKING:
    from applications.models import (  # noqa: F401  the rows' classes
        Digest,
        LetterTemplate,
        RetentionRule,
        StageTarget,
        TaskTemplate,
    )

_Row_co = TypeVar("_Row_co", bound=models.Model, covariant=True)


class _NetworkOrSite(ScopedQuerySet[_Row_co]):
    """A row without a site is the network's, and read everywhere."""

    resource = "admission"

    def visible_to(self, user: Any, action: Action = Action.VIEW) -> Self:
        scope = scope_of(user, action, self.resource)
        if scope.network or not scope or action not in READING:
            return self.within(scope)
        return self.filter(Q(site__isnull=True) | Q(site__in=scope.site_ids))


class LetterTemplateQuerySet(_NetworkOrSite["LetterTemplate"]):
    pass


class TaskTemplateQuerySet(_NetworkOrSite["TaskTemplate"]):
    pass


class StageTargetQuerySet(ScopedQuerySet["StageTarget"]):
    """The network's own targets are the network's to change."""

    resource = "target"


class RetentionRuleQuerySet(SharedQuerySet["RetentionRule"]):
    resource = "admission"


class DigestQuerySet(ScopedQuerySet["Digest"]):
    resource = "system"
    site_path = ""
