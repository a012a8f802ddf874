"""What the contract lets be asked for late payment, by the days and amounts that were late. Pure.

The late balance × the yearly rate × days / 365, piece by piece as the balance changed. Late is
every day after the due date up to the day of the payment, that day too; days of grace are never
asked for. With a cap, all that is asked for an invoice comes to so much of what was late, at most.
The legal fine for late payment (law 69-21) is the Treasury's and none of this.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Final

from core.money import ZERO, rounded
from core.periods import ONE_DAY, Period

YEAR: Final = 365


@dataclass(frozen=True, slots=True)
class Clause:
    """`yearly_rate` and `cap` in percent; no cap: None."""

    yearly_rate: Decimal
    grace_days: int = 0
    cap: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """So much of the invoice was settled on a day; less than nothing: taken back."""

    on: dt.date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Taken:
    """Days that a penalty stands for already; `amount`: what it asks, nothing where it was
    dropped."""

    period: Period
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Piece:
    """Days on which the same amount was late. `amount` is less than the formula's where the cap
    cut it."""

    period: Period
    base: Decimal
    amount: Decimal


def propose(
    *,
    total: Decimal,
    due_on: dt.date,
    settled: Iterable[Settled],
    clause: Clause,
    taken: Sequence[Taken],
    since: dt.date,
    through: dt.date,
) -> list[Piece]:
    """The days up to `through` that no penalty stands for, and none before `since`; in their
    order."""
    first = max(due_on + ONE_DAY + dt.timedelta(days=clause.grace_days), since)
    balance = _Balance(total, settled)
    left = None
    if clause.cap is not None:
        late = max(balance.on(due_on + ONE_DAY), ZERO)
        left = rounded(late * clause.cap / 100) - sum((one.amount for one in taken), ZERO)
    found = []
    for period, base in balance.pieces(first, through):
        for days in period.without([one.period for one in taken]):
            assert days.days is not None
            amount = rounded(Fraction(base) * Fraction(clause.yearly_rate) * days.days / 100 / YEAR)
            if left is not None:
                amount = min(amount, left)
                left -= max(amount, ZERO)
            if amount > 0:
                found.append(Piece(days, base, amount))
    return found


class _Balance:
    """What was open of an invoice, day by day."""

    def __init__(self, total: Decimal, settled: Iterable[Settled]) -> None:
        self.total = total
        by_day: dict[dt.date, Decimal] = defaultdict(lambda: ZERO)
        for one in settled:
            by_day[one.on] += one.amount
        self.settled = {day: amount for day, amount in by_day.items() if amount}

    def on(self, day: dt.date) -> Decimal:
        """Before what was settled that very day."""
        return self.total - sum((amount for on, amount in self.settled.items() if on < day), ZERO)

    def pieces(self, first: dt.date, last: dt.date) -> Iterable[tuple[Period, Decimal]]:
        """The days on which something was open, cut where it changed."""
        end = last + ONE_DAY
        changes = {day + ONE_DAY for day in self.settled if first < day + ONE_DAY < end}
        days = [first, *sorted(changes), end]
        for start, following in pairwise(days):
            if start < following and (base := self.on(start)) > 0:
                yield Period(start, following), base
