"""A proposal as kept, in words that a person can follow."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from billing.booking import Piece
from core import formats
from core.periods import Period
from leases.choices import ChargeKind
from leases.rent import DISCOUNT


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the preview; amounts in DH, less than nothing where they are given back."""

    what: str
    days: str
    net: Decimal
    vat: Decimal
    back: bool = False


def in_words(proposal: Mapping[str, Any], language: str) -> list[Told]:
    """The lines that would be issued, invoice first (`billing.proposing.as_json`)."""
    told = [_line(line, language) for line in proposal["bill"]]
    told += [_back(each, language, _("discount taken back")) for each in proposal["again"]]
    for credit in proposal["credits"]:
        told += [_back(each, language, _("taken back")) for each in credit["taken"]]
        told += [_line(line, language) for line in credit["lessened"]]
    told += [_back(each, language, _("goodwill given before")) for each in proposal["kept"]]
    return told


def piece_label(piece: Piece) -> str:
    """« Invoice · MITC-F2026-000001 · Argan Démo », short enough for accountants' programs."""
    said = f"{piece.kind.label} {piece.event.number} {piece.event.company}"
    return capfirst(said)[:69]


def _line(line: Mapping[str, Any], language: str) -> Told:
    return Told(
        formats.apart(_what(line), language),
        _days(line, language),
        Decimal(line["amount"]),
        Decimal(line["vat"]),
    )


def _back(each: Mapping[str, Any], language: str, how: str) -> Told:
    """Of an issued line: what it is for, on which document."""
    words = (how, *_what(each), each.get("invoice"))
    return Told(
        formats.apart(filter(None, words), language),
        _days(each, language),
        -Decimal(each["net"]),
        -Decimal(each["vat"]),
        back=True,
    )


def _what(line: Mapping[str, Any]) -> list[str]:
    kind = _("discount") if line["kind"] == DISCOUNT else str(ChargeKind(line["kind"]).label)
    said = f"{kind} ({line['label']})" if line["label"] else kind
    return [said, *filter(None, [line["space"]])]


def _days(told: Mapping[str, Any], language: str) -> str:
    period = Period(dt.date.fromisoformat(told["start"]), dt.date.fromisoformat(told["end"]))
    return formats.days(period.start, period.last_day, language)
