"""Figures in words: values, parts and changes in the language in force."""

import datetime as dt
import re
from decimal import Decimal
from typing import Final

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from core import formats
from indicators.labels import PARTS
from indicators.selectors.profiled import is_share
from indicators.selectors.shown import ShownFigure, Told
from tenants.choices import DeclaredStatus

NO_RATE: Final = "—"
_NUMBER: Final = re.compile(r"[\d.,]*\d")
_YEAR: Final = Decimal("365.25")
_TWO_YEARS: Final = 731
_TWO_MONTHS: Final = 61


def language() -> str:
    return get_language() or "fr"


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


def axis_of_unit(unit: str) -> str:
    """What a chart's axis counts; nothing for what the chart's title counts."""
    return {
        "ratio": "%",
        "dirhams": _("DH"),
        "dirhams_per_m2": (_("%(rate)s DH per m²") % {"rate": ""}).strip(),
        "m2": "m²",
        "days": _("days"),
    }.get(unit, "")


def axis_of_part(code: str) -> str:
    if is_share(code):
        return axis_of_unit("ratio")
    if "m2" in code:
        return axis_of_unit("m2")
    return axis_of_unit("dirhams" if "centimes" in code or "dirhams" in code else "")


def duration(days: Decimal) -> str:
    """Days; more than two months also tell how many months, more than two years how many years,
    where a tenth of a day says nothing."""
    whole = days == days.to_integral_value() or days >= _TWO_MONTHS
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


def named_part(amount: Decimal | None, code: str) -> str:
    """« 562 (let units) »: a name beside its number is right after one and after many."""
    return f"{part(amount, code)} ({PARTS[code]})"


def parts(figure: ShownFigure) -> str:
    """What a figure is made of: « 562 (let units) ÷ 606 (units in service) »."""
    above = named_part(figure.numerator, figure.numerator_code)
    if figure.denominator_code is None:
        return above
    return f"{above} ÷ {named_part(figure.denominator, figure.denominator_code)}"


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
    return _signed(text, amount) if amount else ""


def effect(amount: Decimal | None, unit: str) -> str:
    """A difference of the value: of a rate in points."""
    if not amount:
        return ""
    if unit == "ratio":
        points = formats.number(abs(amount) * 100, language(), decimals=2)
        return _("%(points)s points") % {"points": _signed(points, amount)}
    return _signed(in_unit(abs(amount), unit), amount)


def _signed(text: str, amount: Decimal) -> str:
    """The sign stays before its number where the line runs from right to left; words after the
    number stand after it there."""
    sign = "+" if amount >= 0 else "−"
    if not language().startswith("ar"):
        return f"{sign}{text}"
    number = _NUMBER.match(text)
    until = number.end() if number else len(text)
    return f"\u2066{sign}{text[:until]}\u2069{text[until:]}"


def change(figure: ShownFigure, before: ShownFigure) -> str:
    """« +12 in a year », or in points for a rate; nothing when one of the two is missing."""
    if figure.value is None or before.value is None:
        return ""
    moved = figure.value - before.value
    if not moved:
        return _("unchanged in a year")
    if figure.unit == "ratio":
        points = formats.number(abs(moved) * 100, language(), decimals=1)
        return _("%(points)s points in a year") % {"points": _signed(points, moved)}
    return _("%(count)s in a year") % {"count": _signed(in_unit(abs(moved), figure.unit), moved)}


def measure(amount: Decimal | None, code: str) -> str:
    """A profile's value: a share in percent, money, m², or a number."""
    if amount is not None and is_share(code):
        return formats.percent(amount, language())
    return part(amount, code)
