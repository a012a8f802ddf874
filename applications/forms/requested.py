"""What an open request for information asks, and the form for its answer."""

from dataclasses import dataclass
from typing import Any

from applications.forms.answers import RequestedAnswers
from applications.labels import ItemKind, QuestionKind
from applications.models import Application, InformationRequest, Question
from applications.selectors.documents import Wanted
from applications.selectors.requested import still_missing


@dataclass(frozen=True, slots=True)
class Asked:
    """An open request: the fields, questions and documents it names, and which of the documents
    are still to come."""

    request: InformationRequest
    fields: list[str]
    questions: list[Question]
    documents: list[str]
    missing: list[Wanted]

    @property
    def own_questions(self) -> list[str]:
        """Keys of the questions whose answers are no files."""
        return [row.key for row in self.questions if row.kind != QuestionKind.FILE]

    def form(self, file: Application, data: Any = None) -> RequestedAnswers:
        return RequestedAnswers(data, asked=self.fields, application=file, questions=self.questions)


def asked_of(file: Application) -> Asked | None:
    found = file.requests.open().prefetch_related("items").first()
    if found is None:
        return None
    items = [(item.kind, item.key) for item in found.items.all()]
    named = {key for kind, key in items if kind == ItemKind.QUESTION}
    version = file.call_version
    questions = list(version.questions.filter(key__in=named)) if version and named else []
    return Asked(
        found,
        [key for kind, key in items if kind == ItemKind.FIELD],
        questions,
        [key for kind, key in items if kind == ItemKind.DOCUMENT]
        + [question.key for question in questions if question.kind == QuestionKind.FILE],
        still_missing(file, found),
    )
