"""What reviewers think of a file: to whom which scores are shown, and what they come to."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from accounts.rights import Action
from applications.labels import ReviewState
from applications.models import Application, Criterion, Member, Review, Score
from applications.scoring import Line, Spread, percent, spread
from applications.workflow import REVIEWED_IN
from sites.scopes import scope_of


@dataclass(frozen=True, slots=True)
class Opinion:
    """One submitted review."""

    review: Review
    scores: Sequence[Score]
    """In the order of the rubric."""
    percent: Decimal | None
    """None without a rubric."""
    outdated: bool
    """Made on an earlier version of the answers."""


@dataclass(frozen=True, slots=True)
class CriterionSpread:
    criterion: Criterion
    points: Spread


@dataclass(frozen=True, slots=True)
class Scores:
    """The submitted reviews of a file that somebody may see, and their aggregate."""

    opinions: Sequence[Opinion]
    overall: Spread | None
    """Of the percentages."""
    criteria: Sequence[CriterionSpread]
    recommendations: Mapping[str, int]
    hidden: bool
    """There may be others, shown once one's own is in."""


HIDDEN: Final = Scores((), None, (), {}, hidden=True)


def scores_of(application: Application, user: Any) -> Scores:
    """The submitted reviews of a file and their aggregate, as far as the user may see them.

    Officers of the site and members of a committee that has the file on its agenda see all; a
    reviewer sees the others' once their own is in; somebody in conflict sees none. At most five
    queries.
    """
    file = Application.objects.filter(pk=application.pk).free_of_conflict(user)
    own = Review.objects.filter(application=application, reviewer=user, state=ReviewState.SUBMITTED)
    if not file.exists() or not (sees_all_scores(application, user) or own.exists()):
        return HIDDEN
    return aggregate(application)


def scores_beside(application: Application, reviews: Sequence[Review], user: Any) -> Scores:
    """The same for staff who have the file before them with its `reviews` (each with its
    reviewer), which are not asked for again; one query."""
    own = application.state in REVIEWED_IN and any(
        row.reviewer_id == user.pk and row.state in PENDING for row in reviews
    )
    if own or not _at_the_site(application, user):
        return HIDDEN
    submitted = [row for row in reviews if row.state == ReviewState.SUBMITTED]
    return _together(application, submitted, _scores_of(submitted))


def _at_the_site(application: Application, user: Any) -> bool:
    """At either, while the file is on its way to another."""
    scope = scope_of(user, Action.VIEW, "review")
    return scope.covers(application.site_id) or scope.covers(application.also_site_id)


def sees_all_scores(application: Application, user: Any) -> bool:
    if _at_the_site(application, user):
        # An officer who also reviews the file is bound like the other reviewers.
        return not Review.objects.pending().filter(application=application, reviewer=user).exists()
    return Member.objects.filter(
        user=user, session__agenda__application=application, session__state__in=SITTING
    ).exists()


SITTING = ("planned", "open", "closed")
PENDING: Final = frozenset({ReviewState.ASSIGNED, ReviewState.OPEN})


def aggregate(application: Application) -> Scores:
    """All submitted reviews of a file, for whoever has checked who asks."""
    return aggregates([application])[application.pk]


def aggregates(applications: Sequence[Application], user: Any = None) -> dict[int, Scores]:
    """The same for several files, by their ids; two queries, one more for a `user` from whom the
    scores are hidden where their own review still waits."""
    reviews: dict[int, list[Review]] = defaultdict(list)
    rows = Review.objects.filter(application__in=applications, state=ReviewState.SUBMITTED)
    for review in rows.select_related("reviewer").order_by("id"):
        reviews[review.application_id].append(review)
    given = _scores_of([row for rows in reviews.values() for row in rows])
    found = {file.pk: _together(file, reviews[file.pk], given) for file in applications}
    if user is not None:
        own = Review.objects.pending().filter(application__in=applications, reviewer=user)
        found |= dict.fromkeys(own.values_list("application", flat=True), HIDDEN)
    return found


def _scores_of(reviews: Sequence[Review]) -> Mapping[int, Sequence[Score]]:
    """By the review's id, in the order of the rubric; one query."""
    given: dict[int, list[Score]] = defaultdict(list)
    scores = Score.objects.filter(review__in=[row.pk for row in reviews])
    in_order = ("criterion__position", "criterion__id")
    for score in scores.select_related("criterion").order_by(*in_order):
        given[score.review_id].append(score)
    return given


def _together(
    file: Application, reviews: Sequence[Review], given: Mapping[int, Sequence[Score]]
) -> Scores:
    opinions = [
        Opinion(
            review,
            given.get(review.pk, ()),
            percent(_line(score) for score in given.get(review.pk, ())),
            outdated=(review.revision or 0) < file.revision,
        )
        for review in reviews
    ]
    return Scores(
        tuple(opinions),
        spread([opinion.percent for opinion in opinions if opinion.percent is not None]),
        _by_criterion([opinion.scores for opinion in opinions]),
        dict(Counter(opinion.review.recommendation for opinion in opinions)),
        hidden=False,
    )


def _by_criterion(given: Iterable[Sequence[Score]]) -> list[CriterionSpread]:
    criteria: dict[int, Criterion] = {}
    points: dict[int, list[Decimal]] = defaultdict(list)
    for scores in given:
        for score in scores:
            criteria[score.criterion_id] = score.criterion
            points[score.criterion_id].append(Decimal(score.points))
    ordered = sorted(criteria.values(), key=lambda row: (row.position, row.pk))
    rows = []
    for criterion in ordered:
        found = spread(points[criterion.pk])
        assert found is not None
        rows.append(CriterionSpread(criterion, found))
    return rows


def _line(score: Score) -> Line:
    return Line(score.points, score.criterion.most, score.criterion.weight)
