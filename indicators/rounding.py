"""Fractions as decimals that add up, pure."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction


def half_up(exact: Fraction | int, decimals: int) -> Decimal:
    """The fraction to so many decimals, half away from zero."""
    return Decimal(_units(Fraction(exact), decimals)).scaleb(-decimals)


def adding_up(parts: Sequence[int], one: int, decimals: int) -> list[Decimal]:
    """Each of the fractions part ÷ one to so many decimals, so that they add up to their rounded
    sum; those that are whole stay so.

    By the largest remainder; ties go to the earlier one, so that the same input gives the same.
    """
    found = [divmod(part * 10**decimals, one) for part in parts]
    missing = _units(Fraction(sum(parts), one), decimals) - sum(whole for whole, _ in found)
    order = sorted(range(len(found)), key=lambda i: (-found[i][1], i))
    raised = set(order[:missing])
    return [Decimal(whole + (i in raised)).scaleb(-decimals) for i, (whole, _) in enumerate(found)]


def _units(exact: Fraction, decimals: int) -> int:
    """How many of the last decimal, half away from zero."""
    above: int = abs(exact.numerator) * 10**decimals
    below = exact.denominator
    whole = (2 * above + below) // (2 * below)
    return whole if exact >= 0 else -whole
