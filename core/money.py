"""Dirhams, exactly: `Decimal`, centimes, one rounding per line.

Source of the rounding rule: amounts on an invoice are stated in centimes, half up.
"""

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

CENTIME: Final = Decimal("0.01")
ZERO: Final = Decimal("0.00")


def rounded(amount: Decimal | Fraction | int) -> Decimal:
    """`amount` in whole centimes, half away from zero (ROUND_HALF_UP)."""
    if isinstance(amount, Fraction):
        return rounded_ratio(amount.numerator, amount.denominator)
    return Decimal(amount).quantize(CENTIME, rounding=ROUND_HALF_UP)


def rounded_ratio(numerator: int, denominator: int) -> Decimal:
    """The same of a fraction, whatever its terms have in common; the denominator is positive."""
    centimes, rest = divmod(abs(numerator) * 100, denominator)
    centimes += 2 * rest >= denominator
    return Decimal(centimes if numerator >= 0 else -centimes).scaleb(-2)


def split(amount: Decimal, weights: Sequence[Decimal | int]) -> list[Decimal]:
    """`amount` shared by `weights`, to the centime, adding up exactly.

    Largest remainder; ties go to the earlier share, so the same input gives the same split.
    Raises ValueError on no weight, a negative weight, weights that sum to nothing, or an amount
    that is not in whole centimes.
    """
    total = sum((Decimal(weight) for weight in weights), Decimal(0))
    if not weights or total <= 0 or any(weight < 0 for weight in weights):
        raise ValueError("weights must be positive and not all zero")
    if amount != rounded(amount):
        raise ValueError(f"{amount} is not in whole centimes")
    exact = [Fraction(amount) * Fraction(weight) / Fraction(total) for weight in weights]
    shares = [
        Decimal(int(share * 100)).scaleb(-2).quantize(CENTIME, rounding=ROUND_DOWN)
        for share in exact
    ]
    missing = int((amount - sum(shares, Decimal(0))) * 100)
    sign = 1 if missing >= 0 else -1
    order = sorted(range(len(shares)), key=lambda i: (-abs(exact[i] - Fraction(shares[i])), i))
    for index in order[: abs(missing)]:
        shares[index] += CENTIME * sign
    return shares
