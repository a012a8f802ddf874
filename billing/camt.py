"""ISO 20022 statements (CAMT.053, versions 001.02 to 001.08), read by local names. Pure.

The XML comes from outside: no document type is taken, so that there are no entities to expand or to
fetch; size and depth are bounded.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Final
from xml.etree import ElementTree as ET

from django.utils.translation import gettext as _

from billing.movements import (
    LARGEST,
    LONGEST_NAME,
    LONGEST_REFERENCE,
    LONGEST_WORDS,
    AccountFile,
    Movement,
    account_key,
    one_line,
)
from core.money import ZERO
from core.tables import LARGEST_FILE
from core.workbooks import BadFile

_SPACE: Final = re.compile(r"\{urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.0[2-8]\}Document")
_AMOUNT: Final = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,5})?")
_DEEPEST: Final = 40
_OPENING: Final = ("OPBD", "PRCD")
_CLOSING: Final = "CLBD"
_NOTHING: Final = frozenset({"", "NOTPROVIDED", "NONREF"})


def is_camt(data: bytes) -> bool:
    """Whether the bytes look like XML at all."""
    return data.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0").startswith(b"<")


def read_camt(data: bytes) -> AccountFile:
    """All booked movements of the one account that the file is of, or BadFile: never a part.

    Statements of one account that follow each other are one. An entry of several transactions that
    add up to it is split into them.
    """
    # Some banks send it in an envelope with a header of its own.
    document = next((each for each in _parsed(data).iter() if _SPACE.fullmatch(each.tag)), None)
    if document is None:
        raise BadFile(
            reason=_("This is no CAMT.053 statement of the versions 001.02 to 001.08: export one.")
        )
    statements = [_statement(each) for each in _all(document, "BkToCstmrStmt", "Stmt")]
    if not statements:
        raise BadFile(reason=_("The file has no statement."))
    first, last = statements[0], statements[-1]
    if any(statement.account != first.account for statement in statements):
        raise BadFile(
            reason=_("The file has statements of several accounts: export each account by itself.")
        )
    for before, after in pairwise(statements):
        if None not in (before.closing, after.opening) and before.closing != after.opening:
            raise BadFile(
                reason=_("Between two statements of the file the balance jumps: one is missing.")
            )
    movements = [movement for statement in statements for movement in statement.movements]
    return AccountFile(movements, first.account, first.opening, last.closing)


class _Builder(ET.TreeBuilder):
    """Refuses a document type before anything in it is read, and what nests without end."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0

    def doctype(self, _name: str, _public: str | None, _system: str | None) -> None:
        raise BadFile(
            reason=_("The file declares a document type, which no bank statement has: refused.")
        )

    def start(self, tag: str, attrs: dict[str, str], /) -> ET.Element:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise BadFile(reason=_("The file nests deeper than any bank statement: refused."))
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> ET.Element:
        self.depth -= 1
        return super().end(tag)


def _parsed(data: bytes) -> ET.Element:
    if not data.strip():
        raise BadFile(reason=_("The file is empty."))
    if len(data) > LARGEST_FILE:
        raise BadFile(reason=_("The file is larger than 20 MB: divide it."))
    parser = ET.XMLParser(target=_Builder())  # noqa: S314  no document type, so no entities
    try:
        parser.feed(data)
        root: ET.Element = parser.close()
    except ET.ParseError as error:
        line, column = error.position
        raise BadFile(
            reason=_("Line %(line)s, column %(column)s: this is no XML. Export the file anew.")
            % {"line": line, "column": column + 1}
        ) from error
    except (ValueError, LookupError) as error:  # an encoding that nobody knows
        raise BadFile(reason=_("The file is no XML in UTF-8: export it anew.")) from error
    return root


# --- Elements by local names ----------------------------------------------------------------------
def _named(element: ET.Element, name: str) -> Iterator[ET.Element]:
    return (child for child in element if child.tag.rpartition("}")[2] == name)


def _all(element: ET.Element, *path: str) -> list[ET.Element]:
    found = [element]
    for name in path:
        found = [child for each in found for child in _named(each, name)]
    return found


def _text(element: ET.Element, *path: str) -> str:
    """Of the first that has one, single-spaced."""
    for each in _all(element, *path):
        if text := one_line(each.text or "", LONGEST_WORDS):
            return text
    return ""


# --- Statement ------------------------------------------------------------------------------------
def _statement(statement: ET.Element) -> AccountFile:
    account = _text(statement, "Acct", "Id", "IBAN") or _text(statement, "Acct", "Id", "Othr", "Id")
    balances: dict[str, Decimal] = {}
    for balance in _all(statement, "Bal"):
        kind = _text(balance, "Tp", "CdOrPrtry", "Cd")
        if kind in (*_OPENING, _CLOSING):
            balances.setdefault(kind, _signed(balance, _("A balance")))
    opening = next((balances[kind] for kind in _OPENING if kind in balances), None)
    movements: list[Movement] = []
    for place, entry in enumerate(_all(statement, "Ntry"), start=1):
        movements += _movements(entry, _("Entry %(number)s") % {"number": place})
    return AccountFile(movements, account_key(account), opening, balances.get(_CLOSING))


