"""A bank's CSV or XLSX read by a layout: which column is what, how days are written. Pure."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.choices import CsvRole
from billing.movements import (
    LARGEST,
    LONGEST_NAME,
    LONGEST_REFERENCE,
    LONGEST_WORDS,
    AccountFile,
    Movement,
    accounts_in,
    one_line,
)
from core.cells import Cell, Unreadable, as_amount, as_day, as_text, folded
from core.money import ZERO
from core.tables import Column, Row, Table, csv_rows, decoded, read_table
from core.workbooks import BadFile, is_workbook, sheet_rows

DELIMITERS: Final = (";", ",", "\t", "|")
DAY_FORMATS: Final = ("%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%Y%m%d",
                      "%m/%d/%Y")  # fmt: skip
_HEAD_ROWS: Final = 30
"""Among which a header is looked for."""
_HEAD_BYTES: Final = 200_000
_TOLD: Final = 5
"""Problems that one refusal names."""
_TIME: Final = re.compile(r"[T ]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?$")
"""Behind a day, which alone counts."""

# As banks head their columns, in French, English and Arabic; accents and case do not matter.
_USUAL: Final[Mapping[str, Sequence[str]]] = {
    "booked": ("date", "date opération", "date comptable", "date compta", "dateop",
               "date de comptabilisation", "booking date", "تاريخ العملية", "التاريخ"),
    "value": ("date valeur", "date de valeur", "valeur", "value date", "تاريخ القيمة"),
    "amount": ("montant", "amount", "montant mad", "montant dh", "المبلغ"),
    "side": ("sens", "d/c", "débit/crédit", "crédit/débit", "الاتجاه"),
    "debit": ("débit", "montant débit", "retrait", "مدين"),
    "credit": ("crédit", "montant crédit", "versement", "دائن"),
    "counterparty": ("contrepartie", "donneur d'ordre", "tiers", "nom", "counterparty", "name"),
    "reference": ("référence", "réf", "référence opération", "المرجع"),
    "words": ("libellé", "libellé opération", "opération", "description", "motif", "details",
              "البيان"),
}  # fmt: skip
# What the column says that tells debits from credits.
_SIDES: Final[Mapping[str, int]] = {
    **{folded(word): -1 for word in ("D", "DB", "DT", "DR", "DBIT", "débit", "débiteur", "مدين")},
    **{folded(word): 1 for word in ("C", "CR", "CT", "CRDT", "crédit", "créditeur", "دائن")},
}
# What begins a row that adds up or tells a balance: no day of booking is to be expected there.
_SUMS: Final = frozenset(folded(word) for word in (
    "total", "totaux", "solde", "soldes", "balance", "closing", "opening", "report",
    "المجموع", "مجموع", "الرصيد", "رصيد",
))  # fmt: skip
_ROLE_OF: Final = {folded(word): role for role, words in _USUAL.items() for word in words}


@dataclass(frozen=True, slots=True)
class Layout:
    """`columns`: a role → the heading of its column."""

    columns: Mapping[str, str]
    delimiter: str = ";"
    day_format: str = "%d/%m/%Y"

    @property
    def flaw(self) -> str:
        """Why nothing can be read by it; "" where something can."""
        given = {role for role, heading in self.columns.items() if heading.strip()}
        headings = [heading.strip().casefold() for heading in self.columns.values()]
        halves = given & {"debit", "credit"}
        flaws = (
            (not given <= set(CsvRole) or self.delimiter not in DELIMITERS,
             _("This is no way to read a CSV file.")),
            (self.day_format not in DAY_FORMATS, _("This is no format of days.")),
            ("booked" not in given, _("Say which column has the day of booking.")),
            (("amount" in given) == bool(halves) or len(halves) == 1,
             _("Say which column has the amount, or which two have debit and credit.")),
            ("side" in given and "amount" not in given,
             _("A column that says debit or credit goes with one of amounts.")),
            (len(set(headings)) < len(headings), _("One column cannot be two things.")),
        )  # fmt: skip
        return next((text for wrong, text in flaws if wrong), "")


@dataclass(frozen=True, slots=True)
class Head:
    """How a file begins, for choosing its columns."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    layout: Layout


