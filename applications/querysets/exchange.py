"""What goes between the applicant, those beside them and the staff."""

from typing import TYPE_CHECKING, Self

from django.db.models import Q

from applications.labels import RequestState, Visibility
from applications.querysets.files import FileQuerySet

if TYPE_CHECKING:
    from applications.models import (  # noqa: F401  the rows' classes
        CoApplicant,
        Document,
        InformationRequest,
        Remark,
        RequestedItem,
    )


class InformationRequestQuerySet(FileQuerySet["InformationRequest"]):
    def open(self) -> Self:
        return self.filter(state=RequestState.OPEN)


class RequestedItemQuerySet(FileQuerySet["RequestedItem"]):
    file_path = "request__application"


class DocumentQuerySet(FileQuerySet["Document"]):
    open_to_reviewers = True

    def kept(self) -> Self:
        """Without those that were removed or erased."""
        return self.filter(removed_at__isnull=True).exclude(file="")


class RemarkQuerySet(FileQuerySet["Remark"]):
    """Each remark says who else reads it; see `selectors.conversation`."""

    def in_turn(self) -> Self:
        """What says whose turn it is: words to the applicant and by them, and that none are
        wanted. The last one counts."""
        return self.filter(Q(visibility=Visibility.APPLICANT) | Q(settles=True))


class CoApplicantQuerySet(FileQuerySet["CoApplicant"]):
    def standing(self) -> Self:
        """Those who came and were not removed."""
        return self.filter(accepted_at__isnull=False, removed_at__isnull=True)
