"""How a payment is shared among invoices: the oldest first, with what the client keeps back. Pure.

A client who withholds pays rent 1,000 + VAT 200 by 1,150 and keeps back 50 (5 % of the rent without
VAT). Who pays a part keeps back that part of it, and the last payment closes both to the centime.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate

from core.money import ZERO, rounded


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An invoice with what is still asked, DH; `to_withhold` of it by the rules of the day, by
    kind of withholding (on rent, of VAT)."""

    invoice_id: int
    open: Decimal
    to_withhold: tuple[Decimal, ...] = ()

    @property
    def to_pay(self) -> Decimal:
        return self.open - sum(self.to_withhold, ZERO)


@dataclass(frozen=True, slots=True)
class Portion:
    """What an invoice gets: paid, and withheld by kind."""

    invoice_id: int
    paid: Decimal
    withheld: tuple[Decimal, ...] = ()


def expected(base: Decimal, rate: Decimal, open_amount: Decimal, asked: Decimal) -> Decimal:
    """What is withheld at a rate (percent) where so much is open of the `asked` that holds the
    base, DH. Each payment has the rate of its own day, so that what was paid before, at whatever
    rate, is no matter: only the open part of the base counts. Never more than is open."""
    if asked <= ZERO:
        return ZERO
    part = min(Fraction(open_amount) / Fraction(asked), Fraction(1))
    return min(rounded(Fraction(max(base, ZERO)) * part * Fraction(rate) / 100), open_amount)


def oldest_first(amount: Decimal, items: Sequence[OpenItem]) -> list[Portion]:
    """`amount` over the items in their order until it is used up; what is over stays credit.

    Where it is to the centime what is open of the first ones together, it was paid whole: nothing
    was kept back.
    """
    if whole := _paid_whole(amount, items):
        return whole
    shares = []
    left = amount
    for item in items:
        if left <= ZERO:
            break
        portion = part_of(item, min(left, item.to_pay))
        if portion.paid > ZERO or any(portion.withheld):
            shares.append(portion)
        left -= portion.paid
    return shares


def _paid_whole(amount: Decimal, items: Sequence[OpenItem]) -> list[Portion]:
    """What the amount closes with nothing kept back; empty where it closes nothing so, or where it
    closes as well what is to be paid."""
    opened = list(accumulate(item.open for item in items))
    if amount not in opened or amount in accumulate(item.to_pay for item in items):
        return []
    return [Portion(item.invoice_id, item.open) for item in items[: opened.index(amount) + 1]]


def part_of(item: OpenItem, paid: Decimal) -> Portion:
    """So much paid on an item, and what is withheld with it.

    All of `to_pay` closes the item; a part of it withholds that part. Who pays more than that keeps
    back less. Raises ValueError for more than is open.
    """
    if not ZERO <= paid <= item.open:
        raise ValueError("more than is open")
    if paid > item.to_pay:
        rest, withheld = item.open - paid, []
        for wanted in item.to_withhold:
            withheld.append(min(wanted, rest))
            rest -= withheld[-1]
        return Portion(item.invoice_id, paid, tuple(withheld))
    if paid == item.to_pay:
        return Portion(item.invoice_id, paid, item.to_withhold)
    part = Fraction(paid) / Fraction(item.to_pay)
    kept = tuple(rounded(Fraction(each) * part) for each in item.to_withhold)
    return Portion(item.invoice_id, paid, kept)
