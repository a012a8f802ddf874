"""Charts as the typesetter draws them: positions from 0 to 1, words, and the same as a table.

Positions are pixels' worth of the figures; the table has the exact ones. What runs from left to
right here is mirrored by the template where the page runs from right to left. `alt` says in words
how each line goes, for whoever does not see it.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from math import ceil, floor, log10
from typing import Any, Final

from django.utils.translation import gettext as _

from core import formats
from indicators.selectors.profiled import is_share
from indicators.selectors.shown import ShownFigure
from indicators.wording import axis_of_part, in_unit, language, measure, part, value

_STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
_MOST_TICKS: Final = 5
_LABELS: Final = 8
"""So many words fit under an axis; of more bars every second, third … one is named."""
_NAMED_BARS: Final = 12
"""Up to so many bars bear their value."""


def of_figures(
    title: str, days: Sequence[dt.date], lines: Mapping[str, Sequence[ShownFigure]], axis: str
) -> dict[str, Any]:
    """Lines of figures, month by month; all of them of one unit."""
    unit = next(figure.unit for figures in lines.values() for figure in figures)
    values = {name: [figure.value for figure in line] for name, line in lines.items()}
    return {
        "table": {
            "heads": [axis, *lines],
            "rows": [
                [formats.month(day, language()), *(value(line[at]) for line in lines.values())]
                for at, day in enumerate(days)
            ],
        },
        **_lines(
            title,
            [_short(day) for day in days],
            values,
            ratio=unit == "ratio",
        ),
        "alt": _in_words(title, values, lambda amount: in_unit(amount, unit)),
    }


def of_shares(
    title: str,
    days: Sequence[dt.date],
    columns: Mapping[str, tuple[str, Sequence[Decimal | None]]],
) -> dict[str, Any]:
    """The shares of a profile's months as lines, each measure by its code: its name and values."""
    shares = {name: values for code, (name, values) in columns.items() if is_share(code)}
    return {
        **_lines(title, [_short(day) for day in days], shares, ratio=True),
        "alt": _in_words(title, shares, lambda amount: in_unit(amount, "ratio")),
    }


def of_bars(
    title: str, labels: Sequence[str], code: str, column: tuple[str, Sequence[Decimal | None]]
) -> dict[str, Any]:
    """One measure of a profile, its name and values: a bar a line."""
    name, values = column
    share, unit = is_share(code), axis_of_part(code)
    ticks = _ticks([Decimal(0), *(max(one, Decimal(0)) for one in values if one)], ratio=share)
    top = ticks[-1]
    every = max(1, ceil(len(labels) / _NAMED_BARS))
    named = len(labels) <= _NAMED_BARS
    return {
        "kind": "bars",
        "title": title,
        "drawn": f"{name} ({unit})" if unit else name,
        "ticks": [[at / top, _tick(at, share)] for at in ticks],
        "labels": [
            [(at + 0.5) / len(labels), label] for at, label in enumerate(labels) if at % every == 0
        ],
        "bars": [
            [
                (at + 0.5) / len(labels),
                float(amount or 0) / top,
                measure(amount, code) if named else "",
            ]
            for at, amount in enumerate(values)
        ],
        "alt": _in_words(title, {name: values}, lambda amount: measure(amount, code)),
    }


def _in_words(
    title: str, lines: Mapping[str, Sequence[Decimal | None]], said: Callable[[Decimal], str]
) -> str:
    """A line of which nothing is known is not named."""
    known = {name: [one for one in line if one is not None] for name, line in lines.items()}
    courses = [
        _("%(line)s: from %(first)s to %(last)s, at least %(low)s, at most %(high)s")
        % {
            "line": name,
            "first": said(line[0]),
            "last": said(line[-1]),
            "low": said(min(line)),
            "high": said(max(line)),
        }
        for name, line in known.items()
        if line
    ]
    return "\n".join([title, *courses])


def _lines(
    title: str,
    labels: Sequence[str],
    lines: Mapping[str, Sequence[Decimal | None]],
    *,
    ratio: bool,
) -> dict[str, Any]:
    ticks = _ticks([one for line in lines.values() for one in line], ratio=ratio)
    low, high = ticks[0], ticks[-1]
    last = max(len(labels) - 1, 1)
    every = max(1, ceil(len(labels) / _LABELS))
    return {
        "kind": "lines",
        "title": title,
        "ticks": [[(at - low) / (high - low), _tick(at, ratio)] for at in ticks],
        # Counted back from the last one, which is the month that the page is about.
        "labels": [
            [at / last, label]
            for at, label in enumerate(labels)
            if (len(labels) - 1 - at) % every == 0
        ],
        "series": [
            {
                "name": name,
                "points": [
                    [at / last, (float(one) - low) / (high - low)]
                    for at, one in enumerate(line)
                    if one is not None
                ],
            }
            for name, line in lines.items()
        ],
    }


def _ticks(values: Sequence[Decimal | None], *, ratio: bool) -> list[float]:
    """The axis's round numbers around the values: from 0 where that leaves the lines half of the
    height, else from below the least, so that lines that lie close together can be told apart."""
    known = [float(one) for one in values if one is not None] or [0.0]
    low, high = min(known), max(known)
    if high - low >= high / 2:
        low = min(low, 0.0)
    span = high - low or abs(high) or 1.0
    rough = span / (_MOST_TICKS - 1)
    unit = 10.0 ** floor(log10(rough))
    step = next(unit * one for one in _STEPS if unit * one >= rough * (1 - 1e-9))
    if not ratio:
        step = max(step, 1.0)  # nobody counts half a company
    first = floor(low / step + 1e-9)
    last = max(ceil(high / step - 1e-9), first + 1)
    return [step * at for at in range(first, last + 1)]


def _tick(at: float, ratio: bool) -> str:
    exact = Decimal(repr(round(at, 6)))
    if ratio:
        exponent = (exact * 100).normalize().as_tuple().exponent
        decimals = max(-exponent, 0) if isinstance(exponent, int) else 0
        return formats.percent(exact, language(), decimals=decimals)
    return part(exact, "count")


def _short(day: dt.date) -> str:
    return f"{formats.month_name(day, language())} {day.year}"
