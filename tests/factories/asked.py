"""An application under a call that asks for documents, and for answers of its own."""

import datetime as dt
from typing import Any

from django.utils import timezone

from applications.models import Application, Call, CallVersion, Question, WantedDocument
from core.periods import Period
from sites.models import Site
from tests.factories import scene


def version(where: Site) -> CallVersion:
    """Statutes (required, one file), a pitch (up to three), and the questions `stage`, `plan`."""
    call = Call.objects.create(
        code=f"call-{where.code.lower()}",
        name_fr="Appel",
        period=Period(dt.date(2020, 1, 1)),
        languages=["fr", "ar", "en"],
    )
    call.sites.add(where)
    made = CallVersion.objects.create(call=call, number=1)
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
        label_fr="Où en êtes-vous ?",
        label_en="How far are you?",
        required=True,
        choices=[{"value": "idea", "fr": "Idée"}, {"value": "sales", "fr": "Ventes"}],
    )
    Question.objects.create(
        version=made, key="plan", kind="file", label_fr="Plan", label_en="Plan", position=1
    )
    made.state = "in_use"
    made.in_use_since = timezone.now()
    made.save()
    return made


def application(where: Site, **given: Any) -> Application:
    """Sent under a call of its site."""
    file = scene.application(where, **given)
    known = CallVersion.objects.filter(call__sites=where).first()
    file.call_version = known or version(where)
    file.answers = {"stage": "idea"}
    file.save(update_fields=["call_version", "answers"])
    return file


def draft(where: Site) -> Application:
    """Begun in a browser that has not signed in, and not sent yet."""
    file = application(where)
    Application.objects.filter(pk=file.pk).update(state="draft", applicant=None)
    file.refresh_from_db()
    return file
