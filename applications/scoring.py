"""What points amount to: a percentage per review, and how far several reviews agree. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

_HUNDREDTH: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Line:
    """A criterion as one reviewer scored it: 0 to `most` points, which count `weight` times."""

    points: int
    most: int
    weight: int


@dataclass(frozen=True, slots=True)
class Spread:
    """Several values at once, in their own unit: where they lie, and how far apart."""

    count: int
    mean: Decimal
    median: Decimal
    low: Decimal
    high: Decimal
    deviation: Decimal
    """Standard deviation of these values themselves: they are all there are, not a sample."""


def percent(lines: Iterable[Line]) -> Decimal | None:
    """The weighted score of one review, 0.00 to 100.00; None without a criterion."""
    weights = 0
    reached = Decimal(0)
    for line in lines:
        weights += line.weight
        reached += Decimal(line.points * line.weight) / line.most
    return _rounded(reached * 100 / weights) if weights else None


def spread(values: Sequence[Decimal]) -> Spread | None:
    """Mean, median, extremes and deviation, to the hundredth; None without a value."""
    if not values:
        return None
    ordered = sorted(values)
    count = len(ordered)
    mean = sum(ordered, Decimal(0)) / count
    half = count // 2
    median = ordered[half] if count % 2 else (ordered[half - 1] + ordered[half]) / 2
    variance = sum(((value - mean) ** 2 for value in ordered), Decimal(0)) / count
    return Spread(
        count,
        _rounded(mean),
        _rounded(median),
        ordered[0],
        ordered[-1],
        _rounded(variance.sqrt()),
    )


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(_HUNDREDTH, ROUND_HALF_UP)
