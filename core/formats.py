"""How numbers, money, days and phones are shown in fr-MA, ar-MA and English.

Conventions from CLDR through Babel. In right-to-left text a plain space inside a number
reverses its halves, so Babel's no-break spaces are kept, and what must not be mirrored
(negative numbers, telephone numbers, areas: their Latin unit would draw the next number to its
own side) is isolated by U+2066 … U+2069.
"""

import datetime as dt
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from babel import Locale, dates, numbers

_LOCALES: Final = {
    "fr": Locale.parse("fr_MA"),
    "ar": Locale.parse("ar_MA"),
    "en": Locale.parse("en_GB"),
}
_CURRENCY: Final = {"fr": "#,##0.00\u00a0¤¤", "ar": "#,##0.00\u00a0د.م.", "en": "#,##0.00\u00a0¤¤"}
_SIGNS: Final = {
    language: str.maketrans(
        {
            ",": numbers.get_group_symbol(locale),
            ".": numbers.get_decimal_symbol(locale),
            "-": numbers.get_minus_sign_symbol(locale),
        }
    )
    for language, locale in _LOCALES.items()
}
"""Python's own separators, as each language writes them: a page holds hundreds of numbers, and
Babel reads its pattern anew for each."""


def _locale(language: str) -> Locale:
    return _LOCALES.get(language[:2], _LOCALES["fr"])


def _isolated(text: str, language: str) -> str:
    return f"\u2066{text}\u2069" if language.startswith("ar") else text


def colon(language: str) -> str:
    """A colon after a label; French puts a no-break space before it."""
    return "\u00a0:" if language.startswith("fr") else ":"


def labelled(label: str, text: str, language: str) -> str:
    """« label : text »."""
    return f"{label}{colon(language)} {text}"


def listed(texts: Iterable[object], language: str) -> str:
    """Texts in a row, with the comma of the language between them."""
    return ("، " if language.startswith("ar") else ", ").join(str(text) for text in texts)


def apart(texts: Iterable[object], language: str) -> str:
    """« text · text », each of them whole where the line runs from right to left."""
    isolate = "\u2068{}\u2069" if language.startswith("ar") else "{}"
    return " · ".join(isolate.format(text) for text in texts)


def number(value: Decimal | int, language: str, *, decimals: int = 0) -> str:
    """`value` with thousands separators and exactly `decimals` decimals, rounded half up."""
    exact = Decimal(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    text = f"{exact:,f}".translate(_SIGNS.get(language[:2], _SIGNS["fr"]))
    return _isolated(text, language) if exact < 0 else text


def exact(value: Decimal, language: str) -> str:
    """`value` with the decimals that say something: 1 234,5 for 1234.500."""
    exponent = value.normalize().as_tuple().exponent
    return number(value, language, decimals=max(-exponent, 0) if isinstance(exponent, int) else 0)


def in_dirhams(text: str, language: str) -> str:
    """A number that is written already, with the currency as `money` writes it; whole where it
    stands in a formula, which runs from left to right."""
    currency = "د.م." if language.startswith("ar") else "MAD"
    return _isolated(f"{text}\u00a0{currency}", language)


def money(amount: Decimal, language: str) -> str:
    """`amount` in dirhams and centimes with the currency."""
    text = numbers.format_currency(
        amount, "MAD", format=_CURRENCY.get(language[:2], _CURRENCY["fr"]), locale=_locale(language)
    )
    if amount >= 0:
        return text
    # The number alone: the currency stands on the side on which it stands of others.
    digits, space, currency = text.rpartition("\u00a0")
    return f"{_isolated(digits, language)}{space}{currency}"


def area(value: Decimal, language: str) -> str:
    """Square metres; two decimals unless they are zero."""
    decimals = 0 if value == value.to_integral_value() else 2
    return _isolated(f"{number(value, language, decimals=decimals)}\u00a0m²", language)


def percent(ratio: Decimal, language: str, *, decimals: int = 1) -> str:
    """A ratio (0.25) as a percentage (25,0 %)."""
    shown = number(ratio * 100, language, decimals=decimals)
    return f"{shown}\u00a0%" if language.startswith("fr") else f"{shown}%"


def day(value: dt.date, language: str, *, long: bool = False) -> str:
    """A day as 09/02/2026, or `long` as 9 février 2026; French writes the first as « 1er »."""
    if long:
        text = dates.format_date(value, "long", locale=_locale(language))
        return text.replace("1", "1er", 1) if value.day == 1 and language[:2] == "fr" else text
    return value.strftime("%d/%m/%Y")


def days(first: dt.date, last: dt.date | None, language: str) -> str:
    """From the first to the last day: 09/02/2026 – 15/03/2026, or 09/02/2026 – …"""
    return f"{day(first, language)} – {day(last, language) if last is not None else '…'}"


def month(value: dt.date, language: str) -> str:
    """A month as « février 2026 »."""
    return dates.format_date(value, "LLLL yyyy", locale=_locale(language))


def month_name(value: dt.date, language: str) -> str:
    """A month as « févr. », where the year stands elsewhere."""
    return dates.format_date(value, "LLL", locale=_locale(language))


def phone(e164: str, language: str) -> str:
    """A Moroccan number in pairs (05 22 12 34 56), any other one in E.164."""
    if e164.startswith("+212") and len(e164) == 13:
        local = "0" + e164[4:]
        pairs = "\u00a0".join(local[i : i + 2] for i in range(0, 10, 2))
        return _isolated(pairs, language)
    return _isolated(e164, language)


def browser_locale(language: str) -> str:
    """What `Intl` in a browser is told, so that charts write numbers as we do: in Arabic Morocco's
    Western digits; in French not Morocco's points between thousands."""
    return "ar-MA" if language == "ar" else language
