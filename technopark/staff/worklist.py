"""What waits for a member of staff today, as far as their roles reach."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, QuerySet, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from applications.models import Application, Letter, Offer, Task, Transfer
from core.models import MessageState
from core.periods import today
from leases.models import Lease
from sites.models import Site
from sites.scopes import scope_of
from sites.selectors import messages_visible_to

SOON: Final = dt.timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A heap of things to do: how many, and the list that shows them."""

    title: str | Promise
    count: int
    address: str


@dataclass(frozen=True, slots=True)
class _Heap:
    title: str | Promise
    rows: QuerySet[Any]
    query: str

    @property
    def address(self) -> str:
        opts = self.rows.model._meta
        return f"{reverse(f'admin:{opts.app_label}_{opts.model_name}_changelist')}?{self.query}"


def worklist(user: Any) -> list[Waiting]:
    """Only heaps of what the user may act on; empty ones are left out."""
    heaps: list[_Heap] = []
    if scope_of(user, Action.SCREEN, "application"):
        files = Application.objects.visible_to(user, Action.SCREEN)
        heaps += [
            _Heap(
                _("applications to screen"),
                files.filter(state__in=["submitted", "screening"]),
                "state__in=submitted%2Cscreening",
            ),
            _Heap(_("applications that are late"), files.late(), "o=8&late=yes"),
            _Heap(
                _("tasks of yours"),
                Task.objects.visible_to(user, Action.SCREEN).open().filter(assignee=user),
                "todo=mine",
            ),
            _Heap(
                _("transfers to answer"),
                Transfer.objects.visible_to(user, Action.SCREEN)
                .open()
                .filter(target__in=_receiving(user)),
                "state__exact=open",
            ),
            _Heap(_("applications due today"), files.due_today(), "o=8&late=today"),
            _Heap(
                _("requests to applicants that end within three days"),
                files.request_ends_soon(),
                "late=request",
            ),
        ]
    if scope_of(user, Action.DECIDE, "application"):
        files = Application.objects.visible_to(user, Action.DECIDE)
        offers = Offer.objects.visible_to(user, Action.DECIDE).filter(state="open")
        heaps += [
            _Heap(
                _("applications to decide"),
                files.filter(state="committee_ready"),
                "state__exact=committee_ready",
            ),
            _Heap(
                _("decisions to publish, offers to make"),
                files.filter(state="decided"),
                "state__exact=decided",
            ),
            _Heap(
                _("letters to approve"),
                Letter.objects.visible_to(user, Action.DECIDE).filter(state="draft"),
                "state__exact=draft",
            ),
            _Heap(
                _("offers that run out within three days"),
                offers.filter(expires_at__lte=timezone.now() + SOON),
                "state__exact=open&o=7",
            ),
        ]
    if scope_of(user, Action.SIGN, "lease"):
        leases = Lease.objects.visible_to(user, Action.SIGN)
        heaps += [
            _Heap(_("leases to sign"), leases.filter(state="draft"), "state__exact=draft"),
            _Heap(
                _("keys to hand over"),
                leases.filter(state="signed", period__startswith__lte=today()),
                "state__exact=signed",
            ),
            _Heap(_("tenants holding over"), leases.holding_over(today()), "standing=holding_over"),
            _Heap(
                _("tenants holding over in rooms promised to others"),
                leases.keeping_the_next_out(today()),
                "standing=next_waits",
            ),
        ]
    if scope_of(user, Action.CHANGE, "message"):
        letters = messages_visible_to(user, Action.CHANGE)
        heaps.append(
            _Heap(
                _("letters whose fate is uncertain"),
                letters.filter(state=MessageState.UNCERTAIN),
                "state__exact=uncertain",
            )
        )
    return _counted(heaps)


def _receiving(user: Any) -> QuerySet[Site]:
    """The sites for which the user takes files over."""
    scope = scope_of(user, Action.SCREEN, "application")
    return Site.objects.all() if scope.network else Site.objects.filter(pk__in=scope.site_ids)


def _counted(heaps: list[_Heap]) -> list[Waiting]:
    """All heaps in one query."""
    if not heaps:
        return []
    counts = [
        heap.rows.order_by().annotate(nr=Value(nr)).values("nr").annotate(n=Count("pk"))
        for nr, heap in enumerate(heaps)
    ]
    found = dict(counts[0].union(*counts[1:], all=True).values_list("nr", "n"))
    return [
        Waiting(heap.title, found[nr], heap.address)
        for nr, heap in enumerate(heaps)
        if found.get(nr)
    ]
