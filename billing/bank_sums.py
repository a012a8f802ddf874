"""Which open invoices the amount of a bank's line closes, to the centime, and how. Pure."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate
from typing import Final

from billing.choices import MatchReason as Reason
from billing.sharing import OpenItem, Portion
from core.money import ZERO

_POOL: Final = 16
"""Open invoices of a company among which a sum is looked for, the oldest."""
_STEPS: Final = 20_000

Fit = tuple[Sequence[Portion], Reason] | tuple[Sequence[Portion], Reason, Reason]
"""What each of them gets, and why it is thought to be them."""


def closed_by(
    items: Sequence[OpenItem], amount: Decimal, several: Reason = Reason.SUM
) -> Fit | None:
    """All of the items closed by the amount: with what is withheld of them, or without."""
    if not items:
        return None
    how = Reason.AMOUNT if len(items) == 1 else several
    if sum((item.open for item in items), ZERO) == amount:
        return [Portion(item.invoice_id, item.open) for item in items], how
    if sum((item.to_pay for item in items), ZERO) == amount:
        shares = [Portion(item.invoice_id, item.to_pay, item.to_withhold) for item in items]
        return shares, how, Reason.LESS_WITHHELD
    return None


def some_closed_by(items: Sequence[OpenItem], amount: Decimal) -> Fit | None:
    """Some of the items that the amount closes: the oldest ones together, else the fewest."""
    for sums in (
        accumulate(item.open for item in items),
        accumulate(item.to_pay for item in items),
    ):
        for count, together in enumerate(sums, start=1):
            if together == amount and count < len(items):
                return closed_by(items[:count], amount)
    pool = items[:_POOL]
    for asked in (
        [int(item.open * 100) for item in pool],
        [int(item.to_pay * 100) for item in pool],
    ):
        if chosen := _subset(asked, int(amount * 100)):
            return closed_by([pool[place] for place in chosen], amount)
    return None


def _subset(amounts: Sequence[int], wanted: int) -> list[int] | None:
    """Places of the fewest amounts that add up, the earlier ones first; None where none was found
    in a bounded number of steps."""
    steps = 0
    rest = [sum(amounts[place:]) for place in range(len(amounts) + 1)]

    def search(place: int, left: int, count: int) -> list[int] | None:
        nonlocal steps
        steps += 1
        if count == 0:
            return [] if left == 0 else None
        if steps > _STEPS or left <= 0 or rest[place] < left or len(amounts) - place < count:
            return None
        for at in range(place, len(amounts)):
            if (found := search(at + 1, left - amounts[at], count - 1)) is not None:
                return [at, *found]
        return None

    for count in range(1, len(amounts) + 1):
        if (found := search(0, wanted, count)) is not None:
            return found
    return None
