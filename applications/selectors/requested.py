"""What a request for information asks, in people's words, and what of it is still missing."""

from collections.abc import Mapping

from applications.labels import ItemKind, QuestionKind
from applications.models import Application, InformationRequest
from applications.selectors.documents import Wanted, wanted_documents


def in_words(application: Application, request: InformationRequest) -> list[str]:
    """The names of what is asked for, in the language in force and the order of the request."""
    labels = _labels(application)
    items = request.items.order_by("id").values_list("kind", "key")
    return [labels.get((kind, key), key) for kind, key in items]


def still_missing(application: Application, request: InformationRequest) -> list[Wanted]:
    """The documents asked for of which none has come since."""
    version = application.call_version
    if version is None:
        return []
    files = set(
        version.questions.filter(kind=QuestionKind.FILE, required=True).values_list(
            "key", flat=True
        )
    )
    asked = {
        key
        for kind, key in request.items.values_list("kind", "key")
        if kind == ItemKind.DOCUMENT or (kind == ItemKind.QUESTION and key in files)
    }
    return [
        row
        for row in wanted_documents(application)
        if row.key in asked
        and not any(one.file and one.uploaded_at >= request.asked_at for one in row.documents)
    ]


def _labels(application: Application) -> Mapping[tuple[str, str], str]:
    fields = (*Application._meta.fields, *Application._meta.many_to_many)
    labels = {(ItemKind.FIELD.value, field.name): str(field.verbose_name) for field in fields}
    version = application.call_version
    if version is not None:
        for question in version.questions.all():
            labels[ItemKind.QUESTION, question.key] = question.label
        for document in version.documents.all():
            labels[ItemKind.DOCUMENT, document.key] = document.label
    return labels
