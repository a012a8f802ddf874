"""A call in use, composed and put in use by the real services."""

from typing import Any

from applications.models import Call, CallVersion, Criterion, Question, WantedDocument
from applications.services.calls import new_draft_version, put_in_use
from core.languages import Language
from core.periods import Period, today
from sites.models import Site


def words(text: str, name: str = "label") -> dict[str, str]:
    return {f"{name}_{code}": f"{text} ({code})" for code in Language.values}


def choices(*values: str) -> list[dict[str, str]]:
    return [
        {"value": value, **{code: f"{value} ({code})" for code in Language.values}}
        for value in values
    ]


def draft(*sites: Site, code: str = "call", period: Period | None = None) -> CallVersion:
    """A version that asks nothing yet."""
    call = Call.objects.create(
        code=code,
        period=period or Period(today()),
        languages=list(Language.values),
        **words(f"Call {code}", "name"),
    )
    call.sites.set(sites)
    return new_draft_version(call=call, acting_user=None)


def question(version: CallVersion, key: str, kind: str, **given: Any) -> Question:
    values = {"section": "project", "position": version.questions.count() + 1, **given}
    return Question.objects.create(version=version, key=key, kind=kind, **words(key), **values)


def wanted(version: CallVersion, key: str, **given: Any) -> WantedDocument:
    return WantedDocument.objects.create(version=version, key=key, **words(key), **given)


def criterion(version: CallVersion, key: str, **given: Any) -> Criterion:
    return Criterion.objects.create(version=version, key=key, **words(key), **given)


def in_use(version: CallVersion) -> CallVersion:
    return put_in_use(version=version, acting_user=None)
