"""What reviewers think of a file: to whom which scores are shown, and what they come to."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from accounts.rights import Action
from applications.labels import ReviewState
from applications.models import Application, Criterion, Member, Review, Score
from applications.scoring import Line, Spread, percent, spread
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


def scores_of(application: Application, user: Any) -> Scores:
    """The submitted reviews of a file and their aggregate, as far as the user may see them.

    Officers of the site and members of a committee that has the file on its agenda see all; a
    reviewer sees the others' once their own is in; somebody in conflict sees none. At most six
    queries.
    """
    mine = None
    reviews = Review.objects.filter(application=application).free_of_conflict(user)
    if not sees_all_scores(application, user):
        mine = reviews.filter(reviewer=user).first()
        if mine is None or mine.state != ReviewState.SUBMITTED:
            return Scores((), None, (), {}, hidden=True)
    return aggregate(application, reviews)


def sees_all_scores(application: Application, user: Any) -> bool:
    if scope_of(user, Action.VIEW, "review").covers(application.site_id):
        # An officer who also reviews the file is bound like the other reviewers.
        return not Review.objects.pending().filter(application=application, reviewer=user).exists()
    return Member.objects.filter(
        user=user, session__agenda__application=application, session__state__in=SITTING
    ).exists()


SITTING = ("planned", "open", "closed")


def aggregate(application: Application, reviews: Any = None) -> Scores:
    """All submitted reviews, whoever asks: for whoever has checked that already."""
    rows = Review.objects.filter(application=application) if reviews is None else reviews
    submitted = list(
        rows.filter(state=ReviewState.SUBMITTED).select_related("reviewer").order_by("id")
    )
    given: dict[int, list[Score]] = defaultdict(list)
    for score in (
        Score.objects.filter(review__in=submitted)
        .select_related("criterion")
        .order_by("criterion__position", "criterion__id")
    ):
        given[score.review_id].append(score)
    opinions = [
        Opinion(
            review,
            given[review.pk],
            percent(_line(score) for score in given[review.pk]),
            outdated=(review.revision or 0) < application.revision,
        )
        for review in submitted
    ]
    recommendations: dict[str, int] = defaultdict(int)
    for opinion in opinions:
        recommendations[opinion.review.recommendation] += 1
    return Scores(
        tuple(opinions),
        spread([opinion.percent for opinion in opinions if opinion.percent is not None]),
        _by_criterion(given),
        dict(recommendations),
        hidden=False,
    )


def _by_criterion(given: Mapping[int, Sequence[Score]]) -> list[CriterionSpread]:
    criteria: dict[int, Criterion] = {}
    points: dict[int, list[Decimal]] = defaultdict(list)
    for scores in given.values():
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
