"""Small drawings made on the server: where their points lie. They need no script."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

WIDTH: Final = 120
HEIGHT: Final = 28
_EDGE: Final = 3
"""Room for the last point's dot."""


@dataclass(frozen=True, slots=True)
class Spark:
    """A course without axes: `lines` are the points of each unbroken stretch, `end` the last point
    where there is one. Drawn between its least and its greatest value: how it moved, not how great
    it is."""

    lines: Sequence[str]
    end: tuple[float, float] | None
    title: str


def spark(values: Sequence[Decimal | None], title: str) -> Spark | None:
    """The course of the values; None where fewer than two are known."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return None
    low, high = min(known), max(known)
    across = Decimal(WIDTH - 2 * _EDGE) / (len(values) - 1)
    height = HEIGHT - 2 * _EDGE
    points = [
        None
        if value is None
        else (
            round(float(_EDGE + across * at), 1),
            round(float(_EDGE + height * ((high - value) / (high - low))), 1)
            if high > low
            else HEIGHT / 2,
        )
        for at, value in enumerate(values)
    ]
    stretches: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            stretches.append([])
        else:
            stretches[-1].append(point)
    lines = [" ".join(f"{x},{y}" for x, y in stretch) for stretch in stretches if len(stretch) > 1]
    return Spark(lines, points[-1], title)


def shares(values: Sequence[Decimal | None]) -> list[float]:
    """How long each bar is, in percent of the longest."""
    most = max((value for value in values if value is not None), default=Decimal(0))
    return [
        0 if value is None or value <= 0 or most <= 0 else round(float(value / most * 100), 1)
        for value in values
    ]
