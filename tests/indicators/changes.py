"""Why a figure of a small network changed, as plain lines."""

from fractions import Fraction
from typing import Any

from indicators.change import CAUSES, Change, change
from tests.indicators.books import Book

FIRST, LAST = 200, 300


def told(found: Change) -> Any:
    """(cause, company, space, Δ numerator, Δ denominator) of each line."""
    lines = found.lines
    columns = (found.cause, lines.company, lines.space, lines.numerator, lines.denominator)
    return [
        (CAUSES[cause].value, company, space, above, Fraction(below, lines.scale))
        for cause, company, space, above, below in zip(
            *(column.tolist() for column in columns), strict=True
        )
    ]


def of(book: Book, name: str, site: int | None = None) -> Change:
    return change(book.portfolio(), name, site, FIRST, LAST)
