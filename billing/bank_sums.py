"""Which open invoices the amount of a bank's line closes, to the centime, and how. Pure."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate, combinations
from typing import Final

from billing.choices import MatchReason as Reason
from billing.sharing import OpenItem, Portion
from core.money import ZERO

_POOL: Final = 16
"""Open invoices of a company among which a sum is looked for, the oldest."""
_MOST: Final = 4
"""Of them that are not the oldest ones."""

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
    for asked in ((item.open for item in pool), (item.to_pay for item in pool)):
        if chosen := _together(tuple(asked)).get(amount):
            return closed_by([pool[place] for place in chosen], amount)
    return None


@lru_cache(maxsize=256)
def _together(amounts: tuple[Decimal, ...]) -> Mapping[Decimal, tuple[int, ...]]:
    """By sum, the places of the fewest amounts that make it, the earlier ones first. Made once for
    an account: each of its lines is looked for in it."""
    found: dict[Decimal, tuple[int, ...]] = {}
    for count in range(1, _MOST + 1):
        for places in combinations(range(len(amounts)), count):
            found.setdefault(sum((amounts[place] for place in places), ZERO), places)
    return found
