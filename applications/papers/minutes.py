"""The minutes of a committee: who sat, what was voted on each file and decided, and why."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from applications.labels import Ballot
from applications.models import AgendaItem, Member, Session
from applications.papers.pack import left_out_in_words
from applications.papers.wording import (
    answers,
    card_of,
    decided,
    headings,
    isolated,
    language,
    moment,
    title_of,
)
from applications.selectors.sittings import Standing, standings
from core import formats
from core.typesetting import typeset


def minutes_pdf(session: Session, *, reader: Any = None) -> bytes:
    """In the language in force. Whole when `reader` is None, as the chair signs them; else an
    extract without the files in which the reader is in conflict."""
    items = AgendaItem.objects.filter(session=session).order_by("position", "id")
    shown = standings(session, items if reader is None else items.free_of_conflict(reader))
    numbers = {pk: nr for nr, pk in enumerate(items.values_list("pk", flat=True), start=1)}
    return typeset("applications/pdf/minutes.typ", _data(session, shown, numbers))


def _data(session: Session, shown: list[Standing], numbers: Mapping[int, int]) -> dict[str, Any]:
    """`numbers`: of all items, by their ids: an extract numbers them as the whole does."""
    members = (
        Member.objects.filter(session=session).select_related("user").order_by("substitute", "id")
    )
    return {
        "title": gettext("Minutes of the committee of %(day)s") % {"day": moment(session.held_at)},
        "card": card_of(session),
        "members": [
            [
                str(member.user),
                _role(session, member),
                gettext("present") if member.present else gettext("absent"),
            ]
            for member in members
        ],
        "items": [_item(numbers[standing.item.pk], standing) for standing in shown],
        "left_out": left_out_in_words(len(numbers) - len(shown)),
        "remarks": session.remarks,
        "signature": _signature(session),
        "words": {
            "members": gettext("Members"),
            "member_columns": headings(gettext("name"), gettext("role"), gettext("presence")),
            "agenda": gettext("Agenda"),
            "nothing": gettext("There is nothing on the agenda."),
            "vote_columns": headings(gettext("member"), gettext("vote")),
            "remarks": gettext("Remarks"),
        },
    }


def _role(session: Session, member: Member) -> str:
    if member.user_id == session.chair_id:
        return gettext("chair")
    return gettext("substitute") if member.substitute else gettext("member")


def _item(nr: int, standing: Standing) -> dict[str, Any]:
    decision = standing.item.decision if standing.settled else None
    counts = formats.listed(
        (
            formats.labelled(str(Ballot(ballot).label), str(count), language())
            for ballot, count in sorted(standing.result.counts.items())
        ),
        language(),
    )
    facts = [
        [gettext("quorum"), isolated(f"{len(standing.ballots)} / {standing.quorum}")],
        [gettext("in conflict"), formats.listed(standing.conflicted, language())],
        [gettext("votes"), counts],
    ]
    if standing.result.by_chair:
        facts.append([gettext("tie"), gettext("decided by the chair's vote")])
    texts = answers([(gettext("discussion"), standing.item.discussion)])
    texts += (
        decided(decision) if decision else answers([(gettext("decision"), gettext("not settled"))])
    )
    return {
        "title": f"{nr}. {title_of(standing.item.application)}",
        "facts": [[*headings(label), text] for label, text in facts if text],
        "votes": [
            [str(row.member), row.vote.get_ballot_display()]
            for row in standing.ballots
            if row.vote is not None
        ],
        "texts": texts,
    }


def _signature(session: Session) -> str:
    if session.signed_at is None:
        return gettext("Draft: not signed yet.")
    return gettext("Signed by %(chair)s, chair of the session, on %(day)s.") % {
        "chair": session.chair,
        "day": moment(session.signed_at),
    }
