"""What a page of figures shows: cards, and charts as data."""

import datetime as dt
from collections.abc import Mapping, Sequence
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
from sites.admin import charts

_APART: Final = {
    "hosted": "others",
    "occupancy_area": "held_m2",
    "occupancy_unit": "held",
    "economic_occupancy": "forgone_dirhams",
}
"""What is printed on the card of a figure, beside it: not counted, held, forgone."""
_DIVIDED: Final = frozenset({"ratio", "dirhams_per_m2"})


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
    """Of a rate of outcomes those unknown; of others what stands apart, where there is any."""
    if "unknown" in figure.beside:
        count = part(figure.beside["unknown"], "unknown")
        return _("outcome unknown: %(count)s") % {"count": count}
    code = _APART.get(figure.name, "")
    amount = figure.beside.get(code)
    if not amount:
        return ""
    return formats.labelled(str(BESIDE[code]), part(amount, code), language())


def chart(
    title: str,
    days: Sequence[dt.date],
    lines: Mapping[str, Sequence[ShownFigure]],
    *,
    step: str = "month",
) -> dict[str, Any]:
    """The course of figures, the latest first in its table. Rates are in percent."""
    labels = [_label(day, step) for day in days]
    unit = next((figure.unit for figures in lines.values() for figure in figures), "")
    return charts.lines(
        title,
        labels,
        {label: [_plotted(figure) for figure in figures] for label, figures in lines.items()},
        [
            (label, [value(figures[index]) for figures in lines.values()])
            for index, label in reversed(list(enumerate(labels)))
        ],
        axis=_("day") if step == "day" else _("month") if step == "month" else _("period"),
        unit=axis_of_unit(unit),
        whole=unit not in _DIVIDED,
    )


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
    """A profile as bars: the first measure is drawn, the table has them all; shares are in percent.
    `axis`: what the lines are."""
    code, (name, values) = next(iter(columns.items()))
    percent = 100 if is_share(code) else 1
    return charts.bars(
        title,
        labels,
        (name, [None if one is None else round(float(one) * percent, 2) for one in values]),
        [title for title, _values in columns.values()],
        [
            (label, [measure(values[at], code) for code, (_title, values) in columns.items()])
            for at, label in enumerate(labels)
        ],
        axis=axis,
        unit=axis_of_part(code),
        whole=not is_share(code),
    )


def _plotted(figure: ShownFigure) -> float | None:
    """A pixel's worth of the figure: the exact one stands in the table."""
    if figure.value is None:
        return None
    return round(float(figure.value) * (100 if figure.unit == "ratio" else 1), 2)
