"""What a page of figures shows: cards, and charts as data."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from core import formats
from indicators.labels import BESIDE, FORMULAS, NAMES
from indicators.selectors.profiled import is_share
from indicators.selectors.shown import ShownFigure
from indicators.views.drawing import Spark
from indicators.wording import (
    axis_of_part,
    axis_of_unit,
    change,
    language,
    measure,
    named_part,
    part,
    value,
)

_SOME_TICKS: Final = {"maxTicksLimit": 7, "maxRotation": 0, "autoSkipPadding": 24}
_DOT: Final = 3
_FEW: Final = 12
"""So many bars are each named under the axis."""
_COLOURS: Final = (
    "var(--color-primary-600)",
    "#b45309",
    "#7c3aed",
    "#0369a1",
    "#e11d48",
    "#4d7c0f",
    "#0891b2",
    "#78716c",
)
"""Each can be told from a white page and from a dark one."""
_GREY: Final = "#6b7280"
_DIVIDED: Final = frozenset({"ratio", "dirhams_per_m2"})
_DASHES: Final = ((), (6, 3), (2, 2), (8, 3, 2, 3), (12, 4), (4, 4, 1, 4), (1, 3), (10, 2, 2, 2))
"""Lines differ by their strokes too: whoever does not tell the colours apart tells these."""

Points = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Aim:
    """What a figure should be; `met` is None where there is no figure."""

    words: str
    met: bool | None


@dataclass(frozen=True, slots=True)
class Card:
    """One figure on a page. `change` is against a year before; its sign says which way. `beside`
    is what must not be overlooked: how many companies the figure knows nothing of. `course` draws
    how it moved, `aim` is what it should be, where either is shown."""

    name: str
    title: str
    value: str
    change: str
    numerator: str
    denominator: str
    beside: str
    formula: str
    course: Spark | None = None
    aim: Aim | None = None


def card(figure: ShownFigure, before: ShownFigure) -> Card:
    return Card(
        name=figure.name,
        title=str(NAMES[figure.name]),
        value=value(figure),
        change=change(figure, before),
        numerator=named_part(figure.numerator, figure.numerator_code),
        denominator=(
            named_part(figure.denominator, figure.denominator_code)
            if figure.denominator_code is not None
            else ""
        ),
        beside=_beside(figure),
        formula=str(FORMULAS[figure.name]),
    )


def _beside(figure: ShownFigure) -> str:
    """Of a rate of outcomes those unknown; of a day's companies those whose kind does not count."""
    if "unknown" in figure.beside:
        count = part(figure.beside["unknown"], "unknown")
        return _("outcome unknown: %(count)s") % {"count": count}
    if figure.name == "hosted" and figure.beside["others"]:
        count = part(figure.beside["others"], "others")
        return formats.labelled(str(BESIDE["others"]), count, language())
    return ""


def chart(
    title: str,
    days: Sequence[dt.date],
    lines: Mapping[str, Sequence[ShownFigure]],
    *,
    step: str = "month",
) -> dict[str, Any]:
    """A chart for Chart.js with the same numbers as a table. Rates are in percent."""
    labels = [_label(day, step) for day in days]
    unit = next((figure.unit for figures in lines.values() for figure in figures), "")
    plotted = {label: [_plotted(figure) for figure in figures] for label, figures in lines.items()}
    return {
        "title": title,
        "type": "line",
        "axis": _("day") if step == "day" else _("month") if step == "month" else _("period"),
        "options": _options(plotted.values(), axis=axis_of_unit(unit), whole=unit not in _DIVIDED),
        "data": {
            "labels": labels,
            "datasets": [
                {
                    "label": label,
                    "data": points,
                    "pointRadius": _dots(points),
                    "borderColor": _COLOURS[index % len(_COLOURS)],
                    "backgroundColor": _COLOURS[index % len(_COLOURS)],
                    "borderDash": _DASHES[index % len(_DASHES)],
                }
                for index, (label, points) in enumerate(plotted.items())
            ],
        },
        "heads": list(lines),
        "rows": [
            (label, [value(figures[index]) for figures in lines.values()])
            for index, label in reversed(list(enumerate(labels)))
        ],
    }


