"""What staff do about a file beside its steps: tasks, transfers, legal holds, reading it."""

from typing import TYPE_CHECKING, Any, Self

from django.db.models import Q

from accounts.rights import Action
from applications.labels import TransferState
from applications.querysets.files import FileQuerySet
from sites.scopes import READING, scope_of

if TYPE_CHECKING:
    from applications.models import (  # noqa: F401  the rows' classes
        LegalHold,
        Reading,
        Task,
        Transfer,
    )


class TaskQuerySet(FileQuerySet["Task"]):
    def open(self) -> Self:
        return self.filter(done_at__isnull=True)


class TransferQuerySet(FileQuerySet["Transfer"]):
    def visible_to(self, user: Any, action: Action = Action.VIEW) -> Self:
        """Read with the file. While it is under way, the receiving site's staff act on it too:
        they answer it."""
        rows = super().visible_to(user, action)
        scope = scope_of(user, action, self.resource)
        if action in READING or not scope or scope.network:
            return rows
        from applications.models import Transfer

        received = Transfer.objects.open().filter(target__in=scope.site_ids).free_of_conflict(user)
        return self.filter(Q(pk__in=rows.values("pk")) | Q(pk__in=received.values("pk")))

    def open(self) -> Self:
        return self.filter(state=TransferState.OPEN)


class LegalHoldQuerySet(FileQuerySet["LegalHold"]):
    def standing(self) -> Self:
        return self.filter(lifted_at__isnull=True)


class ReadingQuerySet(FileQuerySet["Reading"]):
    pass
