"""Words and tables that the papers share, in the language in force."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext

from applications.labels import Outcome
from applications.letters import reasons_in_words
from applications.models import Application, Decision, Document, Session
from core import formats
from core.uploads import kind_in_words

Row = list[str]


def language() -> str:
    return (get_language() or "fr")[:2]


def day(value: dt.date | dt.datetime) -> str:
    if isinstance(value, dt.datetime):
        value = timezone.localdate(value)
    return formats.day(value, language())


def isolated(text: str) -> str:
    """Figures that stay in their order on a page that runs from right to left."""
    return f"\u2066{text}\u2069"


def decimal(value: Decimal) -> str:
    return formats.number(value, language(), decimals=2)


def moment(value: dt.datetime) -> str:
    return isolated(f"{day(value)} {timezone.localtime(value):%H:%M}")


def card_of(session: Session) -> list[Row]:
    rows = [
        [gettext("site"), str(session.site)],
        [gettext("date and time"), moment(session.held_at)],
        [gettext("place"), session.place],
        [gettext("chair"), str(session.chair)],
        [gettext("quorum"), str(session.quorum)],
    ]
    return capitalised(row for row in rows if row[1])


def title_of(file: Application) -> str:
    return f"{file.reference} · {file.name}"


def documents_of(documents: Iterable[Document]) -> list[Row]:
    return [
        [
            document.name,
            kind_in_words(document.media_type),
            isolated(filesizeformat(document.size)),
            day(document.uploaded_at),
        ]
        for document in documents
    ]


def document_columns() -> Row:
    return [gettext("name"), gettext("kind"), gettext("size"), gettext("uploaded")]


def decided(decision: Decision) -> list[dict[str, str]]:
    """What a decision says, a label and a text each."""
    texts = [
        (gettext("decision"), Outcome(decision.outcome).label),
        (gettext("reasons"), formats.listed(reasons_in_words(decision), language())),
        (gettext("conditions"), decision.conditions),
        (gettext("until"), day(decision.until) if decision.until else ""),
        (gettext("note"), decision.note),
    ]
    return answers((label, str(text)) for label, text in texts)


def answers(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """Labels with texts for a template; without those that say nothing."""
    return [{"label": capfirst(label), "text": text} for label, text in pairs if text]


def capitalised(rows: Iterable[Row]) -> list[Row]:
    return [[capfirst(label), *rest] for label, *rest in rows]


def headings(*words: Any) -> Row:
    return [capfirst(str(word)) for word in words]
