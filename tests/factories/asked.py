"""An application under a call that asks for documents, and for answers of its own."""

from typing import Any

from applications.models import Application, CallVersion, Question, WantedDocument
from sites.models import Site
from tests.factories import calls, scene


def version(where: Site) -> CallVersion:
    """Statutes (required, one file), a pitch (up to three), and the questions `stage`, `plan`."""
    made = calls.draft(where, code=f"call-{where.code.lower()}")
    for position, (key, label, required, most) in enumerate(
        [("statutes", "Statuts", True, 1), ("pitch", "Présentation", False, 3)]
    ):
        WantedDocument.objects.create(
            version=made,
            key=key,
            position=position,
            label_fr=label,
            label_ar="وثيقة",
            label_en=key.title(),
            required=required,
            most=most,
        )
    Question.objects.create(
        version=made,
        key="stage",
        kind="choice",
        required=True,
        choices=calls.choices("idea", "sales"),
        **calls.words("How far are you?"),
    )
    Question.objects.create(
        version=made, key="plan", kind="file", position=1, **calls.words("Plan")
    )
    return calls.in_use(made)


def application(where: Site, **given: Any) -> Application:
    """Sent under a call of its site."""
    file = scene.application(where, **given)
    file.call_version = _version_of(where)
    file.answers = {"stage": "idea"}
    file.save(update_fields=["call_version", "answers"])
    return file


def draft(where: Site) -> Application:
    """Begun under a call of its site, and not sent yet."""
    return scene.draft(where, _version_of(where))


def _version_of(where: Site) -> CallVersion:
    known = CallVersion.objects.in_use().filter(call__sites=where).first()
    return known or version(where)
