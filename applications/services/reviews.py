"""Reviews: assigned, opened by a declaration of no conflict, scored, submitted, opened again."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.rights import Action
from applications import letters
from applications.errors import BadAssignment, BadReview, NotYours, ReasonNeeded, ReviewClosed
from applications.labels import Outcome, ReviewState
from applications.models import Application, Criterion, Declaration, Review, Score
from applications.services.conflicts import declare
from applications.services.correspondence import send_to_staff
from applications.services.guards import is_conflicted, require_free
from applications.services.steps import locked
from applications.workflow import REVIEWED_IN
from core.errors import DomainError, NotAllowed, Stale
from core.history import recorded
from core.periods import today
from sites.permissions import require
from sites.scopes import scope_of

REMINDED_BEFORE: Final = dt.timedelta(days=3)
"""The first reminder comes this long before the due day, the second on it."""


def assign(
    *, application: Application, reviewer: User, due_on: dt.date, acting_user: User | None
) -> Review:
    """Ask somebody to review the file by the end of `due_on`, and tell them by mail.

    Assigned already, only the due day follows. A withdrawn review is taken up again. Raises
    BadAssignment (with its field), ReviewClosed, InConflict, NotAllowed.
    """
    with recorded(acting_user):
        file = locked(application)
        require(acting_user, Action.ADD, "review", file.site_id)
        require_free(file, acting_user)
        if file.state not in REVIEWED_IN:
            raise ReviewClosed(state=file.get_state_display())
        _check_assignment(file, reviewer, due_on)
        known = Review.objects.filter(application=file, reviewer=reviewer).first()
        if known is not None and known.state != ReviewState.WITHDRAWN:
            if known.state in {ReviewState.ASSIGNED, ReviewState.OPEN} and known.due_on != due_on:
                known.due_on = due_on
                known.save(update_fields=["due_on"])
            return known
        review = known or Review(application=file, reviewer=reviewer)
        declared = Declaration.objects.filter(application=file, user=reviewer).exists()
        review.state = ReviewState.OPEN if declared else ReviewState.ASSIGNED
        review.assigned_by = acting_user
        review.assigned_at = timezone.now()
        review.due_on = due_on
        review.reminded_on = None
        review.save()
        send_to_staff(file, reviewer, letters.review_assigned(review), f"review:{reviewer.pk}")
    return review


@dataclass(frozen=True, slots=True)
class Assigned:
    """What became of one proposed review; `refusal` is None when it was assigned."""

    application: Application
    reviewer: User
    refusal: DomainError | None


def assign_shares(
    *, shares: Iterable[tuple[Application, User]], due_on: dt.date, acting_user: User
) -> list[Assigned]:
    """Give each file the readers that were proposed for it (`selectors.assigning`) and shown.

    Each in a transaction of its own: one refusal stops no other.
    """
    done = []
    for application, reviewer in shares:
        refusal = None
        try:
            assign(
                application=application,
                reviewer=reviewer,
                due_on=due_on,
                acting_user=acting_user,
            )
        except DomainError as error:
            refusal = error
        done.append(Assigned(application, reviewer, refusal))
    return done


def withdraw_review(*, review: Review, reason: str, acting_user: User | None) -> Review:
    """The review is no longer wanted. One that is submitted stays. A second time nothing changes.

    Raises ReasonNeeded, ReviewClosed, InConflict, NotAllowed.
    """
    if not reason.strip():
        raise ReasonNeeded
    with recorded(acting_user, reason=reason):
        file = locked(review.application)
        require(acting_user, Action.CHANGE, "review", file.site_id)
        require_free(file, acting_user)
        current = Review.objects.get(pk=review.pk)
        if current.state == ReviewState.WITHDRAWN:
            return current
        if current.state not in {ReviewState.ASSIGNED, ReviewState.OPEN}:
            raise ReviewClosed(state=current.get_state_display())
        current.state = ReviewState.WITHDRAWN
        current.save(update_fields=["state"])
    return current


def open_review(*, review: Review, words: str = "", acting_user: User) -> Review:
    """The reviewer declares that they have no conflict, and the file opens to them.

    Raises NotYours, ReviewClosed, ConflictStands.
    """
    with recorded(acting_user):
        file, current = _own(review, acting_user)
        if current.state == ReviewState.ASSIGNED:
            declare(application=file, conflicted=False, words=words, acting_user=acting_user)
            current.refresh_from_db()
        elif current.state not in {ReviewState.OPEN, ReviewState.SUBMITTED}:
            raise ReviewClosed(state=current.get_state_display())
    return current


def save_scores(
    *,
    review: Review,
    points: Mapping[str, int],
    words: Mapping[str, str],
    recommendation: str,
    comment: str,
    acting_user: User,
) -> Review:
    """Keep what the reviewer has so far; all of it may be partial.

    `points` and `words` are by the criterion's key; a criterion without points loses those it had.
    Raises BadReview (with its field: `points_<key>`, `recommendation`), NotYours, ReviewClosed.
    """
    if recommendation and recommendation not in Outcome.values:
        raise BadReview(field="recommendation", reason=_("Choose a recommendation."))
    with recorded(acting_user):
        _file, current = _own_open(review, acting_user)
        criteria = _criteria(current)
        if not criteria.keys() >= points.keys():
            raise BadReview(reason=_("The rubric has no such criterion."))
        for key, given in points.items():
            if not 0 <= given <= criteria[key].most:
                raise BadReview(
                    field=f"points_{key}",
                    reason=ngettext(
                        "Give 0 to %(most)s point.",
                        "Give 0 to %(most)s points.",
                        criteria[key].most,
                    )
                    % {"most": criteria[key].most},
                )
        _keep(current, criteria, points, words)
        current.recommendation = recommendation
        current.comment = comment.strip()
        current.save(update_fields=["recommendation", "comment"])
    return current


def submit_review(*, review: Review, revision: int, acting_user: User) -> Review:
    """Hand the review in: from now on it counts, and the others' scores are shown.

    `revision`: the version of the answers that the reviewer had before them. A second time
    nothing changes. Raises BadReview (with its field), Stale, NotYours, ReviewClosed.
    """
    with recorded(acting_user):
        file, current = _own(review, acting_user)
        if current.state == ReviewState.SUBMITTED:
            return current
        _require_open(file, current)
        if not 1 <= revision <= file.revision:
            raise Stale
        scored = set(current.scores.values_list("criterion__key", flat=True))
        for key in _criteria(current):
            if key not in scored:
                raise BadReview(field=f"points_{key}", reason=_("Score this criterion."))
        if not current.recommendation:
            raise BadReview(field="recommendation", reason=_("Choose a recommendation."))
        if not current.comment:
            raise BadReview(field="comment", reason=_("Say what your opinion rests on."))
        current.state = ReviewState.SUBMITTED
        current.submitted_at = timezone.now()
        current.revision = revision
        current.save(update_fields=["state", "submitted_at", "revision"])
    return current


def reopen_review(*, review: Review, acting_user: User) -> Review:
    """A newer version of the answers is there: the reviewer looks again, from what they wrote.

    By the reviewer, or by an officer of the site. Raises ReviewClosed where there is no newer
    version, NotAllowed.
    """
    with recorded(acting_user):
        file = locked(review.application)
        current = Review.objects.get(pk=review.pk)
        if current.reviewer_id != acting_user.pk:
            require(acting_user, Action.CHANGE, "review", file.site_id)
        require_free(file, acting_user)
        if current.state == ReviewState.OPEN:
            return current
        outdated = current.revision is not None and current.revision < file.revision
        if current.state != ReviewState.SUBMITTED or file.state not in REVIEWED_IN or not outdated:
            raise ReviewClosed(state=current.get_state_display())
        current.state = ReviewState.OPEN
        current.submitted_at = None
        current.save(update_fields=["state", "submitted_at"])
    return current


def remind_reviewers() -> int:
    """Remind of each review that is due in three days or less, and again on its day.

    Returns how many. Asked twice a day, the second sends nothing; after days without the job
    one letter makes up for those that were missed.
    """
    day = today()
    soon = Review.objects.pending().filter(due_on__lte=day + REMINDED_BEFORE)
    return sum(_remind(found, day) for found in soon.order_by("id"))


def _remind(found: Review, day: dt.date) -> bool:
    with recorded(None):
        file = locked(found.application)
        review = Review.objects.pending().filter(pk=found.pk).select_related("reviewer").first()
        if review is None:
            return False
        if not _reviews_there(review.reviewer, file):
            return False  # they left, or the file went to another site
        stage = review.due_on if day >= review.due_on else review.due_on - REMINDED_BEFORE
        # Being assigned so late counts as the reminder of that day.
        last = review.reminded_on or timezone.localdate(review.assigned_at)
        if day < stage or last >= stage:
            return False
        review.reminded_on = day
        review.save(update_fields=["reminded_on"])
        letter = letters.review_reminder(review)
        send_to_staff(file, review.reviewer, letter, f"review:{review.reviewer_id}")
    return True


def _check_assignment(file: Application, reviewer: User, due_on: dt.date) -> None:
    if due_on < today():
        raise BadAssignment(field="due_on", reason=_("Choose a day that is not over."))
    if not _reviews_there(reviewer, file):
        raise BadAssignment(
            field="reviewer", reason=_("This person is no reviewer at the site of the file.")
        )
    own = Application.objects.filter(pk=file.pk).of_applicant(reviewer).exists()
    if own or is_conflicted(file, reviewer):
        raise BadAssignment(
            field="reviewer", reason=_("This person has a conflict of interest in the file.")
        )


def _reviews_there(user: User, file: Application) -> bool:
    return scope_of(user, Action.REVIEW, "review").covers(file.site_id)


def _own(review: Review, user: User) -> tuple[Application, Review]:
    """The locked file and the review, to which its reviewer alone comes."""
    file = locked(review.application)
    current = Review.objects.select_related("application").get(pk=review.pk)
    if current.reviewer_id != user.pk:
        raise NotYours
    if not _reviews_there(user, file):
        raise NotAllowed
    return file, current


def _own_open(review: Review, user: User) -> tuple[Application, Review]:
    file, current = _own(review, user)
    _require_open(file, current)
    return file, current


def _require_open(file: Application, review: Review) -> None:
    if review.state != ReviewState.OPEN:
        raise ReviewClosed(state=review.get_state_display())
    if file.state not in REVIEWED_IN:
        raise ReviewClosed(state=file.get_state_display())


def _criteria(review: Review) -> dict[str, Criterion]:
    version = review.application.call_version_id
    return {row.key: row for row in Criterion.objects.filter(version=version)} if version else {}


def _keep(
    review: Review,
    criteria: Mapping[str, Criterion],
    points: Mapping[str, int],
    words: Mapping[str, str],
) -> None:
    kept: Iterable[Score] = (
        Score(
            review=review,
            criterion=criteria[key],
            points=given,
            words=words.get(key, "").strip(),
        )
        for key, given in points.items()
    )
    review.scores.exclude(criterion__key__in=points).delete()
    Score.objects.bulk_create(
        kept,
        update_conflicts=True,
        unique_fields=["review", "criterion"],
        update_fields=["points", "words"],
    )
