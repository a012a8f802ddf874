"""A line of a statement in words that a tenant can follow.

24,50 m² × 50 MAD × 17/31 = 671,77 MAD
"""

from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from django.utils.translation import gettext as _

from core import formats
from leases.choices import ChargeKind
from leases.rent import DISCOUNT, ONCE, Line


def what(line: Line) -> str:
    """What the line is for, in the language in force: « parking (place 12) »."""
    kind = _("discount") if line.kind == DISCOUNT else str(ChargeKind(line.kind).label)
    return f"{kind} ({line.label})" if line.label else kind


def formula(line: Line, language: str) -> str:
    """How the amount came about. It runs from left to right in Arabic too, as formulas do there."""
    factors = [formats.in_dirhams(_plain(line.rate, language), language)]
    if line.area_m2 is not None:
        factors.insert(0, f"{formats.number(line.area_m2, language, decimals=2)}\u00a0m²")
    in_part = line.unit != ONCE and line.months != line.per_months
    if in_part:
        factors.append(_months(line))
    text = " × ".join(factors)
    if in_part and line.per_months != 1:
        text = f"{text} ÷ {line.per_months}"
    amount = formats.number(line.amount, language, decimals=2)
    text = f"{text} = {formats.in_dirhams(amount, language)}"
    return f"\u2066{text}\u2069" if language.startswith("ar") else text


def _months(line: Line) -> str:
    """« 17/31 », « 3 », « (17/31 + 2 + 14/31) »: whole months in a row are counted together."""
    terms = []
    for whole, parts in groupby(line.parts, lambda part: part.share == Fraction(1)):
        found = list(parts)
        terms += [str(len(found))] if whole else [f"{part.days}/{part.of}" for part in found]
    return terms[0] if len(terms) == 1 else f"({' + '.join(terms)})"


def _plain(rate: Decimal, language: str) -> str:
    """A rate without decimals that say nothing; a half dirham is written with two."""
    places = _places(rate)
    return formats.number(rate, language, decimals=max(places, 2) if places else 0)


def _places(number: Decimal) -> int:
    """How many decimals say something."""
    return max(-int(number.normalize().as_tuple().exponent), 0)


def taxed(rate: Decimal | None, vat: Decimal, language: str, ground: str = "") -> str:
    """« TVA 20 % : 134,35 MAD »; without tax, the ground; without a rule, that there is none."""
    if rate is None:
        return _("No VAT rule says.")
    label = f"{_('VAT')} {formats.percent(rate / 100, language, decimals=_places(rate))}"
    return formats.labelled(label, ground or formats.money(vat, language), language)
