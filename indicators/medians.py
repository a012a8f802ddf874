"""Medians and means in whole numbers, pure."""

import numpy as np

from indicators.tables import Ints


def middle(values: Ints) -> tuple[Ints, Ints]:
    """The median as a fraction's parts by row: its one or two middle values, and 1 for each.

    Of equal values the first rows bear it, so that the same rows always give the same answer.
    """
    numerator = np.zeros(len(values), np.int64)
    denominator = np.zeros(len(values), np.int64)
    if len(values):
        order = np.argsort(values, kind="stable")
        bearing = order[(len(values) - 1) // 2 : len(values) // 2 + 1]
        numerator[bearing] = values[bearing]
        denominator[bearing] = 1
    return numerator, denominator


def rounded_median(values: Ints) -> int:
    """To whole days, half up."""
    above, below = middle(values)
    count = max(int(below.sum()), 1)
    return (2 * int(above.sum()) + count) // (2 * count)


def rounded_mean(values: Ints) -> int:
    """To whole days, half up; of none 0."""
    count = max(len(values), 1)
    return (2 * int(values.sum()) + count) // (2 * count)
