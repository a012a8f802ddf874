"""What goes between the applicant, those beside them and the staff."""

from typing import TYPE_CHECKING, Self

from applications.labels import RequestState
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


class CoApplicantQuerySet(FileQuerySet["CoApplicant"]):
    def standing(self) -> Self:
        """Those who came and were not removed."""
        return self.filter(accepted_at__isnull=False, removed_at__isnull=True)
