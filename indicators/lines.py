"""What a profile answers: one value a line and measure, pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from indicators.tables import Ints


@dataclass(frozen=True, eq=False)
class Lines:
    """One value a line and measure: `values` has arrays of shape (lines,), by the measure's code.

    `keys` say what each line stands for, by the profile's axis: a "month" is its first day as an
    ordinal, "months" and "year" are counts, any other axis has codes of `labels.AXES`, or ids of a
    record where the axis is called after one ("sector"). How a measure is shown follows from the
    ending of its code as in `contributions.Rows`; `_millionths` are shares.
    `beside` is what is printed under the table.
    """

    keys: Sequence[int | str]
    values: Mapping[str, Ints]
    beside: Mapping[str, int] = field(default_factory=dict)
