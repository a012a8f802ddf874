"""The committee's pack: each file's summary, scores, opinions and documents, for one reader."""

from typing import Any

from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from applications.labels import Outcome
from applications.models import AgendaItem, Application, Session
from applications.papers.wording import (
    answers,
    capitalised,
    card_of,
    decimal,
    document_columns,
    documents_of,
    headings,
    isolated,
    language,
    moment,
    title_of,
)
from applications.scoring import Spread
from applications.selectors.reading import chapters
from applications.selectors.scores import Scores, aggregates
from applications.selectors.sittings import sessions_of
from core import formats
from core.errors import NotAllowed
from core.typesetting import typeset


def pack_pdf(session: Session, *, reader: Any) -> bytes:
    """In the reader's language, without the files in which they are in conflict.

    Raises NotAllowed for whoever neither sits in the session nor sees it as staff.
    """
    if not sessions_of(reader).filter(pk=session.pk).exists():
        raise NotAllowed
    items = AgendaItem.objects.filter(session=session)
    shown = list(
        items.free_of_conflict(reader)
        .select_related("application__site", "application__call_version")
        .order_by("position", "id")
    )
    left_out = items.count() - len(shown)
    with translation.override(reader.language):
        return typeset("applications/pdf/pack.typ", _data(session, shown, left_out, reader))


def _data(session: Session, items: list[AgendaItem], left_out: int, reader: Any) -> dict[str, Any]:
    scores = aggregates([item.application for item in items], reader)
    return {
        "title": gettext("Committee of %(day)s: papers") % {"day": moment(session.held_at)},
        "card": card_of(session),
        "files": [_file(item.application, scores[item.application_id]) for item in items],
        "left_out": left_out_in_words(left_out),
        "words": {
            "agenda": gettext("Agenda"),
            "nothing": gettext("There is nothing on the agenda."),
            "scores": gettext("Scores"),
            "no_scores": gettext("Nobody has scored yet, or your own review still waits."),
            "score_columns": headings(
                gettext("criterion"),
                gettext("mean"),
                gettext("median"),
                gettext("spread"),
                gettext("standard deviation"),
            ),
            "documents": gettext("Documents"),
            "no_documents": gettext("There is no document."),
            "document_columns": headings(*document_columns()),
        },
    }


def left_out_in_words(count: int) -> str:
    if not count:
        return ""
    return ngettext(
        "Without %(count)s application, in which you have a conflict of interest.",
        "Without %(count)s applications, in which you have a conflict of interest.",
        count,
    ) % {"count": count}


def _file(file: Application, scores: Scores) -> dict[str, Any]:
    card = [
        [gettext("site"), str(file.site)],
        [gettext("recommendations"), _recommendations(scores)],
    ]
    return {
        "title": title_of(file),
        "card": capitalised(row for row in card if row[1]),
        "summary": [
            {"label": line.label, "text": line.text}
            for chapter in chapters(file)
            for line in chapter.lines
        ],
        "scores": _table(scores),
        "opinions": [
            {
                "head": " · ".join(
                    part
                    for part in (
                        str(opinion.review.reviewer),
                        isolated(f"{decimal(opinion.percent)} %")
                        if opinion.percent is not None
                        else "",
                        opinion.review.get_recommendation_display(),
                        gettext("on an earlier version") if opinion.outdated else "",
                    )
                    if part
                ),
                "text": "\n".join(
                    [
                        opinion.review.comment,
                        *(
                            formats.labelled(str(score.criterion), score.words, language())
                            for score in opinion.scores
                            if score.words
                        ),
                    ]
                ),
            }
            for opinion in scores.opinions
        ],
        "documents": documents_of(file.documents.kept()),
    }


def _recommendations(scores: Scores) -> str:
    counted = answers(
        (str(Outcome(outcome).label), str(count))
        for outcome, count in scores.recommendations.items()
    )
    return formats.listed(
        (formats.labelled(row["label"], row["text"], language()) for row in counted), language()
    )


def _table(scores: Scores) -> list[list[str]]:
    rows = [
        _row(str(row.criterion), row.points, f" / {row.criterion.most}") for row in scores.criteria
    ]
    if scores.overall is not None:
        rows.append(_row(capfirst(gettext("overall")), scores.overall, " %"))
    return rows


def _row(label: str, spread: Spread, unit: str) -> list[str]:
    return [
        label,
        isolated(f"{decimal(spread.mean)}{unit}"),
        decimal(spread.median),
        isolated(f"{decimal(spread.low)} – {decimal(spread.high)}"),
        decimal(spread.deviation),
    ]
