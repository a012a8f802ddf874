"""Opinions on a file, and who may have one."""

from typing import TYPE_CHECKING, Self

from applications.labels import ReviewState
from applications.querysets.files import FileQuerySet
from applications.workflow import REVIEWED_IN

if TYPE_CHECKING:
    from applications.models import Declaration, Review, Score  # noqa: F401  the rows' classes


class DeclarationQuerySet(FileQuerySet["Declaration"]):
    """Staff see that somebody is in conflict, not only with files that they may see themselves."""

    resource = "review"


class ReviewQuerySet(FileQuerySet["Review"]):
    resource = "review"

    def opened(self) -> Self:
        """Past the declaration of interests: the file is open to the reviewer."""
        return self.filter(state__in=[ReviewState.OPEN, ReviewState.SUBMITTED])

    def pending(self) -> Self:
        """Not in yet, and an opinion is still asked for."""
        states = [ReviewState.ASSIGNED, ReviewState.OPEN]
        return self.filter(state__in=states, application__state__in=REVIEWED_IN)


class ScoreQuerySet(FileQuerySet["Score"]):
    resource = "review"
    file_path = "review__application"
