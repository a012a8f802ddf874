"""Which documents a file asks for and holds, and who reads them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext

from applications.labels import ItemKind, QuestionKind, ScanState
from applications.models import Application, Document
from applications.permissions import reads_all
from applications.workflow import ENDS, State

MOST_FILES: Final = 30
"""Of one application, whatever they are for."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document that is asked for, and what was uploaded for it. Key "": whatever else."""

    key: str
    label: str
    help: str = ""
    required: bool = False
    most: int = MOST_FILES
    documents: list[Document] = field(default_factory=list)
    is_open: bool = False
    """Whether the applicant may add to it and take from it now."""

    @property
    def left(self) -> int:
        """How many more may come."""
        return max(self.most - len(self.documents), 0)


def wanted_documents(application: Application) -> list[Wanted]:
    """All that the call asks for, then what else is there, in the language in force."""
    asked = _asked_by_the_call(application)
    now_open = _open_of(application, asked)
    rows = [Wanted(key=key, is_open=key in now_open, **words) for key, words in asked.items()]
    by_key = {row.key: row for row in rows}
    others = Wanted("", gettext("Other documents"), is_open="" in now_open)
    for document in shown_to_applicant(application):
        by_key.get(document.key, others).documents.append(document)
    return [*rows, others] if others.documents or others.is_open else rows


def most_of(application: Application, key: str) -> int:
    """How many files a document may have."""
    asked = _asked_by_the_call(application).get(key)
    return asked["most"] if asked else MOST_FILES


def known_keys(application: Application) -> frozenset[str]:
    """Of all that the call asks for."""
    return frozenset(_asked_by_the_call(application))


def open_keys(application: Application) -> frozenset[str]:
    """For which documents the applicant may upload now.

    All of them until the application is sent, then those that a request for information names;
    and whatever else they wish to show ("") as long as it is studied.
    """
    return _open_of(application, _asked_by_the_call(application))


def _open_of(application: Application, asked: Iterable[str]) -> frozenset[str]:
    state = State(application.state)
    if state in ENDS:
        return frozenset()
    if state == State.DRAFT:
        return frozenset(asked)
    if state == State.INFO_REQUESTED:
        return frozenset(asked).intersection(_requested(application)) | {""}
    return frozenset({""})


def shown_to_applicant(application: Application) -> list[Document]:
    """Those kept, and those that were deleted for a virus: the applicant has to know."""
    return [
        document
        for document in application.documents.filter(removed_at__isnull=True).order_by("id")
        if document.file or document.scan == ScanState.INFECTED
    ]


def documents_for(user: Any, application: Application) -> QuerySet[Document]:
    """What a member of staff or a reviewer may know of, the oldest first.

    The staff of the file's site see removed ones too; reviewers to whom the file opened do not.
    """
    rows = Document.objects.visible_to(user).filter(application=application).order_by("id")
    return rows if reads_all(user, application) else rows.filter(removed_at__isnull=True)


def _asked_by_the_call(application: Application) -> dict[str, dict[str, Any]]:
    version = application.call_version
    if version is None:
        return {}
    asked = {}
    rows: Iterable[Any] = (
        *version.documents.all(),
        *version.questions.filter(kind=QuestionKind.FILE),
    )
    for row in rows:
        asked[row.key] = {
            "label": row.label,
            "help": row.help,
            "required": row.required,
            "most": getattr(row, "most", 1),
        }
    return asked


def _requested(application: Application) -> set[str]:
    request = application.requests.open().first()
    if request is None:
        return set()
    kinds = (ItemKind.DOCUMENT, ItemKind.QUESTION)
    return set(request.items.filter(kind__in=kinds).values_list("key", flat=True))
