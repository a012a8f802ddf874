"""What waits for a member of staff today, as far as their roles reach."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, QuerySet, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext_lazy

from accounts.rights import Action
from applications.models import Application, Letter, Offer, Place, Session, Task, Transfer
from applications.selectors.conversation import awaiting_reply
from applications.selectors.letters import messages_open_to
from applications.selectors.reviewing import pending_reviews
from applications.selectors.waiting import Freeing, freeing_spaces
from billing.choices import BankLineState, RunState
from billing.models import BankLine, Invoice, Payment, Penalty, RentRun, WriteOff
from billing.selectors.invoice_page import to_nobody, with_problem
from core import formats
from core.models import MessageState
from core.periods import today
from indicators.models import SnapshotAlarm
from leases.models import Lease
from sites.admin.columns import language
from sites.models import Site
from sites.scopes import scope_of

SOON: Final = dt.timedelta(days=3)
ON_TOP: Final = 3
"""Spaces that are named on the start page, and people for each."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A heap of things to do: how many, and the list that shows them."""

    title: str
    count: int
    address: str
    lines: Sequence[str] = ()
    """What lies on top, in words."""


@dataclass(frozen=True, slots=True)
class _Heap:
    title: Any
    """In the plural and the singular: `% count` chooses."""
    rows: QuerySet[Any]
    query: str = ""
    """Narrows the list of the rows' model."""
    page: str = ""
    """The page that shows them where that is no list of a model."""

    @property
    def address(self) -> str:
        if self.page:
            return reverse(self.page)
        opts = self.rows.model._meta
        return f"{reverse(f'admin:{opts.app_label}_{opts.model_name}_changelist')}?{self.query}"


def worklist(user: Any) -> list[Waiting]:
    """Only heaps of what the user may act on; empty ones are left out."""
    heaps: list[_Heap] = []
    if scope_of(user, Action.SCREEN, "application"):
        heaps += _screening(user)
    if scope_of(user, Action.REVIEW, "review"):
        heaps.append(
            _Heap(
                ngettext_lazy("review of yours", "reviews of yours"),
                pending_reviews(user),
                page="admin:my_reviews",
            )
        )
    heaps += _sittings(user)
    if scope_of(user, Action.DECIDE, "application"):
        heaps += _deciding(user)
    if scope_of(user, Action.SIGN, "lease"):
        heaps += _leases(user)
    heaps += _to_bill(user)
    if scope_of(user, Action.CHANGE, "invoice"):
        heaps += _papers(user)
    if scope_of(user, Action.DECIDE, "dunning"):
        heaps += _claims(user)
    if scope_of(user, Action.CHANGE, "message"):
        letters = messages_open_to(user, Action.CHANGE)
        heaps.append(
            _Heap(
                ngettext_lazy("letter whose fate is uncertain", "letters whose fate is uncertain"),
                letters.filter(state=MessageState.UNCERTAIN),
                "state__exact=uncertain",
            )
        )
    if scope_of(user, Action.RECOMPUTE, "indicator"):
        heaps.append(
            _Heap(
                ngettext_lazy("snapshot found to be wrong", "snapshots found to be wrong"),
                SnapshotAlarm.objects.visible_to(user, Action.RECOMPUTE).unseen(),
                "seen_at__isnull=True",
            )
        )
    on_lists = Place.objects.visible_to(user, Action.DECIDE).standing()
    if scope_of(user, Action.CHANGE, "payment"):
        payments = Payment.objects.visible_to(user, Action.CHANGE)
        heaps.append(
            _Heap(
                ngettext_lazy(
                    "withheld amount whose certificate is awaited",
                    "withheld amounts whose certificates are awaited",
                ),
                payments.awaiting_certificate(),
                "standing=awaited",
            )
        )
    *counts, waiting = _counts([*(heap.rows for heap in heaps), on_lists])
    found = [
        Waiting(heap.title % count, count, heap.address)
        for heap, count in zip(heaps, counts, strict=True)
        if count
    ]
    # Whom a space suits is worked out only where somebody waits for one.
    return [*found, *_vacancies(user)] if waiting else found


