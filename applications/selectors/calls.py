"""Which calls people can answer, and what a version lacks before it can be put in use."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from applications.labels import LACKS
from applications.models import Application, Call, CallVersion
from applications.models.calls import Asked
from applications.questions import Kind, Problem, Rule, Wording, lacks, shown
from applications.selectors.documents import Wanted, wanted_documents
from core.languages import Language
from core.periods import end_of, today
from sites.models import Site

GRACE: Final = dt.timedelta(minutes=60)
"""Whoever was typing when the last day ended may still send within this time."""


def open_versions(site: Site) -> QuerySet[CallVersion]:
    """What can be answered today at the site, the calls with a last day first."""
    return (
        CallVersion.objects.in_use()
        .filter(call__sites=site, call__period__contains=today())
        .select_related("call")
        .order_by("call__period__endswith", "call__code")
    )


def sites_to_apply_at() -> QuerySet[Site]:
    """Sites that take applications: under an open call or, without any call, the usual form."""
    called = Call.objects.filter(sites=OuterRef("pk"), versions__state="in_use")
    return Site.objects.filter(takes_applications=True).exclude(
        Exists(called), ~Exists(called.open_on(today()))
    )


def other_sites(application: Application) -> list[Site]:
    """Where the same company may apply with the same answers: the other sites of its call."""
    version = application.call_version
    if version is None:
        found = sites_to_apply_at().exclude(call__versions__state="in_use")
    else:
        found = sites_to_apply_at().filter(call=version.call_id)
    return list(found.exclude(pk=application.site_id))


def can_be_sent(application: Application) -> bool:
    """Whether the draft's site and call take it now, the hour of grace included."""
    site, version = application.site, application.call_version
    if not site.takes_applications:
        return False
    if version is None:
        return sites_to_apply_at().filter(pk=site.pk).exists()
    call = version.call
    if not call.sites.filter(pk=site.pk).exists():
        return False
    if today() in call.period:
        return True
    last = call.period.last_day
    if last is None:
        return False
    over, now = end_of(last), timezone.now()
    return application.state_since < over <= now < over + GRACE


def closing_of(application: Application) -> str:
    """What its author has to know of the draft's call: "over" in the hour of grace, "closed" after
    it, else nothing. Asks the database only when the call's days are over."""
    version = application.call_version
    if version is None or today() in version.call.period:
        return ""
    return "over" if can_be_sent(application) else "closed"


def rules_of(version: CallVersion | None) -> list[Rule]:
    return [question.rule for question in version.questions.all()] if version else []


def documents_asked(application: Application, given: Mapping[str, Any]) -> list[Wanted]:
    """What is to be uploaded, without the file questions that the answers `given` hide."""
    rules = rules_of(application.call_version)
    files = {rule.key for rule in rules if rule.kind == Kind.FILE}
    hidden = files - {rule.key for rule in shown(rules, given)}
    return [row for row in wanted_documents(application) if row.key not in hidden]


def missing_documents(application: Application, given: Mapping[str, Any]) -> list[Wanted]:
    """What is required and not there."""
    return [
        row
        for row in documents_asked(application, given)
        if row.required and not any(document.file for document in row.documents)
    ]


def problems_of(version: CallVersion) -> list[str]:
    """In words, all that keeps the version from being put in use; four queries."""
    questions = list(version.questions.all())
    documents, criteria = list(version.documents.all()), list(version.criteria.all())
    found = lacks(
        [question.rule for question in questions],
        # A file question is a document under its key; the rubric has keys of its own.
        keys=[
            *(row.key for row in (*questions, *documents)),
            *(f"{criterion.key} " for criterion in criteria),
        ],
        words=_wordings(version, [*questions, *documents, *criteria]),
        languages=version.call.languages,
    )
    return [_in_words(problem) for problem in found]


def _wordings(version: CallVersion, asked: Iterable[Asked]) -> Iterator[Wording]:
    name = str(version.call._meta.verbose_name)
    yield Wording(name, _of(version.call, "name"))
    yield Wording(name, _of(version, "text"), optional=True)
    for row in asked:
        yield Wording(row.key, _of(row, "label"))
        yield Wording(row.key, _of(row, "help"), optional=True)
        for choice in getattr(row, "choices", []):
            yield Wording(f"{row.key} · {choice['value']}", choice)
        for points, words in getattr(row, "scale", {}).items():
            yield Wording(f"{row.key} · {points}", words)


def _of(row: object, name: str) -> dict[str, str]:
    return {code: getattr(row, f"{name}_{code}") for code in Language.values}


def _in_words(problem: Problem) -> str:
    language = str(Language(problem.language).label) if problem.language else ""
    return str(LACKS[problem.lack]) % {"where": problem.where.strip(), "language": language}
