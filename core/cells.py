"""What people write in a cell, understood for sure or refused: days, numbers, choices. Pure.

A cell of a CSV file is text; a cell of a workbook may already be a number or a day.
"""

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

Cell = str | int | float | Decimal | dt.datetime | dt.date | dt.time | None

_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_FRENCH: Final = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_SHORT_YEAR: Final = re.compile(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2}")
_NUMBER: Final = re.compile(
    r"([+-]?)([0-9]+|[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+)(?:[.,]([0-9]+))?"
)
# "1.234" is 1234 to some and 1.234 to others; "0.125" can only be a fraction.
_TWO_READINGS: Final = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")
_SIGNED: Final = re.compile(r"([+-]?)[ \u00a0\u202f]*(.*?)[ \u00a0\u202f]*(-?)")
_CURRENCY: Final = re.compile(r"(?:^MAD|MAD$|DHS?$)", re.IGNORECASE)
# What as_decimal leaves open, where the rest of the number says what it means.
_GROUPED: Final = re.compile(r"([0-9]{1,3})((?:[.,'’][0-9]{3})+)(?:([.,])([0-9]{1,2}))?")
_YEARS: Final = range(1900, 2200)
# A spreadsheet would run such a text as a formula; a sign before a number is no formula.
_FORMULA: Final = re.compile(r"^(?:[=@\t\r]|[+-](?![\d .]*$))")
_WORD_BREAKS: Final = re.compile(r"[\W_]+")


class Unreadable(ValueError):
    """A cell that cannot be understood; the message says why and what to write."""


def as_text(cell: Cell) -> str:
    """The cell as a person would type it, without the spaces around it.

    A whole number of a workbook has no ".0": identifiers are often kept as numbers.
    """
    if isinstance(cell, float):
        return f"{_from_float(cell):f}" if math.isfinite(cell) else str(cell)
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    if isinstance(cell, (dt.date, dt.time)):
        return cell.isoformat()
    return "" if cell is None else str(cell).strip()


def harmless(text: str) -> str:
    """The text as a spreadsheet may safely read it."""
    return f"'{text}" if _FORMULA.match(text) else text


def as_day(cell: Cell) -> dt.date:
    """A day: 2026-02-09, 09/02/2026, or a workbook's date. Raises Unreadable."""
    if isinstance(cell, dt.datetime):
        if cell.time() != dt.time():
            raise Unreadable(
                _("“%(cell)s” has a time of day: only the day is meant.") % {"cell": cell}
            )
        cell = cell.date()
    if isinstance(cell, dt.date):
        return _in_our_time(cell)
    text = as_text(cell)
    if found := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
    elif found := _FRENCH.fullmatch(text):
        day, month, year = (int(part) for part in found.groups())
    elif _SHORT_YEAR.fullmatch(text):
        raise Unreadable(_("“%(cell)s”: write the year with four digits.") % {"cell": text})
    else:
        raise Unreadable(
            _("“%(cell)s” is not a day: write 2026-02-09 or 09/02/2026.") % {"cell": text}
        )
    try:
        return _in_our_time(dt.date(year, month, day))
    except ValueError as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(_("There is no day “%(cell)s”.") % {"cell": text}) from error


def as_decimal(cell: Cell, *, places: int) -> Decimal:
    """A number with at most `places` decimals: 1234.5, 1234,5 or 1 234,5. Raises Unreadable."""
    if isinstance(cell, (bool, dt.date, dt.time)):
        raise Unreadable(_("“%(cell)s” is not a number.") % {"cell": as_text(cell)})
    if isinstance(cell, (int, Decimal)):
        return _with_places(Decimal(cell), places)
    if isinstance(cell, float):
        return _with_places(_from_float(cell), places)
    text = as_text(cell)
    found = _NUMBER.fullmatch(text)
    if found is None:
        raise Unreadable(_("“%(cell)s” is not a number: write 1234,5.") % {"cell": text})
    if _TWO_READINGS.fullmatch(text):
        whole, fraction = re.split(r"[.,]", text)
        raise Unreadable(
            _("“%(cell)s” has two readings: write %(thousands)s or %(fraction)s.")
            % {"cell": text, "thousands": whole + fraction, "fraction": f"{whole},{fraction}0"}
        )
    sign, whole, fraction = found.groups()
    plain = "".join(char for char in whole if char.isdigit())
    return _with_places(Decimal(f"{sign}{plain}.{fraction or 0}"), places)


def as_amount(cell: Cell) -> Decimal:
    """Dirhams and centimes as banks write them: « 1 234,56 », « 1,234.56 », « 1.234,56 », with the
    sign before or behind, in parentheses, with MAD or DH. Raises Unreadable."""
    if not isinstance(cell, str):
        return as_decimal(cell, places=2)
    text = _CURRENCY.sub("", cell.strip().replace("\u2212", "-")).strip()
    minus = text.startswith("(") and text.endswith(")")
    found = _SIGNED.fullmatch(text[1:-1].strip() if minus else text)
    if found is None or (minus and (found[1] or found[3])) or (found[1] and found[3]):
        raise Unreadable(_("“%(cell)s” is not a number: write 1234,5.") % {"cell": cell})
    minus = minus or "-" in (found[1], found[3])
    plain = found[2]
    if grouped := _GROUPED.fullmatch(plain):
        first, groups, point, centimes = grouped.groups()
        marks = set(groups) - set("0123456789")
        if len(marks) == 1 and point not in marks and (point or len(groups) > 4 or marks & {*"'’"}):
            whole = first + "".join(char for char in groups if char.isdigit())
            plain = f"{whole}.{centimes or 0}"
    number = as_decimal(plain, places=2)
    if number < 0:
        raise Unreadable(_("“%(cell)s” is not a number: write 1234,5.") % {"cell": cell})
    return -number if minus else number


def as_choice(cell: Cell, choices: Mapping[str, str]) -> str:
    """The code of a choice; `choices` maps folded spellings (`folded`) to codes.

    Raises Unreadable, which lists the codes.
    """
    text = as_text(cell)
    code = choices.get(folded(text))
    if code is None:
        known = ", ".join(dict.fromkeys(choices.values()))
        raise Unreadable(
            _("“%(cell)s” is not known; known are: %(known)s.") % {"cell": text, "known": known}
        )
    return code


def folded(text: str) -> str:
    """For comparing words: without case, accents, spaces and punctuation."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _WORD_BREAKS.sub("", "".join(char for char in plain if not unicodedata.combining(char)))


def _in_our_time(day: dt.date) -> dt.date:
    if day.year not in _YEARS:
        raise Unreadable(_("The year %(year)s cannot be right.") % {"year": day.year})
    return day


def _from_float(number: float) -> Decimal:
    """What the workbook shows: its binary fractions are noise after nine decimals."""
    if not math.isfinite(number):
        raise Unreadable(_("“%(cell)s” is not a number.") % {"cell": number})
    exact = round(Decimal(repr(number)), 9).normalize()
    return exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact


def _with_places(number: Decimal, places: int) -> Decimal:
    if number != round(number, places):
        raise Unreadable(
            _("%(cell)s has more than %(places)s decimals.")
            % {"cell": f"{number:f}", "places": places}
        )
    return round(number, places)
