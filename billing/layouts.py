"""How a file of pieces looks: which columns in which order, how amounts and days are written. Pure.

A layout is one of the presets by its name, or written in one word, such as « jdpatlbc;,fhu »: the
letters of its columns, then a sign each for the delimiter (`;`, `,` or `t` for a tab), the decimal
sign, how days are written, whether there is a header (`h`, `n`) and the encoding (`u`, `w`).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final


class Column(StrEnum):
    """Its letter is how a layout names it."""

    JOURNAL = "j"
    DATE = "d"
    PIECE = "p"
    ACCOUNT = "a"
    PARTY = "t"
    LABEL = "l"
    DEBIT = "b"
    CREDIT = "c"


class Days(StrEnum):
    """How a day is written."""

    ISO = "i"
    FRENCH = "f"
    SHORT = "s"


_DAYS: Final[Mapping[Days, str]] = {
    Days.ISO: "%Y-%m-%d",
    Days.FRENCH: "%d/%m/%Y",
    Days.SHORT: "%d%m%y",
}
_DELIMITERS: Final[Mapping[str, str]] = {";": ";", ",": ",", "t": "\t"}
_DECIMALS: Final = frozenset({",", "."})
_HEADERS: Final[Mapping[str, bool]] = {"h": True, "n": False}
_ENCODINGS: Final[Mapping[str, str]] = {"u": "utf-8-sig", "w": "cp1252"}
"""Unicode with its mark, since Excel reads it only so; Windows letters."""
_NEEDED: Final = frozenset({Column.ACCOUNT, Column.DEBIT, Column.CREDIT})


@dataclass(frozen=True, slots=True)
class Layout:
    columns: tuple[Column, ...]
    delimiter: str = ";"
    decimal: str = ","
    days: Days = Days.FRENCH
    header: bool = True
    encoding: str = "utf-8-sig"

    def amount(self, amount: Decimal) -> str:
        """Nothing where there is none."""
        return f"{amount:.2f}".replace(".", self.decimal) if amount else ""

    def day(self, day: dt.date) -> str:
        return day.strftime(_DAYS[self.days])


ALL: Final = tuple(Column)
PRESETS: Final[Mapping[str, Layout]] = {
    "excel": Layout(ALL),
    "plain": Layout(ALL, delimiter=",", decimal=".", days=Days.ISO, encoding="utf-8"),
    # Sage 100 Comptabilité, import paramétrable: no header, days as JJMMAA, Windows letters.
    "sage": Layout(ALL, days=Days.SHORT, header=False, encoding="cp1252"),
}
DEFAULT: Final = "excel"
"""Of a lessor that keeps none."""
SIGNS: Final = 5
"""At the end of a layout's word, after its columns."""


def read(written: str) -> Layout:
    """A layout by its name or its word. Raises ValueError."""
    if written in PRESETS:
        return PRESETS[written]
    letters, signs = written[:-SIGNS], written[-SIGNS:]
    columns = columns_of(letters)
    if len(signs) != SIGNS:
        raise ValueError(written)
    delimiter, decimal, days, header, encoding = list(signs)
    if delimiter not in _DELIMITERS or decimal not in _DECIMALS or delimiter == decimal:
        raise ValueError(written)
    if days not in set(Days) or header not in _HEADERS or encoding not in _ENCODINGS:
        raise ValueError(written)
    return Layout(
        columns, _DELIMITERS[delimiter], decimal, Days(days), _HEADERS[header], _ENCODINGS[encoding]
    )


def columns_of(letters: str) -> tuple[Column, ...]:
    """Raises ValueError unless each is there once, with the account and both amounts."""
    columns = tuple(Column(letter) for letter in letters)
    if len(set(columns)) != len(columns) or not set(columns) >= _NEEDED:
        raise ValueError(letters)
    return columns


def party_code(company_id: int) -> str:
    """The account code of a company (compte tiers), the same for ever: « C000042 »."""
    return f"C{company_id:06}"


def table(
    layout: Layout, rows: Sequence[Mapping[Column, str | dt.date | Decimal]]
) -> list[list[str]]:
    """The cells of the file, row by row, without a header."""
    return [[_cell(layout, row[column]) for column in layout.columns] for row in rows]


def _cell(layout: Layout, value: str | dt.date | Decimal) -> str:
    if isinstance(value, Decimal):
        return layout.amount(value)
    return layout.day(value) if isinstance(value, dt.date) else value
