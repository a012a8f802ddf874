"""A profile: one question answered line by line (months, bands, stages), pure."""

from collections.abc import Callable
from dataclasses import dataclass

from indicators.choices import OF_STAYS, Dimension, Theme
from indicators.lines import Lines
from indicators.scope import Scope


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
