"""Why a figure changed between two days: lines that add up exactly to the difference, pure.

The rows of both days are matched by the indicator's key; each line has its difference of numerator
and denominator, a cause, and its effect on the value. Where the value is n ÷ d on both days, the
effect of a line is (Δn·d₁ − n₁·Δd) ÷ (d₁·d₂), with the line's Δ and the figure's n₁, d₁ and d₂.
That is linear in Δ, so that the effects add up to the difference of the values.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm
from typing import Final

import numpy as np
import numpy.typing as npt

from indicators.asking import scope_of_day, series
from indicators.causes import counted, windowed
from indicators.causes.matching import AFTER, BEFORE, Matched, Step
from indicators.choices import Cause
from indicators.contributions import NONE, Rows
from indicators.figure import Figure, Indicator
from indicators.formulas import INDICATORS
from indicators.portfolio import Portfolio
from indicators.tables import Ints

CAUSES: Final = tuple(Cause)


@dataclass(frozen=True, slots=True)
class Sum:
    """What all lines of one cause add up to; `effect` is None where the figure has no value on one
    of the days."""

    cause: Cause
    lines: int
    numerator: int
    denominator: Fraction
    effect: Fraction | None


@dataclass(frozen=True, eq=False)
class Change:
    """The figure on two days and the lines between.

    `lines` are rows whose numerators and denominators are differences; `cause` is the place of each
    line's cause in `CAUSES`. They are sorted by cause, then by the size of their effect; those
    without a difference are left out.
    """

    indicator: Indicator
    before: Figure
    after: Figure
    lines: Rows
    cause: Ints

    @property
    def numerator(self) -> int:
        return self.after.numerator - self.before.numerator

    @property
    def denominator(self) -> Fraction:
        """0 where the figure has none."""
        return Fraction(self.after.denominator or 0) - Fraction(self.before.denominator or 0)

    @property
    def value(self) -> Fraction | None:
        """The exact difference of the values; None where one of the days has none."""
        return self._effect(self.numerator, self.denominator)

    def effects(self) -> list[Fraction] | None:
        """Each line's, in the value's unit; they add up to `value`. None where that is None."""
        found = self.effect_parts()
        return None if found is None else [Fraction(part, found[1]) for part in found[0]]

    def effect_parts(self) -> tuple[list[int], int] | None:
        """Each line's effect as a number of parts, and how many parts are one: whole numbers, as
        there may be many lines."""
        if self.value is None:
            return None
        lines, before, after = self.lines, self.before, self.after
        if before.denominator is None or after.denominator is None:
            return lines.numerator.tolist(), self.indicator.value_scale
        first, last = Fraction(before.denominator), Fraction(after.denominator)
        of_numerator = first.numerator * lines.scale * last.denominator
        of_denominator = before.numerator * first.denominator * last.denominator
        one = lines.scale * first.numerator * last.numerator
        differences = zip(lines.numerator.tolist(), lines.denominator.tolist(), strict=True)
        return [above * of_numerator - below * of_denominator for above, below in differences], one

    def by_cause(self) -> list[Sum]:
        """The lines' sums, cause by cause, in the order of the causes."""
        found = []
        for place in np.unique(self.cause).tolist():
            lines = self.lines.only(self.cause == place)
            numerator, denominator = lines.numerator_total, lines.denominator_total
            effect = self._effect(numerator, denominator)
            found.append(Sum(CAUSES[place], len(lines), numerator, denominator, effect))
        return found

    def _effect(self, numerator: int, denominator: Fraction) -> Fraction | None:
        """What such a difference does to the value."""
        if self.before.value is None or self.after.value is None:
            return None
        if self.before.denominator is None or self.after.denominator is None:
            return Fraction(numerator, self.indicator.value_scale)
        first, last = Fraction(self.before.denominator), Fraction(self.after.denominator)
        return (numerator * first - self.before.numerator * denominator) / (first * last)


