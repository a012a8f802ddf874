"""Numbers, money, days and phones in templates, in the language in force."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.translation import get_language

from core import formats

register = template.Library()


def _language() -> str:
    return get_language() or "fr"


@register.simple_tag
def colon() -> str:
    """After a label whose text follows."""
    return formats.colon(_language())


@register.filter
def listed(texts: Iterable[object]) -> str:
    return formats.listed(texts, _language())


@register.filter
def number(value: Decimal | int) -> str:
    """A whole number with its thousands apart."""
    return formats.number(value, _language())


@register.filter
def exact(value: Decimal | None) -> str:
    """With the decimals that say something; a dash where there is none."""
    return "–" if value is None else formats.exact(value, _language())


@register.filter
def money(amount: Decimal) -> str:
    return formats.money(amount, _language())


@register.filter
def area(value: Decimal) -> str:
    return formats.area(value, _language())


@register.filter
def percent(ratio: Decimal) -> str:
    return formats.percent(ratio, _language())


@register.filter
def day(value: dt.date | dt.datetime) -> str:
    """A day; of an instant, the day it is in Morocco."""
    if isinstance(value, dt.datetime):
        value = timezone.localdate(value)
    return formats.day(value, _language())


@register.filter
def phone(value: object) -> str:
    return formats.phone(str(value), _language())
