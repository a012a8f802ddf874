"""Why a figure changed, as people read it: names for ids, decimals that add up."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from indicators.change import CAUSES, Change
from indicators.choices import Cause
from indicators.selectors.shown import (
    EVERY,
    ShownFigure,
    ShownRow,
    adding_plain,
    hundredths,
    plain,
    shown_figure,
    shown_rows,
)
from sites.models import Site

EFFECT_DECIMALS: Final = 12


@dataclass(frozen=True, slots=True)
class ShownSum:
    """What the lines of one cause add up to."""

    cause: Cause
    lines: int
    numerator: Decimal
    denominator: Decimal | None
    effect: Decimal | None


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line: `row` names what it is about and has the differences; `effect` is on the value."""

    cause: Cause
    row: ShownRow
    effect: Decimal | None


@dataclass(frozen=True, slots=True)
class ShownChange:
    """The two figures and what lies between, with the lines of one page.

    `value` and the effects have twelve decimals where they are not whole; the effects of all lines
    add up to `value`, those of the sums too. None where one of the days has no value.
    """

    before: ShownFigure
    after: ShownFigure
    numerator: Decimal
    denominator: Decimal | None
    value: Decimal | None
    sums: Sequence[ShownSum]
    lines: Sequence[ShownLine]
    count: int
    """Of all lines."""


def shown_change(
    found: Change,
    site: str | None,
    days: tuple[dt.date, dt.date],
    sites: Iterable[Site],
    page: slice = EVERY,
    *,
    reader: Any = None,
) -> ShownChange:
    """The change with its lines as the `reader` may see them; None: the system."""
    indicator, cause = found.indicator, found.cause.tolist()
    effects = _effects(found)
    rows = shown_rows(indicator, found.lines, sites, page, reader=reader)
    return ShownChange(
        before=shown_figure(indicator, site, days[0], found.before),
        after=shown_figure(indicator, site, days[1], found.after),
        numerator=plain(found.numerator, indicator.numerator),
        denominator=(
            None
            if indicator.denominator is None
            else plain(found.denominator, indicator.denominator)
        ),
        value=_value(found),
        sums=_sums(found, effects),
        lines=[
            ShownLine(CAUSES[place], row, effect)
            for place, row, effect in zip(cause[page], rows, effects[page], strict=True)
        ],
        count=len(found.lines),
    )


def _value(found: Change) -> Decimal | None:
    exact = found.value
    if exact is None:
        return None
    return adding_plain([exact.numerator], exact.denominator, EFFECT_DECIMALS)[0]


def _effects(found: Change) -> Sequence[Decimal | None]:
    exact = found.effect_parts()
    return [None] * len(found.lines) if exact is None else adding_plain(*exact, EFFECT_DECIMALS)


def _sums(found: Change, effects: Sequence[Decimal | None]) -> list[ShownSum]:
    """Of the lines as they are shown, which stand together by cause."""
    indicator, sums, scale = found.indicator, found.by_cause(), found.lines.scale
    denominators = adding_plain(
        [int(one.denominator * scale) for one in sums], scale * hundredths(indicator.denominator)
    )
    shown, seen = [], 0
    for one, denominator in zip(sums, denominators, strict=True):
        parts = [effect for effect in effects[seen : seen + one.lines] if effect is not None]
        seen += one.lines
        shown.append(
            ShownSum(
                cause=one.cause,
                lines=one.lines,
                numerator=plain(one.numerator, indicator.numerator),
                denominator=None if indicator.denominator is None else denominator,
                effect=None if one.effect is None else sum(parts, Decimal(0)),
            )
        )
    return shown
