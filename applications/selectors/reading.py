"""A file as people read it: its answers in chapters, in the language in force."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language

from applications.labels import QuestionKind, Section
from applications.models import Application, Question
from core import formats


@dataclass(frozen=True, slots=True)
class Answered:
    """A field or a question, and what was answered, in words."""

    label: str
    text: str
    key: str = ""
    """The field's name, or `question:` and the question's key."""


@dataclass(frozen=True, slots=True)
class Chapter:
    title: str | Promise
    lines: Sequence[Answered]


_CHAPTERS: Mapping[Section, tuple[str, ...]] = {
    Section.APPLICANT: ("name", "applicant_kind", "legal_form", "ice", "website"),
    Section.PROJECT: ("project", "sectors", "team", "team_size"),
    Section.SPACE: ("wanted_m2", "wanted_start"),
}
_CONTACT = ("contact_name", "contact_email", "contact_phone")


def questions_of(application: Application) -> list[Question]:
    """What the call asks beside what every application answers, in its order."""
    asked = Question.objects.filter(version=application.call_version_id)
    return list(asked.order_by("position", "id")) if application.call_version_id else []


def chapters(
    application: Application,
    *,
    contact: bool = False,
    empty: bool = False,
    questions: Sequence[Question] | None = None,
) -> list[Chapter]:
    """All that was answered, whole; what was left empty is left out unless `empty`. `contact`:
    with how to reach the applicant, which a reviewer does not need. `questions`: the call's,
    where they are known already. Two queries, without the questions one."""
    language = (get_language() or "fr")[:2]
    questions = questions_of(application) if questions is None else questions
    rows = []
    for section in Section:
        names = _CHAPTERS.get(section, ())
        if contact and section == Section.APPLICANT:
            names += _CONTACT
        lines = [_field(application, name, language) for name in names]
        lines += [
            Answered(
                question.label,
                _answer(question, application.answers or {}, language),
                f"question:{question.key}",
            )
            for question in questions
            if question.section == section and question.kind != QuestionKind.FILE
        ]
        if lines := [line for line in lines if line.text or empty]:
            rows.append(Chapter(section.label, lines))
    return rows


def _field(application: Application, name: str, language: str) -> Answered:
    field: Any = Application._meta.get_field(name)
    return Answered(capfirst(str(field.verbose_name)), _value(application, name, language), name)


def _value(application: Application, name: str, language: str) -> str:
    if name == "sectors":
        return formats.listed(application.sectors.all(), language)
    value = getattr(application, name)
    if value is None:  # erased
        return ""
    if name == "wanted_m2":
        return formats.area(value, language)
    if name == "wanted_start":
        return formats.day(value, language)
    if name == "contact_phone":
        return formats.phone(str(value), language)
    shown = getattr(application, f"get_{name}_display", None)
    return str(shown() if shown else value)


def _answer(question: Question, answers: Mapping[str, Any], language: str) -> str:
    value = answers.get(question.key)
    if value in (None, "", []):
        return ""
    labels = {
        choice["value"]: choice.get(language) or choice.get("fr", "") for choice in question.choices
    }
    if isinstance(value, list):
        return formats.listed((labels.get(item, item) for item in value), language)
    if question.kind == QuestionKind.DATE:
        return formats.day(dt.date.fromisoformat(value), language)
    return str(labels.get(value, value))
