"""Who could review which file, and what an even share would be."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.models import User
from accounts.rights import Action
from applications.assignment import Reader, Wanting, share_out
from applications.models import Application, CoApplicant, Declaration, Review
from applications.workflow import REVIEWED_IN
from sites.models import Membership


@dataclass(frozen=True, slots=True)
class Proposed:
    """The reviewers a file would get, and why not more."""

    application: Application
    reviewers: list[User]
    obstacle: str | Promise

    @property
    def outcome(self) -> str | Promise:
        return _("They are told by mail.")


def reviewers_at(site_id: int) -> QuerySet[Any]:
    """Whoever may review at the site, with how many reviews wait for them (`load`)."""
    there = Membership.objects.at(site_id).that_may(Action.REVIEW, "review")
    return (
        User.objects.filter(is_active=True, pk__in=there.values("user"))
        .annotate(load=Count("reviews", filter=Q(reviews__in=Review.objects.pending())))
        .order_by("name", "email")
    )


def propose(applications: QuerySet[Application], user: Any, *, wanted: int) -> list[Proposed]:
    """An even share of the files among those whose role is to review, in the order of the
    references; the same number of queries for one file and for hundreds.

    `wanted` counts the reviewers that a file already has.
    """
    files = list(
        applications.select_related("site").prefetch_related("sectors").order_by("reference")
    )
    keys = [file.pk for file in files]
    allowed = set(
        Application.objects.visible_to(user, Action.SCREEN)
        .filter(pk__in=keys)
        .values_list("pk", flat=True)
    )
    people, places = _pool()
    barred, reading = _barred(keys)
    wanting = []
    for file in files:
        able = {
            reader for reader, sites in places.items() if None in sites or file.site_id in sites
        } - barred[file.pk]
        open_to = file.pk in allowed and file.state in REVIEWED_IN
        missing = max(wanted - reading[file.pk], 0) if open_to else 0
        sectors = frozenset(sector.code for sector in file.sectors.all())
        wanting.append(Wanting(file.pk, sectors, frozenset(able), missing))
    shares = share_out(wanting, _readers(list(people)))
    rows = []
    for file, asked in zip(files, wanting, strict=True):
        chosen = [people[pk] for pk in shares[file.pk]]
        obstacle = _obstacle(file, asked.wanted - len(chosen), allowed=file.pk in allowed)
        if not asked.wanted and not obstacle:
            obstacle = _("It has its reviewers.")
        rows.append(Proposed(file, chosen, obstacle))
    return rows


def _obstacle(file: Application, short: int, *, allowed: bool) -> str | Promise:
    if not allowed:
        return _("You may not assign reviewers at this site.")
    if file.state not in REVIEWED_IN:
        return _("It is not to be reviewed now.")
    return _("Not enough reviewers are free of conflict.") if short else ""


def _pool() -> tuple[dict[int, User], dict[int, set[int | None]]]:
    """Those whose role is to review, and the sites where (None: everywhere)."""
    places: dict[int, set[int | None]] = defaultdict(set)
    rows = Membership.objects.filter(role=Role.REVIEWER, user__is_active=True)
    people = {}
    for row in rows.select_related("user"):
        places[row.user_id].add(row.site_id)
        people[row.user_id] = row.user
    return people, places


def _barred(files: list[int]) -> tuple[dict[int, set[int]], dict[int, int]]:
    """By file: who must not be proposed, and how many reviewers it has."""
    barred: dict[int, set[int]] = defaultdict(set)
    reading: dict[int, int] = defaultdict(int)
    conflicts = Declaration.objects.filter(application__in=files, conflicted=True)
    applicants = Application.objects.filter(pk__in=files, applicant__isnull=False)
    invited = CoApplicant.objects.standing().filter(application__in=files, user__isnull=False)
    for file, user in (
        *conflicts.values_list("application", "user"),
        *applicants.values_list("pk", "applicant"),
        *invited.values_list("application", "user"),
    ):
        barred[file].add(user)
    reviews = Review.objects.filter(application__in=files)
    for file, user, state in reviews.values_list("application", "reviewer", "state"):
        barred[file].add(user)
        reading[file] += state in {"assigned", "open", "submitted"}
    return barred, reading


def _readers(people: list[int]) -> list[Reader]:
    """How much waits for each, and the sectors of the files they have reviewed."""
    loads = dict(
        Review.objects.pending()
        .filter(reviewer__in=people)
        .values_list("reviewer")
        .annotate(Count("pk"))
    )
    knows: dict[int, set[str]] = defaultdict(set)
    reviewed = Review.objects.filter(
        reviewer__in=people, state="submitted", application__sectors__isnull=False
    )
    for reviewer, sector in reviewed.values_list(
        "reviewer", "application__sectors__code"
    ).distinct():
        knows[reviewer].add(sector)
    return [Reader(pk, loads.get(pk, 0), frozenset(knows[pk])) for pk in people]
