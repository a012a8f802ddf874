"""How old what is owed is: the bands of days past due, and what a company's account comes to. Pure.

What is due today or later is not due yet; the day after its due day an invoice is one day past due.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Final

from core.money import ZERO

NOT_DUE: Final = "not_due"
BANDS: Final[Mapping[str, tuple[int | None, int | None]]] = {
    NOT_DUE: (None, 0),
    "days_1_30": (1, 30),
    "days_31_60": (31, 60),
    "days_61_90": (61, 90),
    "days_over_90": (91, None),
}
"""From how many to how many days past due, both included."""
OVERDUE: Final = "overdue"
_ASKED: Final = {**BANDS, OVERDUE: (1, None)}


def band_of(due_on: dt.date, on: dt.date) -> str:
    late = (on - due_on).days
    return next(
        band
        for band, (first, last) in BANDS.items()
        if (first is None or first <= late) and (last is None or late <= last)
    )


def due_days(band: str, on: dt.date) -> tuple[dt.date | None, dt.date | None]:
    """The first and the last due day of a band, or of all that is past due, seen from a day."""
    first, last = _ASKED[band]
    return (
        None if last is None else on - dt.timedelta(last),
        None if first is None else on - dt.timedelta(first),
    )


@dataclass(frozen=True, slots=True)
class Aged:
    """DH with tax. Of invoices, what is open by band; beside it what is the company's credit, what
    was withheld and awaits its certificate (it is settled: never arrears), and deposits held."""

    not_due: Decimal = ZERO
    days_1_30: Decimal = ZERO
    days_31_60: Decimal = ZERO
    days_61_90: Decimal = ZERO
    days_over_90: Decimal = ZERO
    credit: Decimal = ZERO
    awaiting: Decimal = ZERO
    deposit: Decimal = ZERO

    @property
    def overdue(self) -> Decimal:
        return self.days_1_30 + self.days_31_60 + self.days_61_90 + self.days_over_90

    @property
    def open(self) -> Decimal:
        return self.not_due + self.overdue

    @property
    def balance(self) -> Decimal:
        """What the company owes, less its credit: the last line of its ledger."""
        return self.open - self.credit

    def band(self, name: str) -> Decimal:
        amount: Decimal = getattr(self, name)
        return amount


PARTS: Final = tuple(field.name for field in fields(Aged))

OWED: Final = ("invoice", *PARTS[len(BANDS) :])
"""What an account is made of: the bands are of invoices, the rest is no arrears."""


def together(rows: Iterable[Aged]) -> Aged:
    sums = dict.fromkeys(PARTS, ZERO)
    for row in rows:
        for part in PARTS:
            sums[part] += getattr(row, part)
    return Aged(**sums)
