"""What a profile answers: one value a line and measure, pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from indicators.tables import Ints

_MILLION: Final = 1_000_000


@dataclass(frozen=True, eq=False)
class Lines:
    """One value a line and measure: `values` has arrays of shape (lines,), by the measure's code.

    `keys` say what each line stands for, by the profile's axis: a "month" is its first day as an
    ordinal, "months" and "year" are counts, any other axis has codes of `labels.AXES`, or ids of a
    record where the axis is called after one ("sector"). How a measure is shown follows from the
    ending of its code as in `contributions.Rows`; `_millionths` are shares,
    NO_SHARE where there is nothing to divide.
    `beside` is what is printed under the table.
    """

    keys: Sequence[int | str]
    values: Mapping[str, Ints]
    beside: Mapping[str, int] = field(default_factory=dict)


NO_SHARE: Final = -1
"""In place of a share of nothing."""


def millionths(part: Ints | int, whole: Ints | int) -> Ints:
    """Shares in millionths, rounded half up; NO_SHARE where the whole is 0."""
    above, below = np.asarray(part, np.int64), np.asarray(whole, np.int64)
    divisor = np.maximum(below, 1)
    share = (2 * above * _MILLION + divisor) // (2 * divisor)
    found: Ints = np.where(below == 0, NO_SHARE, share)
    return found
