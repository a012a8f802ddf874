"""What waits for a reviewer, and what they may see of it before they declare."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.rights import Action
from applications.labels import ReviewState
from applications.models import Criterion, Review
from applications.selectors.reading import chapters, questions_of
from applications.selectors.versions import Compared, as_they_are, compared
from applications.workflow import REVIEWED_IN
from sites.scopes import scope_of


@dataclass(frozen=True, slots=True)
class Task:
    """One of my reviews."""

    review: Review
    pending: bool
    """Something is to be done, and can be."""
    outdated: bool
    """Submitted on an earlier version of the answers."""
    named: bool
    """Whether the list may say whose file it is: not where there is a conflict."""


def my_reviews(user: Any) -> list[Task]:
    """The user's reviews, the ones to do first, by their due day; one query."""
    rows = (
        Review.objects.filter(reviewer=user)
        .exclude(state=ReviewState.WITHDRAWN)
        .select_related("application__site")
        .order_by("due_on", "id")
    )
    tasks = [
        Task(
            review,
            pending=review.state in {ReviewState.ASSIGNED, ReviewState.OPEN}
            and review.application.state in REVIEWED_IN,
            outdated=review.state == ReviewState.SUBMITTED
            and (review.revision or 0) < review.application.revision,
            named=review.state != ReviewState.RECUSED,
        )
        for review in rows
    ]
    return sorted(tasks, key=lambda task: not task.pending)


def pending_reviews(user: Any) -> QuerySet[Review]:
    """What the user has to read, while an opinion is still asked for."""
    return Review.objects.pending().filter(reviewer=user)


def my_review(user: Any, pk: int) -> Review | None:
    """One of the user's own reviews, where they still may review."""
    review = (
        Review.objects.filter(reviewer=user, pk=pk)
        .exclude(state=ReviewState.WITHDRAWN)
        .select_related("application__site", "application__call_version__call")
        .first()
    )
    if review is None:
        return None
    scope = scope_of(user, Action.REVIEW, "review")
    return review if scope.covers(review.application.site_id) else None


def answers_for(review: Review) -> Compared:
    """What the reviewer reads, without the contact; beside the version that they read before,
    where the applicant has changed answers since."""
    file = review.application
    questions = questions_of(file)
    told = chapters(file, empty=True, questions=questions)
    if review.revision is None or review.revision >= file.revision:
        return as_they_are(told)
    versions = list(file.revisions.defer("answers"))
    return compared(file, told, versions=versions, against=review.revision, questions=questions)


def rubric(review: Review) -> Sequence[Criterion]:
    """The criteria of the file's call; none without a call."""
    version = review.application.call_version_id
    return list(Criterion.objects.filter(version=version)) if version else []