def _screening(user: Any) -> list[_Heap]:
    files = Application.objects.visible_to(user, Action.SCREEN)
    return [
        _Heap(
            ngettext_lazy("application to screen", "applications to screen"),
            files.filter(state__in=["submitted", "screening"]),
            "state__in=submitted%2Cscreening",
        ),
        _Heap(
            ngettext_lazy(
                "finding of ineligibility to confirm", "findings of ineligibility to confirm"
            ),
            files.to_confirm_by(user),
            "finding=open",
        ),
        _Heap(
            ngettext_lazy("application that is late", "applications that are late"),
            files.late(),
            "o=8&late=yes",
        ),
        _Heap(
            ngettext_lazy("applicant who waits for an answer", "applicants who wait for an answer"),
            awaiting_reply(user),
            "reply=yes",
        ),
        _Heap(
            ngettext_lazy("task of yours", "tasks of yours"),
            Task.objects.visible_to(user, Action.SCREEN).open().filter(assignee=user),
            "todo=mine",
        ),
        _Heap(
            ngettext_lazy("transfer to answer", "transfers to answer"),
            Transfer.objects.visible_to(user, Action.SCREEN)
            .open()
            .filter(target__in=_receiving(user)),
            "state__exact=open",
        ),
        _Heap(
            ngettext_lazy("application due today", "applications due today"),
            files.due_today(),
            "o=8&late=today",
        ),
        _Heap(
            ngettext_lazy(
                "request to an applicant that ends within three days",
                "requests to applicants that end within three days",
            ),
            files.request_ends_soon(),
            "late=request",
        ),
    ]


def _sittings(user: Any) -> list[_Heap]:
    """A seat needs no other right."""
    ahead = Session.objects.filter(members__user=user, state__in=["planned", "open"])
    to_sign = Session.objects.filter(chair=user, state="closed")
    return [
        _Heap(
            ngettext_lazy("committee session of yours", "committee sessions of yours"),
            ahead,
            page="admin:my_sessions",
        ),
        _Heap(
            ngettext_lazy("session whose minutes you sign", "sessions whose minutes you sign"),
            to_sign,
            page="admin:my_sessions",
        ),
    ]


def _deciding(user: Any) -> list[_Heap]:
    files = Application.objects.visible_to(user, Action.DECIDE)
    offers = Offer.objects.visible_to(user, Action.DECIDE).filter(state="open")
    return [
        _Heap(
            ngettext_lazy("application to decide", "applications to decide"),
            files.filter(state="committee_ready"),
            "state__exact=committee_ready",
        ),
        _Heap(
            ngettext_lazy(
                "decision to publish or offer to make", "decisions to publish, offers to make"
            ),
            files.filter(state="decided"),
            "state__exact=decided",
        ),
        _Heap(
            ngettext_lazy("letter to approve", "letters to approve"),
            Letter.objects.visible_to(user, Action.DECIDE).filter(state="draft"),
            "state__exact=draft",
        ),
        _Heap(
            ngettext_lazy(
                "offer that runs out within three days", "offers that run out within three days"
            ),
            offers.filter(expires_at__lte=timezone.now() + SOON),
            "state__exact=open&o=7",
        ),
    ]


def _leases(user: Any) -> list[_Heap]:
    leases = Lease.objects.visible_to(user, Action.SIGN)
    return [
        _Heap(
            ngettext_lazy("lease to sign", "leases to sign"),
            leases.filter(state="draft"),
            "state__exact=draft",
        ),
        _Heap(
            ngettext_lazy("lease whose keys you hand over", "leases whose keys you hand over"),
            leases.filter(state="signed", period__startswith__lte=today()),
            "state__exact=signed",
        ),
        _Heap(
            ngettext_lazy("tenant holding over", "tenants holding over"),
            leases.holding_over(today()),
            "standing=holding_over",
        ),
        _Heap(
            ngettext_lazy(
                "tenant holding over in rooms promised to others",
                "tenants holding over in rooms promised to others",
            ),
            leases.keeping_the_next_out(today()),
            "standing=next_waits",
        ),
    ]


