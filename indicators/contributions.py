"""What each row behind a figure adds to it, pure.

The contributions add up exactly to the figure's numerator and denominator. Where a company
counts once, its first letting (by site, start, id) bears the 1 and its others bear 0, so that
the list is complete and still adds up. Rows are sorted as they are found; pages sort them anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Final, Self

import numpy as np

from indicators.portfolio import Portfolio
from indicators.scope import Scope
from indicators.tables import Bools, Ints

NONE: Final = -1  # no letting, company, site or space stands behind this part of a row


@dataclass(frozen=True, eq=False)
class Rows:
    """Ids and contributions, shape (rows,) throughout.

    `start` and `end` are those of the row's letting or residency, for a free space or a site's
    capacity those of the piece that counts. `numerator` is a count, or what the indicator's code
    says (hundredths of a m², centimes); the denominator's contribution is `denominator / scale`,
    where the scale is 1 but for averages.
    `more` holds what else is told of a row, by code. How a code is shown follows from its ending:
    `_id` (of a record), `_centimes`, `_centi_m2` and `_ten_thousandths` (of a dirham), NONE for
    none; `_on` (a day, NEVER for none), `_days`, else a number; labels.MORE names it.
    """

    letting: Ints
    company: Ints
    site: Ints
    space: Ints
    start: Ints
    end: Ints
    numerator: Ints
    denominator: Ints
    scale: int = 1
    more: Mapping[str, Ints] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.numerator)

    @property
    def numerator_total(self) -> int:
        return int(self.numerator.sum())

    @property
    def denominator_total(self) -> Fraction:
        return Fraction(int(self.denominator.sum()), self.scale)

    def tells(self, name: str) -> bool:
        return name in _COLUMNS or name in self.more

    def column(self, name: str) -> Ints:
        """A column by its name, or what else is told of the rows by its code."""
        found: Ints = getattr(self, name) if name in _COLUMNS else self.more[name]
        return found

    def only(self, chosen: Bools | Ints | slice) -> Self:
        columns: dict[str, Any] = {name: getattr(self, name)[chosen] for name in _COLUMNS}
        more = {code: column[chosen] for code, column in self.more.items()}
        return replace(self, **columns, more=more)

    def followed_by(self, other: Self) -> Self:
        """Both lists, one after the other, on the other's scale; of neither `more` is told."""
        columns: dict[str, Any] = {
            name: np.concatenate((getattr(self, name), getattr(other, name))) for name in _COLUMNS
        }
        return replace(other, **columns, more={})


_COLUMNS: Final = (
    "letting",
    "company",
    "site",
    "space",
    "start",
    "end",
    "numerator",
    "denominator",
)


def stays_in(scope: Scope, among: Bools, *, hosted_only: bool = True) -> Ints:
    """The stays of the scope among those flagged, by company, site, start and letting."""
    book, stays = scope.portfolio, scope.portfolio.stays
    chosen = among & (stays.hosted != 0) if hosted_only else among.copy()
    if scope.site is not None:
        chosen &= book.stay_site == scope.site
    row = np.flatnonzero(chosen)
    keys = (stays.letting[row], stays.start[row], book.stay_site[row], stays.company[row])
    return row[np.lexsort(keys)]


def of_stays(
    portfolio: Portfolio, row: Ints, numerator: Ints, denominator: Ints | None = None
) -> Rows:
    """One contribution a stay, given by its row."""
    stays = portfolio.stays
    return Rows(
        letting=stays.letting[row],
        company=stays.company[row],
        site=stays.site[row],
        space=stays.space[row],
        start=stays.start[row],
        end=stays.end[row],
        numerator=numerator,
        denominator=np.zeros(len(row), np.int64) if denominator is None else denominator,
    )


def first_of_each(*columns: Ints) -> Ints:
    """1 where a sorted row differs in any column from the row before, else 0."""
    first = np.ones(len(columns[0]), np.int64)
    if len(first):
        first[1:] = np.any([column[1:] != column[:-1] for column in columns], axis=0)
    return first
