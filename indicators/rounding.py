"""Fractions as decimals that add up, pure."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction


def half_up(exact: Fraction | int, decimals: int) -> Decimal:
    """The fraction to so many decimals, half away from zero."""
    return Decimal(_units(Fraction(exact), decimals)).scaleb(-decimals)


def adding_up(exact: Iterable[Fraction], decimals: int) -> list[Decimal]:
    """Each fraction to so many decimals, so that they add up to their rounded sum.

    By the largest remainder; ties go to the earlier one, so that the same input gives the same.
    """
    fractions = list(exact)
    parts = [divmod(one.numerator * 10**decimals, one.denominator) for one in fractions]
    missing = _units(sum(fractions, Fraction(0)), decimals) - sum(whole for whole, _ in parts)
    remainders = [
        Fraction(rest, one.denominator) for (_, rest), one in zip(parts, fractions, strict=True)
    ]
    order = sorted(range(len(parts)), key=lambda i: (-remainders[i], i))
    raised = set(order[:missing])
    return [Decimal(whole + (i in raised)).scaleb(-decimals) for i, (whole, _) in enumerate(parts)]


def _units(exact: Fraction, decimals: int) -> int:
    """How many of the last decimal, half away from zero."""
    above: int = abs(exact.numerator) * 10**decimals
    below = exact.denominator
    whole = (2 * above + below) // (2 * below)
    return whole if exact >= 0 else -whole