def _dots(points: Points) -> list[int]:
    """A dot where no neighbour is known: there no line would be seen."""
    around = [None, *points, None]
    return [
        _DOT if around[at] is None and around[at + 2] is None else 0 for at in range(len(points))
    ]


def _label(day: dt.date, step: str) -> str:
    if step == "day":
        return formats.day(day, language())
    return str(day.year) if step == "year" else formats.month(day, language())


def bars(
    title: str,
    axis: str,
    labels: Sequence[str],
    columns: Mapping[str, tuple[str, Sequence[Decimal | None]]],
) -> dict[str, Any]:
    """A profile as bars with the same numbers as a table: the first measure is drawn, the table has
    them all; shares are in percent. `axis`: what the lines are."""
    code, (name, values) = next(iter(columns.items()))
    percent = 100 if is_share(code) else 1
    plotted = [None if one is None else round(float(one) * percent, 2) for one in values]
    return {
        "title": title,
        "type": "bar",
        "axis": axis,
        "options": _options(
            [plotted],
            along=axis,
            axis=axis_of_part(code),
            whole=not is_share(code),
            every=len(labels) <= _FEW,
        ),
        "data": {
            "labels": list(labels),
            "datasets": [
                {
                    "label": name,
                    "data": plotted,
                    "backgroundColor": _COLOURS[0],
                }
            ],
        },
        "heads": [title for title, _values in columns.values()],
        "rows": [
            (label, [measure(values[at], code) for code, (_title, values) in columns.items()])
            for at, label in enumerate(labels)
        ],
    }


def drawn(course: dict[str, Any]) -> dict[str, Any]:
    """The chart with its data and options as the script reads them, and the legend of its lines:
    (name, colour, dashes), where the title does not say what the only one is."""
    lines = course["data"]["datasets"] if course["type"] == "line" else []
    named = [line["label"] for line in lines] != [course["title"]]
    return {
        **course,
        "legend": [
            (line["label"], line["borderColor"], " ".join(map(str, line["borderDash"])))
            for line in lines
            if named
        ],
        "json": json.dumps(course["data"]),
        "settings": json.dumps(course["options"]),
    }


def _options(
    drawn: Iterable[Points], *, axis: str, whole: bool, along: str = "", every: bool = False
) -> dict[str, Any]:
    """Axes that can be read; nobody counts half a company on a `whole` one."""
    # Around nothing but zeros the library would draw an axis from −1 to 1.
    ends = {} if any(any(points) for points in drawn) else {"min": 0, "max": 1}
    return {
        "responsive": True,
        "maintainAspectRatio": False,
        # A figure is there at once: also on a slow machine, on paper, for whoever minds movement.
        "animation": False,
        "locale": formats.browser_locale(language()),
        "interaction": {"mode": "index", "intersect": False},
        "elements": {"point": {"radius": 0}, "line": {"borderWidth": 2}},
        # The page has its own, which shows each line's dashes too.
        "plugins": {"legend": {"display": False}},
        "scales": {
            "x": {
                "title": {"display": bool(along), "text": along, "color": _GREY},
                "ticks": {"color": _GREY, **({"autoSkip": False} if every else _SOME_TICKS)},
                "grid": {"display": False},
            },
            "y": {
                "title": {"display": bool(axis), "text": axis, "color": _GREY},
                "grid": {},
                "ticks": {"color": _GREY, **({"precision": 0} if whole else {})},
                **ends,
            },
        },
    }


def _plotted(figure: ShownFigure) -> float | None:
    """A pixel's worth of the figure: the exact one stands in the table."""
    if figure.value is None:
        return None
    return round(float(figure.value) * (100 if figure.unit == "ratio" else 1), 2)
