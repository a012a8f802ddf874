"""What a credit note gives back of each line. Pure.

An amount is shared by what is left of the lines, less the discounts on them, to the centime
(largest remainder, ties to the earlier line). The VAT of a credit is that of its line; with the
last of a line goes the last of its VAT.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from core.money import CENTIME, ZERO, rounded, split
from core.periods import Period
from leases.proration import months_in
from leases.rent import ONCE, vat_on


@dataclass(frozen=True, slots=True)
class Left:
    """Of a line, what no credit has taken yet, DH; less than nothing of a discount."""

    net: Decimal
    vat: Decimal
    vat_rate: Decimal

    def without(self, given: "Left") -> "Left":
        return Left(self.net - given.net, self.vat - given.vat, self.vat_rate)

    def part(self, net: Decimal) -> "Left":
        """So much of it, with its VAT. Raises ValueError above what is left."""
        if not _between(net, self.net):
            raise ValueError("more than is left")
        vat = self.vat if net == self.net else vat_on(net, self.vat_rate)
        # Rounded up credit by credit, the VAT may run out first.
        return Left(net, vat if _between(vat, self.vat) else self.vat, self.vat_rate)

    def at_most(self, net: Decimal) -> "Left":
        """So much of it, or all where less is left."""
        if _between(net, self.net):
            return self.part(net)
        return self if net * self.net > 0 else self.part(ZERO)


def shared(net: Decimal, lines: Sequence[Left], charges: Sequence[int | None]) -> list[Left]:
    """An amount without tax over the lines, `charges` saying what each is for. Raises ValueError
    for nothing, and above what is left of them together: a discount counts against its charge."""
    weights = _weights([line.net for line in lines], charges)
    if not ZERO < net <= sum((line.net for line in lines), ZERO):
        raise ValueError("more than is left")
    shares = split(net, weights)
    parts = [line.part(share) for line, share in zip(lines, shares, strict=True)]
    left = sum((line.vat for line in lines), ZERO)
    if net == sum((line.net for line in lines), ZERO):
        parts = _all_of_vat(parts, lines, left)
    return within(parts, left)


def within(parts: Sequence[Left], vat: Decimal) -> list[Left]:
    """The same with a VAT of no more than `vat` together: the centimes that rounding line by line
    put above it come off. Raises ValueError for more than those."""
    over = sum((part.vat for part in parts), ZERO) - vat
    if over > CENTIME * len(parts):
        raise ValueError("more than is left")
    found = []
    for part in parts:
        taken = max(min(over, part.vat), ZERO)
        found.append(Left(part.net, part.vat - taken, part.vat_rate))
        over -= taken
    return found


def _all_of_vat(parts: Sequence[Left], lines: Sequence[Left], vat: Decimal) -> list[Left]:
    """With the last of the net goes the last of the VAT."""
    less = vat - sum((part.vat for part in parts), ZERO)
    found = []
    for part, line in zip(parts, lines, strict=True):
        given = max(min(less, line.vat - part.vat), ZERO)
        found.append(Left(part.net, part.vat + given, part.vat_rate))
        less -= given
    return found


def _weights(nets: Sequence[Decimal], charges: Sequence[int | None]) -> list[Decimal]:
    """Of each line what its discounts leave of it; what they take beyond goes off the others."""
    weights = [max(net, ZERO) for net in nets]
    over = ZERO
    for net, charge in zip(nets, charges, strict=True):
        less = -min(net, ZERO)
        for at, other in enumerate(charges):
            if charge is not None and other == charge:
                taken = min(less, weights[at])
                weights[at], less = weights[at] - taken, less - taken
        over += less
    for at, weight in enumerate(weights):
        taken = min(over, weight)
        weights[at], over = weight - taken, over - taken
    return weights


def without_tax(gross: Decimal, vat_rate: Decimal) -> Decimal:
    """The amount that with its VAT (percent) comes to `gross`, rounded: of 100 at 20 %, 83.33."""
    return rounded(Fraction(gross) * 100 / (100 + Fraction(vat_rate)))


def worth(
    period: Period, *, unit: str, rate: Decimal, area_m2: Decimal | None, per_months: int
) -> Decimal:
    """What days of a line cost, by what the line says. A one-off item is one day."""
    months = Fraction(1) if unit == ONCE else months_in(period)
    area = Fraction(1 if area_m2 is None else area_m2)
    return rounded(Fraction(rate) * area * months / per_months)


def outside(period: Period, days: Period) -> list[Period]:
    """What of a bounded period is left without the days: nothing, one part or two."""
    assert period.end is not None
    assert days.end is not None
    parts = [(period.start, min(period.end, days.start)), (max(period.start, days.end), period.end)]
    return [Period(start, end) for start, end in parts if start < end]


def _between(amount: Decimal, whole: Decimal) -> bool:
    return min(whole, ZERO) <= amount <= max(whole, ZERO)