@dataclass(slots=True)
class _Problems:
    told: list[str] = field(default_factory=list)
    more: int = 0

    def add(self, line: int, heading: str, reason: str) -> None:
        if len(self.told) == _TOLD:
            self.more += 1
            return
        words = (
            _("Line %(line)s, column “%(column)s”: %(reason)s")
            if heading
            else (_("Line %(line)s: %(reason)s"))
        )
        self.told.append(words % {"line": line, "column": heading, "reason": reason})

    def refuse(self) -> None:
        if not self.told:
            return
        if self.more:
            self.told.append(
                ngettext("%(count)s more.", "%(count)s more.", self.more) % {"count": self.more}
            )
        raise BadFile(reason=" ".join(self.told))


def read_csv(data: bytes, layout: Layout) -> AccountFile:
    """All movements of the file, or BadFile with line, column and what to do: never a part.

    What stands above the header, rows with neither day nor amount (a wording that goes on), sums
    and balances without a day, and amounts of nothing are no movements. The account is the one RIB
    or IBAN above the header.
    """
    if layout.flaw:
        raise BadFile(reason=layout.flaw)
    mapping = {heading: _name(role) for role, heading in layout.columns.items() if heading.strip()}
    table = read_table(
        data,
        columns=[Column(_name(role)) for role in CsvRole],
        mapping=mapping,
        separator=layout.delimiter,
        preamble=True,
    )
    problems = _Problems()
    movements = [
        movement
        for row in table.rows
        if (movement := _movement(row, table, layout, problems)) is not None
    ]
    problems.refuse()
    if not movements:
        raise BadFile(reason=_("The file has no movement."))
    accounts = accounts_in(cell for cells in table.above for cell in cells)
    return AccountFile(movements, accounts.pop() if len(accounts) == 1 else "")


def has_columns(data: bytes, layout: Layout) -> bool:
    """Whether the file begins with a header that the layout is made for."""
    wanted = {folded(heading) for heading in layout.columns.values()}
    with suppress(BadFile):
        rows = _first_rows(data, layout.delimiter, _HEAD_ROWS)
        return any(wanted <= {folded(as_text(cell)) for cell in cells} for cells in rows)
    return False


def head_of(data: bytes, delimiter: str = "", shown: int = 5) -> Head:
    """The header that a file seems to have, its first rows, and what its columns seem to be.

    Raises BadFile.
    """
    if not data.strip():
        raise BadFile(reason=_("The file is empty."))
    best: tuple[tuple[int, int], str, list[Sequence[Cell]], int] | None = None
    marks = [delimiter] if delimiter else DELIMITERS
    for mark in marks[:1] if is_workbook(data) else marks:
        try:
            rows = _first_rows(data, mark, _HEAD_ROWS + shown)
        except BadFile:
            if len(marks) == 1 or is_workbook(data):
                raise
            continue
        for place, cells in enumerate(rows[:_HEAD_ROWS]):
            filled = [as_text(cell) for cell in cells if as_text(cell)]
            fit = (len(set(_guessed(filled))), len(filled))
            if len(filled) > 1 and (best is None or fit > best[0]):
                best = fit, mark, rows, place
    if best is None:
        raise BadFile(
            reason=_("No header was found: the file needs a row with the names of columns.")
        )
    _fit, mark, rows, place = best
    headings = [as_text(cell) for cell in rows[place]]
    width = max(at for at, heading in enumerate(headings, start=1) if heading)
    headings, below = headings[:width], rows[place + 1 : place + 1 + shown]
    told = [[as_text(cell) for cell in cells[:width]] for cells in below]
    columns = _guessed(headings)
    days = next((headings.index(columns[r]) for r in ("booked", "value") if r in columns), None)
    samples = [row[days] for row in told if days is not None and days < len(row) and row[days]]
    return Head(headings, told, Layout(columns, mark, _day_format(samples)))


def _first_rows(data: bytes, delimiter: str, count: int) -> list[Sequence[Cell]]:
    """Raises BadFile."""
    rows: Iterable[tuple[int, Sequence[Cell]]] = (
        sheet_rows(data) if is_workbook(data) else csv_rows(_beginning(data), delimiter)
    )
    return [cells for _line, cells in islice(rows, count)]


def _beginning(data: bytes) -> str:
    """Enough to find the header in, whole lines."""
    return decoded(data if len(data) <= _HEAD_BYTES else data[:_HEAD_BYTES].rpartition(b"\n")[0])


