"""Sessions of the committee: their members, agenda and votes."""

from typing import TYPE_CHECKING, Self

from django.db.models import Q

from applications.querysets.files import FileQuerySet
from sites.querysets import ScopedQuerySet

if TYPE_CHECKING:
    from applications.models import (  # noqa: F401  the rows' classes
        AgendaItem,
        Member,
        Session,
        Vote,
    )


class SessionQuerySet(ScopedQuerySet["Session"]):
    resource = "committee"


class MemberQuerySet(ScopedQuerySet["Member"]):
    resource = "committee"
    site_path = "session__site_id"


class AgendaItemQuerySet(FileQuerySet["AgendaItem"]):
    resource = "committee"

    def unsettled(self) -> Self:
        """Without a decision, or with one that was taken back."""
        return self.filter(Q(decision=None) | Q(decision__superseded_at__isnull=False))


class VoteQuerySet(FileQuerySet["Vote"]):
    resource = "committee"
    file_path = "item__application"