def change(
    portfolio: Portfolio,
    name: str,
    site: int | None,
    first: int,
    last: int,
    *,
    gap_days: int | None = None,
) -> Change:
    """What lies between the figure of the first day and that of the last (ordinals).

    Raises ValueError where the last day is before the first, or for an unknown site; KeyError for
    an unknown name.
    """
    if last < first:
        raise ValueError("the last day is before the first")
    indicator = INDICATORS[name]
    before, after = series(portfolio, name, site, [first, last], gap_days=gap_days).figures()
    matched = _matched(portfolio, indicator, site, (first, last), gap_days)
    causes = indicator.causes or (windowed if indicator.is_windowed else counted)
    lines, cause = _lines(matched, causes(matched))
    found = Change(indicator=indicator, before=before, after=after, lines=lines, cause=cause)
    order = np.lexsort((-_sizes(found), cause))
    return replace(found, lines=lines.only(order), cause=cause[order])


def _matched(
    portfolio: Portfolio,
    indicator: Indicator,
    site: int | None,
    days: tuple[int, int],
    gap_days: int | None,
) -> Matched:
    first, last = (scope_of_day(portfolio, indicator, site, day, gap_days) for day in days)
    before, after = indicator.rows(first), indicator.rows(last)
    scale = lcm(before.scale, after.scale)
    keys = [np.concatenate((before.column(name), after.column(name))) for name in indicator.key]
    of_row, count = _numbered(keys)
    here = of_row[: len(before)], of_row[len(before) :]
    return Matched(
        scopes=(first, last),
        rows=(before, after),
        place=(_first_rows(here[BEFORE], count), _first_rows(here[AFTER], count)),
        numerator=(
            _added(before.numerator, here[BEFORE], count),
            _added(after.numerator, here[AFTER], count),
        ),
        denominator=(
            _added(before.denominator * (scale // before.scale), here[BEFORE], count),
            _added(after.denominator * (scale // after.scale), here[AFTER], count),
        ),
        scale=scale,
    )


def _numbered(keys: Sequence[Ints]) -> tuple[Ints, int]:
    """Equal rows of the columns bear one number, from 0; and how many there are."""
    order = np.lexsort(keys)
    fresh = np.zeros(len(order), np.int64)
    fresh[1:] = np.any([column[order][1:] != column[order][:-1] for column in keys], axis=0)
    number = np.empty(len(order), np.int64)
    number[order] = np.cumsum(fresh)
    return number, int(number.max(initial=-1)) + 1


def _first_rows(key: Ints, count: int) -> Ints:
    """The first row of each key; NONE where it has none."""
    found = np.full(count, NONE)
    backwards = np.arange(len(key))[::-1]
    found[key[backwards]] = backwards
    return found


def _added(values: Ints, key: Ints, count: int) -> Ints:
    total = np.zeros(count, np.int64)
    np.add.at(total, key, values)
    return total


def _lines(matched: Matched, steps: Sequence[Step]) -> tuple[Rows, Ints]:
    """The steps with a difference, as rows, and each one's cause."""
    before, after = matched.rows
    cause = np.repeat(
        [CAUSES.index(step.cause) for step in steps], [len(step.key) for step in steps]
    )
    numerator = np.concatenate([step.numerator for step in steps])
    denominator = np.concatenate([step.denominator for step in steps])
    row = np.concatenate([_told_by(matched, step) for step in steps])
    moved = np.flatnonzero((numerator != 0) | (denominator != 0))
    more = {
        code: np.concatenate((before.more[code], after.more[code]))
        for code in before.more
        if code in after.more
    }
    both = replace(before.followed_by(after), more=more).only(row[moved])
    lines = replace(
        both, numerator=numerator[moved], denominator=denominator[moved], scale=matched.scale
    )
    return lines, cause[moved]


def _told_by(matched: Matched, step: Step) -> Ints:
    """The row, among those of both days, that says whom each step is about."""
    earlier, later = (place[step.key] for place in matched.place)
    if step.told_by is None:
        from_before = later == NONE
    else:
        from_before = np.full(len(step.key), step.told_by == BEFORE)
    return np.where(from_before, earlier, later + len(matched.rows[BEFORE]))


def _sizes(found: Change) -> npt.NDArray[np.float64]:
    """How much each line moves the value, near enough to sort by: of what is no fraction, or has
    no value, how much it moves the parts."""
    lines, before = found.lines, found.before
    numerator, denominator = (
        column.astype(np.float64) for column in (lines.numerator, lines.denominator)
    )
    whole = float((before.denominator or 0) * lines.scale)
    if found.value is None or not whole:
        return np.abs(numerator) + np.abs(denominator)
    return np.abs(numerator * whole - before.numerator * denominator)
