"""What an indicator is and what it answers: exact numerators and denominators, pure."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from core.periods import Period
from indicators.causes import Causes
from indicators.choices import OF_STAYS, Dimension, Reach, Subject, Theme
from indicators.contributions import Rows
from indicators.daily import Daily
from indicators.scope import Scope
from indicators.tables import Bools, Ints

DECIMALS = 6


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """One entry of the registry. Every text is a code: its label lives in labels.py.

    `grain` is "day" for a state on one day and "twelve_months" for what happened in the twelve
    months up to and including the day. `version` rises when the formula changes, so that kept
    snapshots of the older formula are computed anew.

    `rows` gives what stands behind a figure; the figure is their sum. Where a figure of many days
    is wanted in one go, `daily` gives the same by sums over a calendar; then `rows` must agree with
    it, and a property test holds that it does. `beside` is what is printed beside a figure that has
    no `daily`, by code, from its rows.
    `key` names the columns of `rows` that tell one thing from another, from one day to a later one.
    `causes` says why it changed between two days (`causes/`; None: what is said of any figure).
    `about` is the resource (accounts.rights) that one must be allowed to view to read the rows.
    `is_share`: a part of its whole, never more than one.
    `kept` figures are kept as snapshots; the others follow from few rows, read when they are asked.
    What makes a kept figure stale: news of what it `reads`, on the days within its `reach`; where
    it is `local`, news of one site change no other site's figure. A property test holds all three.
    """

    name: str
    theme: Theme
    unit: str
    numerator: str
    rows: Callable[[Scope], Rows]
    key: tuple[str, ...]
    denominator: str | None = None
    grain: str = "day"
    version: int = 1
    daily: Callable[[Scope], Daily] | None = None
    beside: Callable[[Scope, Rows], Mapping[str, int]] | None = None
    dimensions: frozenset[Dimension] = OF_STAYS
    reach: Reach = Reach.DAY
    kept: bool = True
    about: str = "indicator"
    causes: Causes | None = None
    reads: frozenset[Subject] = frozenset(Subject)
    local: bool = False
    is_share: bool = False

    @property
    def is_windowed(self) -> bool:
        return self.grain == "twelve_months"

    @property
    def is_summable(self) -> bool:
        """Whether a figure of a whole period is the sum of its days'."""
        return self.is_windowed or (self.daily is not None and self.denominator is not None)

    @property
    def is_of_outcomes(self) -> bool:
        """Whether it asks what became of companies."""
        return self.denominator == "companies_with_known_outcome"

    @property
    def is_average_based(self) -> bool:
        """Whether the denominator is an average over the window, not a sum."""
        return self.denominator == "average_hosted"

    @property
    def value_scale(self) -> int:
        """What a plain numerator is divided by: hundredths of a m² and centimes by 100."""
        return 100 if self.denominator is None and "centi" in self.numerator else 1


@dataclass(frozen=True)
class Figure:
    """One figure with what it is made of.

    `numerator` and `denominator` are exact (areas in hundredths of a m², over a period m²-days;
    money in centimes); an average is a Fraction; a plain count has no denominator. `value` has six
    decimals, rounded half up; None where nothing can be divided or the site has not been open for
    the window. `beside` holds what is printed beside it, by code. `window` is the period counted
    over.
    """

    numerator: int
    denominator: int | Fraction | None
    value: Decimal | None
    beside: Mapping[str, int]
    window: Period | None


@dataclass(frozen=True, eq=False)
class Series:
    """One indicator on many days; arrays of shape (days,), in the order asked for.

    The denominator is `denominator / scale` (the scale is 1 but for averages). `rated` is false
    where the definition gives no rate. `starts` and `ends` are the half-open windows, None for
    a state on one day.
    """

    numerator: Ints
    denominator: Ints | None
    scale: Ints
    rated: Bools
    is_average: bool
    beside: Mapping[str, Ints]
    starts: Ints | None
    ends: Ints | None
    value_scale: int = 1

    def values(self) -> list[Decimal | None]:
        """The values alone, for a chart."""
        if self.denominator is None:
            return [Decimal(count) / self.value_scale for count in self.numerator.tolist()]
        lines = zip(
            self.numerator.tolist(),
            self.denominator.tolist(),
            self.scale.tolist(),
            self.rated.tolist(),
            strict=True,
        )
        return [
            ratio(numerator * scale, denominator) if rated else None
            for numerator, denominator, scale, rated in lines
        ]

    def figures(self) -> list[Figure]:
        """Each day's whole figure."""
        return [
            Figure(
                numerator=int(self.numerator[i]),
                denominator=self._denominator(i),
                value=value,
                beside={code: int(column[i]) for code, column in self.beside.items()},
                window=self._window(i),
            )
            for i, value in enumerate(self.values())
        ]

    def _denominator(self, i: int) -> int | Fraction | None:
        if self.denominator is None:
            return None
        total = int(self.denominator[i])
        return Fraction(total, int(self.scale[i])) if self.is_average else total

    def _window(self, i: int) -> Period | None:
        if self.starts is None or self.ends is None:
            return None
        return Period(
            dt.date.fromordinal(int(self.starts[i])), dt.date.fromordinal(int(self.ends[i]))
        )


def ratio(numerator: int, denominator: int) -> Decimal | None:
    """The quotient of two whole numbers that are not negative, to six decimals, half up.

    Computed in whole numbers: a quotient rounded twice could fall on the wrong side.
    """
    if denominator == 0:
        return None
    unit = 10**DECIMALS
    return Decimal((2 * numerator * unit + denominator) // (2 * denominator)).scaleb(-DECIMALS)
