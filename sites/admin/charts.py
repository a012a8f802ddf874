"""Charts of the staff site: data and options for Chart.js, a legend, and the same as a table.

Nobody needs colours or a script: lines differ by their dashes too, and the table says it all.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from core import formats
from sites.admin.columns import language

Points = Sequence[float | None]
Rows = Sequence[tuple[str, Sequence[str]]]
"""A label with its cells, as they are written in the table."""

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
_DASHES: Final = ((), (6, 3), (2, 2), (8, 3, 2, 3), (12, 4), (4, 4, 1, 4), (1, 3), (10, 2, 2, 2))


def lines(
    title: str,
    labels: Sequence[str],
    plotted: Mapping[str, Points],
    rows: Rows,
    *,
    axis: str,
    unit: str,
    whole: bool = False,
) -> dict[str, Any]:
    """A line for each of `plotted`. `axis` is what the labels are, `unit` what the points are;
    nobody counts half of what is `whole`."""
    return {
        "title": title,
        "type": "line",
        "axis": axis,
        "options": _options(plotted.values(), unit=unit, whole=whole),
        "data": {
            "labels": list(labels),
            "datasets": [
                {
                    "label": label,
                    "data": list(points),
                    "pointRadius": _dots(points),
                    "borderColor": _COLOURS[index % len(_COLOURS)],
                    "backgroundColor": _COLOURS[index % len(_COLOURS)],
                    "borderDash": _DASHES[index % len(_DASHES)],
                }
                for index, (label, points) in enumerate(plotted.items())
            ],
        },
        "heads": list(plotted),
        "rows": rows,
    }


def bars(
    title: str,
    labels: Sequence[str],
    named: tuple[str, Points],
    heads: Sequence[str],
    rows: Rows,
    *,
    axis: str,
    unit: str,
    whole: bool = False,
) -> dict[str, Any]:
    """One row of bars, `named`; the table may have more columns."""
    name, points = named
    return {
        "title": title,
        "type": "bar",
        "axis": axis,
        "options": _options(
            [points], along=axis, unit=unit, whole=whole, every=len(labels) <= _FEW
        ),
        "data": {
            "labels": list(labels),
            "datasets": [{"label": name, "data": list(points), "backgroundColor": _COLOURS[0]}],
        },
        "heads": list(heads),
        "rows": rows,
    }


def drawn(chart: dict[str, Any]) -> dict[str, Any]:
    """The chart with its data and options as the script reads them, and the legend of its lines:
    (name, colour, dashes), where the title does not say what the only one is."""
    of_lines = chart["data"]["datasets"] if chart["type"] == "line" else []
    named = [line["label"] for line in of_lines] != [chart["title"]]
    return {
        **chart,
        "legend": [
            (line["label"], line["borderColor"], " ".join(map(str, line["borderDash"])))
            for line in of_lines
            if named
        ],
        "json": json.dumps(chart["data"]),
        "settings": json.dumps(chart["options"]),
    }


def _dots(points: Points) -> list[int]:
    """A dot where no neighbour is known: there no line would be seen."""
    around = [None, *points, None]
    return [
        _DOT if around[at] is None and around[at + 2] is None else 0 for at in range(len(points))
    ]


def _options(
    drawn: Iterable[Points], *, unit: str, whole: bool, along: str = "", every: bool = False
) -> dict[str, Any]:
    """Axes that can be read."""
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
                "title": {"display": bool(unit), "text": unit, "color": _GREY},
                "grid": {},
                "ticks": {"color": _GREY, **({"precision": 0} if whole else {})},
                **ends,
            },
        },
    }