def _guessed(headings: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for heading in headings:
        role = _ROLE_OF.get(folded(heading))
        if role is not None and role not in found:
            found[role] = heading
    if {"debit", "credit"} <= found.keys():
        found.pop("amount", None)
    return found


def _day_format(samples: Sequence[str]) -> str:
    fitting = [known for known in DAY_FORMATS if all(_fits(text, known) for text in samples)]
    return fitting[0] if samples and fitting else DAY_FORMATS[0]


def _fits(text: str, day_format: str) -> bool:
    try:
        _day(text, day_format)
    except Unreadable:
        return False
    return True


def _name(role: str) -> str:
    """The column's name inside, which no heading can have by chance."""
    return f"bank:{role}"


def _is_beside(row: Row) -> bool:
    """Whether it stands beside the movements: a cell begins as sums do (« Solde », « Ancien solde
    »), or it is cut short and has no amount; and no cell is a day, which a movement has even where
    it was cut off."""
    cells = [cell for cell in row.written if cell]
    is_sum = any(folded(word) in _SUMS for cell in cells for word in cell.split()[:2])
    if not is_sum and (not row.problem or any(map(_is_amount, cells))):
        return False
    return not any(_fits(cell, known) for cell in cells for known in DAY_FORMATS)


def _is_amount(text: str) -> bool:
    try:
        as_amount(text)
    except Unreadable:
        return False
    return True


def _movement(row: Row, table: Table, layout: Layout, problems: _Problems) -> Movement | None:
    if _is_beside(row):
        return None
    if row.problem:
        problems.add(row.line, "", row.problem)
        return None

    def text(role: str) -> str:
        return as_text(row.cells.get(_name(role)))

    if not any(text(role) for role in ("booked", "amount", "debit", "credit")):
        return None
    days: dict[str, dt.date | None] = {"booked": None, "value": None}
    for role in days:
        if not text(role) and role == "value":
            continue
        try:
            days[role] = _day(row.cells.get(_name(role)), layout.day_format)
        except Unreadable as error:
            problems.add(row.line, table.headings[_name(role)], str(error))
    amount = _amount(row, table, problems)
    if days["booked"] is None or not amount:
        return None
    return Movement(
        booked_on=days["booked"],
        value_on=days["value"],
        amount=amount,
        counterparty=one_line(text("counterparty"), LONGEST_NAME),
        reference=one_line(text("reference"), LONGEST_REFERENCE),
        words=one_line(text("words"), LONGEST_WORDS),
    )


def _day(cell: Cell, day_format: str) -> dt.date:
    if isinstance(cell, dt.date):
        return as_day(cell.date() if isinstance(cell, dt.datetime) else cell)
    text = _TIME.sub("", as_text(cell))
    try:
        day = dt.datetime.strptime(text, day_format).date()
    except ValueError as error:
        raise Unreadable(
            _("“%(cell)s” is not a day as the layout says (%(sample)s): choose its format.")
            % {"cell": text, "sample": dt.date(2026, 2, 9).strftime(day_format)}
        ) from error
    return as_day(day)


def _amount(row: Row, table: Table, problems: _Problems) -> Decimal:
    """Nothing, with a problem, where it cannot be read."""
    given: dict[str, Decimal] = {}
    for role in ("amount", "debit", "credit"):
        name = _name(role)
        if not as_text(row.cells.get(name)):
            continue
        try:
            given[role] = as_amount(row.cells[name])
        except Unreadable as error:
            problems.add(row.line, table.headings[name], str(error))
            return ZERO
    heading = table.headings.get(_name("amount")) or table.headings[_name("credit")]
    moved = {role: amount for role, amount in given.items() if amount}
    reason = ""
    if not given:
        reason = _("It is empty.")
    elif len(moved) > 1:
        reason = _("The row has a debit and a credit: it must be one of them.")
    elif any(abs(amount) > LARGEST for amount in moved.values()):
        reason = _("The amount is too large.")
    if reason:
        problems.add(row.line, heading, reason)
        return ZERO
    # Some banks write debits with their sign, others without.
    if "debit" in moved:
        return -abs(moved["debit"])
    found = next(iter(moved.values()), ZERO)
    if _name("side") not in table.headings:
        return found
    side = _SIDES.get(folded(as_text(row.cells.get(_name("side")))), 0)
    if not side:
        problems.add(
            row.line, table.headings[_name("side")], _("It says neither debit nor credit.")
        )
    return -abs(found) if side < 0 else side * found
