"""The versions of a file's answers, beside each other."""

import datetime as dt
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language

from applications.answers import FIELDS
from applications.differences import Piece, differences
from applications.models import Application, Question, Revision
from applications.selectors.reading import Answered, Chapter, chapters
from core import formats
from tenants.models import Sector

_TYPED: Mapping[str, Any] = {"wanted_m2": Decimal, "wanted_start": dt.date.fromisoformat}


@dataclass(frozen=True, slots=True)
class Line:
    """An answer on the staff's page, with what it was before where it changed."""

    answered: Answered
    changes: Sequence[Piece] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """The answers in chapters, against an earlier version (None: nothing is compared)."""

    chapters: Sequence[tuple[Chapter, Sequence[Line]]]
    against: Revision | None
    changed: int


def compared(
    application: Application,
    told: Sequence[Chapter],
    *,
    versions: Sequence[Revision],
    against: int | None,
    questions: Sequence[Question],
) -> Compared:
    """Today's answers against version `against`, the one before the last unless it is named.

    One query for the other version, one for its sectors.
    """
    numbers = [version.number for version in versions if version.number < application.revision]
    wanted = against if against in numbers else max(numbers, default=None)
    earlier = None
    if wanted is not None:
        earlier = Revision.objects.filter(application=application, number=wanted).first()
    before = _before(application, earlier, questions) if earlier and earlier.answers else {}
    rows = []
    for chapter in told:
        lines = [_line(line, before) for line in chapter.lines]
        if lines := [line for line in lines if line.answered.text or line.changes]:
            rows.append((chapter, lines))
    changed = sum(bool(line.changes) for _chapter, lines in rows for line in lines)
    return Compared(rows, earlier if before else None, changed)


def as_they_are(told: Sequence[Chapter]) -> Compared:
    """Today's answers beside nothing; what was left empty is left out."""
    rows = [(chapter, [Line(line) for line in chapter.lines if line.text]) for chapter in told]
    return Compared([(chapter, lines) for chapter, lines in rows if lines], None, 0)


def _line(line: Answered, before: Mapping[str, str]) -> Line:
    old = before.get(line.key)
    return (
        Line(line) if old is None or old == line.text else Line(line, differences(old, line.text))
    )


def _before(
    application: Application, earlier: Revision, questions: Sequence[Question]
) -> dict[str, str]:
    """What the fields said then, worded as today's are."""
    answers: Mapping[str, Any] = earlier.answers or {}
    then = copy(application)
    for name in (FIELDS - {"sectors"}) & answers.keys():
        setattr(then, name, _TYPED.get(name, _as_it_is)(answers[name]))
    then.answers = answers.get("answers")
    told = chapters(then, contact=True, empty=True, questions=questions)
    words = {line.key: line.text for chapter in told for line in chapter.lines}
    if "sectors" in answers:
        sectors = Sector.objects.filter(code__in=answers["sectors"])
        words["sectors"] = formats.listed(sectors, get_language() or "fr")
    return words


def _as_it_is(value: Any) -> Any:
    return value