def _movements(entry: ET.Element, where: str) -> list[Movement]:
    status = _text(entry, "Sts", "Cd") or _text(entry, "Sts")
    if status not in {"BOOK", ""}:
        return []
    amount = _signed(entry, where)
    if not amount:
        return []
    booked = _day(entry, "BookgDt", where) or _day(entry, "ValDt", where)
    if booked is None:
        raise BadFile(reason=_("%(where)s: it has no day of booking.") % {"where": where})
    reversal = _text(entry, "RvslInd") in {"true", "1"}
    details = _all(entry, "NtryDtls", "TxDtls")
    parts = [_part(detail, amount, where) for detail in details] if len(details) > 1 else []
    split = [part for part in parts if part is not None]
    if not split or len(split) < len(parts) or sum(split, ZERO) != amount:
        split, shown = [amount], [details]
    else:
        shown = [[detail] for detail in details]
    return [
        Movement(
            booked_on=booked,
            value_on=_day(entry, "ValDt", where),
            amount=each,
            reversal=reversal,
            bank_mark=_mark(entry, of, place),
            # What takes a transaction back names its parties as it did.
            **_told(entry, of, paid_to_us=(each > 0) != reversal),
        )
        for place, (each, of) in enumerate(zip(split, shown, strict=True))
        if each
    ]


def _signed(element: ET.Element, where: str) -> Decimal:
    """An amount with its indicator: credit comes in. Of a reversal, too, it says the direction."""
    amounts = _all(element, "Amt")
    if not amounts:
        raise BadFile(reason=_("%(where)s: it has no amount.") % {"where": where})
    amount = _amount(amounts[0], where)
    return _directed(amount, _text(element, "CdtDbtInd"), where)


def _directed(amount: Decimal, indicator: str, where: str) -> Decimal:
    if indicator not in {"CRDT", "DBIT"}:
        raise BadFile(
            reason=_("%(where)s: it does not say whether it is credit or debit.") % {"where": where}
        )
    return amount if indicator == "CRDT" else -amount


def _amount(element: ET.Element, where: str) -> Decimal:
    text = (element.text or "").strip()
    currency = element.get("Ccy", "")
    if currency != "MAD":
        raise BadFile(
            reason=_("%(where)s: its amount is in %(currency)s; only accounts in MAD are read.")
            % {"where": where, "currency": currency or "—"}
        )
    try:
        amount = Decimal(text) if _AMOUNT.fullmatch(text) else None
    except InvalidOperation:
        amount = None
    if amount is None or amount != round(amount, 2) or amount > LARGEST:
        raise BadFile(
            reason=_("%(where)s: “%(amount)s” is no amount in dirhams and centimes.")
            % {"where": where, "amount": one_line(text, 40)}
        )
    return round(amount, 2)


def _part(detail: ET.Element, whole: Decimal, where: str) -> Decimal | None:
    """What a transaction of an entry is worth, or None where it does not say it in dirhams."""
    for path in (("Amt",), ("AmtDtls", "TxAmt", "Amt"), ("AmtDtls", "InstdAmt", "Amt")):
        for found in _all(detail, *path):
            if found.get("Ccy") != "MAD":
                continue
            amount = _amount(found, where)
            indicator = _text(detail, "CdtDbtInd")
            if indicator:
                return _directed(amount, indicator, where)
            return amount if whole > 0 else -amount
    return None


def _day(entry: ET.Element, name: str, where: str) -> dt.date | None:
    text = _text(entry, name, "Dt") or _text(entry, name, "DtTm")
    if not text:
        return None
    try:
        day = dt.date.fromisoformat(text[:10])
    except ValueError as error:
        raise BadFile(
            reason=_("%(where)s: “%(day)s” is no day.") % {"where": where, "day": text[:40]}
        ) from error
    if not 1900 <= day.year < 2200:
        raise BadFile(
            reason=_("%(where)s: “%(day)s” is no day.") % {"where": where, "day": text[:40]}
        )
    return day


def _mark(entry: ET.Element, details: Sequence[ET.Element], place: int) -> str:
    """The bank's own name of the line; of one of several in an entry, with its place in it."""
    own = _text(entry, "AcctSvcrRef")
    inner = next((ref for d in details if (ref := _text(d, "Refs", "AcctSvcrRef"))), "")
    return f"{own}/{inner or place}" if own or inner else ""


def _told(entry: ET.Element, details: Sequence[ET.Element], *, paid_to_us: bool) -> dict[str, str]:
    """Who, which reference, which words: the first reference is the reference, all others words."""
    other = "Dbtr" if paid_to_us else "Cdtr"
    names = [
        name
        for detail in details
        for path in (
            (other, "Nm"),
            (other, "Pty", "Nm"),
            (f"Ultmt{other}", "Nm"),
            (f"Ultmt{other}", "Pty", "Nm"),
        )
        if (name := _text(detail, "RltdPties", *path))
    ]
    refs, words = [], []
    for detail in details:
        for path in (
            ("RmtInf", "Strd", "CdtrRefInf", "Ref"),
            ("RmtInf", "Strd", "RfrdDocInf", "Nb"),
            ("Refs", "ChqNb"),
            ("Refs", "EndToEndId"),
        ):
            refs += [one_line(each.text or "", LONGEST_REFERENCE) for each in _all(detail, *path)]
        words += [one_line(e.text or "", LONGEST_WORDS) for e in _all(detail, "RmtInf", "Ustrd")]
        words.append(_text(detail, "AddtlTxInf"))
    words.append(_text(entry, "AddtlNtryInf"))
    refs = [ref for ref in dict.fromkeys(refs) if ref.upper() not in _NOTHING]
    names = list(dict.fromkeys(names))
    said = dict.fromkeys(word for word in (*refs[1:], *names[1:], *words) if word)
    return {
        "counterparty": names[0][:LONGEST_NAME] if names else "",
        "reference": refs[0] if refs else "",
        "words": one_line(" · ".join(said), LONGEST_WORDS),
    }