def _to_bill(user: Any) -> list[_Heap]:
    """Where the month of a finance officer begins."""
    heaps = []
    if scope_of(user, Action.ISSUE, "run"):
        runs = RentRun.objects.visible_to(user, Action.ISSUE)
        heaps.append(
            _Heap(
                ngettext_lazy("rent run to look at", "rent runs to look at"),
                runs.filter(state__in=[RunState.DRAFT, RunState.PAUSED]),
                "state__in=draft%2Cpaused",
            )
        )
    if scope_of(user, Action.CHANGE, "bank"):
        lines = BankLine.objects.visible_to(user, Action.CHANGE)
        heaps.append(
            _Heap(
                ngettext_lazy("bank line to match", "bank lines to match"),
                lines.filter(state=BankLineState.NEW),
                "state__exact=new",
            )
        )
    return heaps


def _papers(user: Any) -> list[_Heap]:
    invoices = Invoice.objects.visible_to(user, Action.CHANGE)
    return [
        _Heap(
            ngettext_lazy(
                "invoice whose PDF could not be made", "invoices whose PDF could not be made"
            ),
            with_problem(invoices),
            "paper=problem",
        ),
        _Heap(
            ngettext_lazy(
                "invoice with nobody to send it to", "invoices with nobody to send them to"
            ),
            to_nobody(invoices),
            "paper=to_nobody",
        ),
    ]


def _claims(user: Any) -> list[_Heap]:
    """Nobody decides what they asked for themselves."""
    asked = WriteOff.objects.visible_to(user, Action.DECIDE).waiting()
    return [
        _Heap(
            ngettext_lazy("write-off to decide", "write-offs to decide"),
            asked.exclude(asked_by=user.pk),
            "state__exact=asked",
        ),
        _Heap(
            ngettext_lazy("penalty that is proposed", "penalties that are proposed"),
            Penalty.objects.visible_to(user, Action.ISSUE).proposed(),
            "state__exact=proposed",
        ),
    ]


def _vacancies(user: Any) -> list[Waiting]:
    """Spaces that free up, and whom on the waiting list they suit; for who may make offers."""
    scope = scope_of(user, Action.DECIDE, "application")
    found = freeing_spaces(user, site_ids=None if scope.network else scope.site_ids)
    if not found:
        return []
    return [
        Waiting(
            ngettext_lazy(
                "space that suits somebody on the waiting list",
                "spaces that suit somebody on the waiting list",
            )
            % len(found),
            len(found),
            reverse("admin:applications_place_changelist"),
            [_in_words(each) for each in found[:ON_TOP]],
        )
    ]


def _in_words(freeing: Freeing) -> str:
    names = formats.listed(
        (each.place.application.name for each in freeing.fitting[:ON_TOP]), language()
    )
    day = formats.day(freeing.frees_on, language())
    return formats.labelled(f"{freeing.space.code} · {day}", names, language())


def _receiving(user: Any) -> QuerySet[Site]:
    """The sites for which the user takes files over."""
    scope = scope_of(user, Action.SCREEN, "application")
    return Site.objects.all() if scope.network else Site.objects.filter(pk__in=scope.site_ids)


def _counts(heaps: Sequence[QuerySet[Any]]) -> list[int]:
    """How many rows each has, in one query."""
    counts = [
        rows.order_by().annotate(nr=Value(nr)).values("nr").annotate(n=Count("pk"))
        for nr, rows in enumerate(heaps)
    ]
    found = dict(counts[0].union(*counts[1:], all=True).values_list("nr", "n"))
    return [found.get(nr, 0) for nr in range(len(heaps))]
