"""A profile: one question answered line by line (months, bands, stages), pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from indicators.choices import Dimension, Theme
from indicators.figure import OF_STAYS
from indicators.scope import Scope
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


@dataclass(frozen=True, kw_only=True)
class Profile:
    """One entry of the registry of profiles. Every text is a code: its label lives in labels.py.

    `lines` takes the scope of one day: a site or the network on [day, day + 1).
    """

    name: str
    theme: Theme
    version: int
    axis: str
    measures: tuple[str, ...]
    lines: Callable[[Scope], Lines]
    dimensions: frozenset[Dimension] = OF_STAYS
