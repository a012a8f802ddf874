"""Figures in words: values, parts and changes in the language in force; charts as data."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from core import formats
from indicators.labels import FORMULAS, NAMES, PARTS
from indicators.selectors.profiled import is_share
from indicators.selectors.shown import ShownFigure, Told
from tenants.choices import DeclaredStatus

NO_RATE: Final = "—"
_YEAR: Final = Decimal("365.25")
_TWO_YEARS: Final = 731
_TWO_MONTHS: Final = 61
_FEW: Final = 12
"""So many bars are each named under the axis."""
_COLOURS: Final = (
    "var(--color-primary-600)",
    "#b45309",
    "#6d28d9",
    "#0369a1",
    "#be123c",
    "#4d7c0f",
    "#0f766e",
    "#57534e",
)
_DASHES: Final = ((), (6, 3), (2, 2), (8, 3, 2, 3), (12, 4), (4, 4, 1, 4), (1, 3), (10, 2, 2, 2))
"""Lines differ by their strokes too: whoever does not tell the colours apart tells these."""


def language() -> str:
    return get_language() or "fr"


@dataclass(frozen=True, slots=True)
class Card:
    """One figure on a page. `change` is against a year before; its sign says which way. `beside`
    is what must not be overlooked: how many companies the figure knows nothing of."""

    name: str
    title: str
    value: str
    change: str
    numerator: str
    denominator: str
    beside: str
    formula: str


def card(figure: ShownFigure, before: ShownFigure) -> Card:
    return Card(
        name=figure.name,
        title=str(NAMES[figure.name]),
        value=value(figure),
        change=change(figure, before),
        numerator=f"{part(figure.numerator, figure.numerator_code)} {PARTS[figure.numerator_code]}",
        denominator=(
            f"{part(figure.denominator, figure.denominator_code)} {PARTS[figure.denominator_code]}"
            if figure.denominator is not None and figure.denominator_code is not None
            else ""
        ),
        beside=_unknown(figure),
        formula=str(FORMULAS[figure.name]),
    )


def _unknown(figure: ShownFigure) -> str:
    if "unknown" not in figure.beside:
        return ""
    return _("outcome unknown: %(count)s") % {"count": part(figure.beside["unknown"], "unknown")}


def value(figure: ShownFigure) -> str:
    """The value in its unit."""
    if figure.value is None:
        return NO_RATE
    return in_unit(figure.value, figure.unit)


def in_unit(amount: Decimal, unit: str) -> str:
    if unit == "ratio":
        return formats.percent(amount, language())
    if unit == "dirhams":
        return formats.money(amount, language())
    if unit == "dirhams_per_m2":
        rate = formats.number(amount, language(), decimals=2)
        return _("%(rate)s DH per m²") % {"rate": rate}
    if unit == "m2":
        return formats.area(amount, language())
    if unit == "days":
        return duration(amount)
    return formats.number(amount, language())


def duration(days: Decimal) -> str:
    """Days; more than two months also tell how many months, more than two years how many years."""
    whole = days == days.to_integral_value()
    count = formats.number(days, language(), decimals=0 if whole else 1)
    text = ngettext("%(count)s day", "%(count)s days", int(days)) % {"count": count}
    if days >= _TWO_YEARS:
        years = formats.number(days / _YEAR, language(), decimals=1)
        return _("%(years)s years (%(days)s)") % {"years": years, "days": text}
    if days >= _TWO_MONTHS:
        months = formats.number(days * 12 / _YEAR, language(), decimals=1)
        return _("%(months)s months (%(days)s)") % {"months": months, "days": text}
    return text


def part(amount: Decimal | None, code: str | None) -> str:
    """A numerator or denominator: m² for areas, two decimals for averages, else a count."""
    if amount is None or code is None:
        return NO_RATE
    if is_share(code):
        return formats.percent(amount.scaleb(-6), language())
    if "m2" in code:
        return formats.area(amount, language())
    if "centimes" in code or "dirhams" in code:
        return formats.money(amount, language())
    whole = amount == amount.to_integral_value()
    return formats.number(amount, language(), decimals=0 if whole else 2)


def told(value: Told, code: str) -> str:
    """What else is told of a row: a status by its name, a day, an amount."""
    if value is None:
        return ""
    if isinstance(value, DeclaredStatus):
        return str(value.label)
    if isinstance(value, dt.date):
        return formats.day(value, language())
    if isinstance(value, str):
        return value
    return part(value, code)


def difference(text: str, amount: Decimal) -> str:
    """The amount's words with the sign before them; nothing where nothing changed."""
    return f"{_sign(amount)}{text}" if amount else ""


