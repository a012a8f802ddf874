"""How files stand, for a list or a board of them: what is missing, what reviewers think of them.

All of it comes with the rows: one query for the opinions of all of them, whatever their number.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from accounts.rights import Action
from applications.labels import ReviewState
from applications.models import Document, RequestedItem, Review, WantedDocument
from applications.querysets import ApplicationQuerySet
from applications.scoring import spread
from applications.workflow import REVIEWED_IN

LONG: tuple[str, ...] = ("project", "team", "answers", "typed", "contact_phone")
"""What no list shows: long texts, and phones, which are parsed on every load."""


def with_standing(rows: ApplicationQuerySet, user: Any) -> ApplicationQuerySet:
    """Annotates `asked` and `lacking`, and brings `opinions` as far as the user may see them."""
    asked = RequestedItem.objects.filter(request__application=OuterRef("pk"), request__state="open")
    uploaded = Document.objects.kept().filter(
        application=OuterRef(OuterRef("pk")), key=OuterRef("key")
    )
    lacking = WantedDocument.objects.filter(
        ~Exists(uploaded), version=OuterRef("call_version"), required=True
    )
    return rows.annotate(
        asked=_count(asked, "request__application"), lacking=_count(lacking, "version")
    ).prefetch_related(Prefetch("reviews", queryset=_reviews(user), to_attr="opinions"))


@dataclass(frozen=True, slots=True)
class Opinions:
    """What reviewers think of a file, in brief."""

    pending: int
    submitted: int
    mean: Decimal | None
    """Of the weighted percentages; None without one, or while the user's own is not in."""


def opinions_on(file: Any) -> Opinions:
    """Of a file that came with its standing; asks nothing."""
    wanted = file.state in REVIEWED_IN
    pending = [row for row in file.opinions if wanted and row.state != ReviewState.SUBMITTED]
    submitted = [review for review in file.opinions if review.state == ReviewState.SUBMITTED]
    mean = None
    if not any(review.mine for review in pending):
        found = spread([review.percent for review in submitted if review.percent is not None])
        mean = found.mean if found else None
    return Opinions(len(pending), len(submitted), mean)


def _reviews(user: Any) -> QuerySet[Review]:
    points = F("scores__points") * F("scores__criterion__weight") * Value(Decimal(100))
    return (
        Review.objects.visible_to(user, Action.VIEW)
        .filter(state__in=[ReviewState.ASSIGNED, ReviewState.OPEN, ReviewState.SUBMITTED])
        .annotate(
            mine=Case(When(reviewer=user, then=True), default=False, output_field=BooleanField()),
            percent=Sum(points / F("scores__criterion__most")) / Sum("scores__criterion__weight"),
        )
        .only("application_id", "state")
        .order_by("id")
    )


def _count(rows: QuerySet[Any], group: str) -> Coalesce:
    counted = rows.order_by().values(group).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
