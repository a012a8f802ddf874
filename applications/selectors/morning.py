"""What waits for somebody this morning at the sites where they screen: for the mail of the day."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from applications.models import Application, Offer
from applications.querysets import ApplicationQuerySet
from applications.selectors.waiting import Freeing, freeing_spaces
from applications.workflow import OPEN_STATES
from sites.scopes import scope_of

SOON: Final = dt.timedelta(days=3)
NAMED: Final = 20
"""Files named under each title; the list has the others."""


@dataclass(frozen=True, slots=True)
class Heap:
    """Files that wait for the same thing, the most urgent first."""

    title: str | Promise
    files: Sequence[Application]
    more: bool
    """There are others than those named."""


@dataclass(frozen=True, slots=True)
class Morning:
    heaps: Sequence[Heap]
    """Without the empty ones."""
    spaces: Sequence[Freeing]
    """That suit somebody on the waiting list."""

    def __bool__(self) -> bool:
        return bool(self.heaps or self.spaces)


def morning_of(user: Any) -> Morning:
    """What to tell the user. Six queries whatever the number of files; three more where somebody
    is on a waiting list."""
    files = Application.objects.visible_to(user, Action.SCREEN).filter(state__in=OPEN_STATES)
    offers = Offer.objects.filter(state="open", expires_at__lte=timezone.now() + SOON)
    by_time = ("due_at", "id")
    found = (
        _heap(_("Late"), files.late().order_by(*by_time)),
        _heap(_("Due today"), files.due_today().order_by(*by_time)),
        _heap(
            _("Offers that run out within three days"),
            files.filter(pk__in=offers.values("application")).order_by("state_since", "id"),
        ),
        _heap(
            _("Requests without an answer that end within three days"),
            files.request_ends_soon().order_by("state_since", "id"),
        ),
    )
    scope = scope_of(user, Action.SCREEN, "application")
    spaces = freeing_spaces(user, site_ids=None if scope.network else scope.site_ids)
    return Morning([heap for heap in found if heap.files], spaces)


def _heap(title: str | Promise, rows: ApplicationQuerySet) -> Heap:
    named = rows.select_related("site").only("reference", "name", "state", "due_at", "site__code")
    files = list(named[: NAMED + 1])
    return Heap(title, files[:NAMED], more=len(files) > NAMED)