def _sign(amount: Decimal) -> str:
    return "+" if amount >= 0 else "−"


def change(figure: ShownFigure, before: ShownFigure) -> str:
    """« +12 », or in points for a rate; nothing when one of the two is missing."""
    if figure.value is None or before.value is None:
        return ""
    difference = figure.value - before.value
    sign = _sign(difference)
    if figure.unit == "ratio":
        points = formats.number(abs(difference) * 100, language(), decimals=1)
        return _("%(sign)s%(points)s points in a year") % {"sign": sign, "points": points}
    count = formats.number(abs(difference), language())
    return _("%(sign)s%(count)s in a year") % {"sign": sign, "count": count}


def chart(
    title: str,
    days: Sequence[dt.date],
    lines: Mapping[str, Sequence[ShownFigure]],
    *,
    step: str = "month",
) -> dict[str, Any]:
    """A chart for Chart.js with the same numbers as a table. Rates are in percent."""
    labels = [_label(day, step) for day in days]
    rates = any(figure.unit == "ratio" for figures in lines.values() for figure in figures)
    return {
        "title": title,
        "type": "line",
        "axis": _("day") if step == "day" else _("month") if step == "month" else _("period"),
        "options": _options(several=len(lines) > 1, unit="%" if rates else ""),
        "data": {
            "labels": labels,
            "datasets": [
                {
                    "label": label,
                    "data": [_plotted(figure) for figure in figures],
                    "borderColor": _COLOURS[index % len(_COLOURS)],
                    "backgroundColor": _COLOURS[index % len(_COLOURS)],
                    "borderDash": _DASHES[index % len(_DASHES)],
                }
                for index, (label, figures) in enumerate(lines.items())
            ],
        },
        "heads": list(lines),
        "rows": [
            (label, [value(figures[index]) for figures in lines.values()])
            for index, label in reversed(list(enumerate(labels)))
        ],
    }


def _label(day: dt.date, step: str) -> str:
    if step == "day":
        return formats.day(day, language())
    return str(day.year) if step == "year" else formats.month(day, language())


def bars(
    title: str, labels: Sequence[str], columns: Mapping[str, tuple[str, Sequence[Decimal | None]]]
) -> dict[str, Any]:
    """A profile as bars with the same numbers as a table: the first measure is drawn, the table has
    them all; shares are in percent."""
    code, (name, values) = next(iter(columns.items()))
    share = is_share(code)
    return {
        "title": title,
        "type": "bar",
        "axis": "",
        "options": _options(several=False, unit="%" if share else "", every=len(labels) <= _FEW),
        "data": {
            "labels": list(labels),
            "datasets": [
                {
                    "label": name,
                    "data": [
                        None if one is None else round(float(one) * (100 if share else 1), 2)
                        for one in values
                    ],
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


def measure(amount: Decimal | None, code: str) -> str:
    """A profile's value: a share in percent, money, m², or a number."""
    if amount is not None and is_share(code):
        return formats.percent(amount, language())
    return part(amount, code)


def drawn(course: dict[str, Any]) -> dict[str, Any]:
    """The chart with its data and options as the script reads them."""
    return {
        **course,
        "json": json.dumps(course["data"]),
        "settings": json.dumps(course["options"]),
    }


def _options(*, several: bool, unit: str, every: bool = False) -> dict[str, Any]:
    """Axes that can be read, a legend where there is something to tell apart."""
    return {
        "responsive": True,
        "maintainAspectRatio": False,
        # A figure is there at once: also on a slow machine, on paper, for whoever minds movement.
        "animation": False,
        "locale": formats.browser_locale(language()),
        "interaction": {"mode": "index", "intersect": False},
        "elements": {"point": {"radius": 0}, "line": {"borderWidth": 2}},
        "plugins": {
            "legend": {
                "display": several,
                "position": "bottom",
                # A stroke of the line itself: what tells it apart from the others.
                "labels": {"usePointStyle": True, "pointStyle": "line", "pointStyleWidth": 40},
            }
        },
        "scales": {
            "x": {
                "ticks": {"autoSkip": False} if every else {"maxTicksLimit": 7, "maxRotation": 0},
                "grid": {"display": False},
            },
            "y": {
                "title": {"display": bool(unit), "text": unit},
                "grid": {},
                "ticks": {} if unit else {"precision": 0},  # nobody counts half a company
            },
        },
    }


def _plotted(figure: ShownFigure) -> float | None:
    """A pixel's worth of the figure: the exact one stands in the table."""
    if figure.value is None:
        return None
    return round(float(figure.value) * (100 if figure.unit == "ratio" else 1), 2)
