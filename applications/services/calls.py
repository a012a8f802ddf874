"""Calls for applications: composed as a draft, put in use, then frozen; a change is a version."""

import datetime as dt
from typing import Any, Final

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from accounts.models import User
from accounts.rights import Action
from applications.errors import CallNotReady, VersionFrozen
from applications.labels import VersionState
from applications.models import Call, CallVersion, Criterion, Question, WantedDocument
from applications.selectors.calls import problems_of
from core.errors import NotAllowed
from core.history import recorded
from core.languages import Language
from core.periods import Period, today
from sites.models import Site

STANDING: Final = "standing"
_PARTS: Final = (Question, WantedDocument, Criterion)

_STANDING_NAME: Final = {
    "fr": "Candidature permanente",
    "ar": "طلب ترشيح دائم",
    "en": "Standing call",
}
_STANDING_TEXT: Final = {
    "fr": "Les candidatures sont reçues toute l’année et étudiées dans leur ordre d’arrivée.",
    "ar": "تُستقبل طلبات الترشيح طوال السنة وتُدرس حسب ترتيب وصولها.",
    "en": "Applications are received all year round and studied in the order in which they come.",
}
# Whatever a hub really asks for is its own to configure: a fresh installation requires nothing.
_STANDING_DOCUMENTS: Final = (
    ("business_plan", 1, ("Plan d’affaires", "مخطط الأعمال", "Business plan")),
    ("presentation", 1, ("Présentation du projet", "عرض المشروع", "Presentation of the project")),
)
_STANDING_CRITERIA: Final = (
    ("innovation", 3, ("Innovation", "الابتكار", "Innovation")),
    ("market", 3, ("Marché", "السوق", "Market")),
    ("team", 2, ("Équipe", "الفريق", "Team")),
    ("impact", 2, ("Impact et emplois", "الأثر وفرص الشغل", "Impact and jobs")),
)
_SCALE: Final = {
    "0": ("Rien ne le montre", "لا شيء يدل عليه", "Nothing shows it"),
    "3": ("Convaincant", "مقنع", "Convincing"),
    "5": ("Exemplaire", "نموذجي", "Exemplary"),
}


def new_draft_version(*, call: Call, acting_user: User | None) -> CallVersion:
    """A draft to change what the call asks: the version in use (or the last one), copied.

    A call has one draft at a time: asked again, the same. Raises NotAllowed.
    """
    with recorded(acting_user):
        call = _locked(call, acting_user)
        versions = call.versions.order_by("-number")
        draft = versions.filter(state=VersionState.DRAFT).first()
        if draft is not None:
            return draft
        last = versions.first()
        source = versions.in_use().first() or last
        made = CallVersion.objects.create(
            call=call,
            number=last.number + 1 if last else 1,
            **({name: getattr(source, name) for name in _texts()} if source else {}),
        )
        for model in _PARTS if source else ():
            model._default_manager.bulk_create(
                [_copied(row, made) for row in model._default_manager.filter(version=source)]
            )
    return made


def put_in_use(*, version: CallVersion, acting_user: User | None) -> CallVersion:
    """What the call asks from now on; the version in use until now is retired.

    Drafts begun under that one are finished under it. A second time nothing changes. Raises
    CallNotReady with all that is missing, VersionFrozen for a retired one, NotAllowed.
    """
    with recorded(acting_user):
        call = _locked(version.call, acting_user)
        current = CallVersion.objects.select_for_update().select_related("call").get(pk=version.pk)
        if current.state == VersionState.IN_USE:
            return current
        if current.state == VersionState.RETIRED:
            raise VersionFrozen
        problems = problems_of(current)
        if problems:
            raise CallNotReady(problems=" ".join(problems))
        for old in call.versions.in_use():
            old.state = VersionState.RETIRED
            old.save(update_fields=["state"])
        current.state = VersionState.IN_USE
        current.in_use_since = timezone.now()
        current.save(update_fields=["state", "in_use_since"])
    return current


def require_draft(version: CallVersion) -> None:
    """Inside a transaction, before a version's parts are saved: nothing else puts it in use
    meanwhile. Raises VersionFrozen."""
    state = (
        CallVersion.objects.select_for_update().values_list("state", flat=True).get(pk=version.pk)
    )
    if state != VersionState.DRAFT:
        raise VersionFrozen


def ensure_standing_call() -> Call:
    """The call that is always open, at every site that no call names; made where it is missing.

    It is the network's from then on: a version that people changed stays as they made it.
    """
    with transaction.atomic():
        names = {f"name_{code}": name for code, name in _STANDING_NAME.items()}
        call, made = Call.objects.get_or_create(
            code=STANDING,
            defaults={"period": Period(_begin()), "languages": list(Language.values), **names},
        )
        call.sites.add(*Site.objects.filter(call__isnull=True))
        if made:
            version = new_draft_version(call=call, acting_user=None)
            for code, text in _STANDING_TEXT.items():
                setattr(version, f"text_{code}", text)
            version.save()
            _usual_parts(version)
            put_in_use(version=version, acting_user=None)
    return call


def _begin() -> dt.date:
    """Long enough ago for the demo's past."""
    days = Site.objects.values_list("opened_on", flat=True)
    return min([today(), *(day for day in days if day is not None)])


def _usual_parts(version: CallVersion) -> None:
    for position, (key, most, labels) in enumerate(_STANDING_DOCUMENTS, start=1):
        WantedDocument.objects.create(
            version=version, key=key, position=position, required=False, most=most, **_words(labels)
        )
    scale = {
        points: dict(zip(Language.values, words, strict=True)) for points, words in _SCALE.items()
    }
    for position, (key, weight, labels) in enumerate(_STANDING_CRITERIA, start=1):
        Criterion.objects.create(
            version=version, key=key, position=position, weight=weight, scale=scale,
            **_words(labels),
        )  # fmt: skip


def _words(labels: tuple[str, str, str]) -> dict[str, str]:
    return {f"label_{code}": label for code, label in zip(Language.values, labels, strict=True)}


def _locked(call: Call, acting_user: User | None) -> Call:
    current = Call.objects.select_for_update(of=("self",)).get(pk=call.pk)
    if acting_user is not None:
        changeable = Call.objects.visible_to(acting_user, Action.CHANGE)
        if not changeable.filter(pk=call.pk).exists():
            raise NotAllowed
    return current


def _texts() -> list[str]:
    return [f"text_{code}" for code in Language.values]


def _copied(row: Model, version: CallVersion) -> Any:
    values = {
        field.name: getattr(row, field.name)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }
    return type(row)(**{**values, "version": version})
