"""Amounts in words, as contracts and invoices give them: « mille dirhams et cinquante centimes ».

Pure. num2words refuses dirhams in French and writes Saudi riyals in Arabic: it spells the integer
here, and dirhams and centimes are added by the grammar of each language.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from num2words import num2words


def spelled_money(amount: Decimal, language: str) -> str:
    """The amount, which is in whole centimes, in words. Raises ValueError below nothing."""
    if amount < 0:
        raise ValueError("an amount in words is not negative")
    dirhams, centimes = divmod(int(amount * 100), 100)
    return _SPELLED.get(language[:2], _french)(dirhams, centimes)


def _french(dirhams: int, centimes: int) -> str:
    words = str(num2words(dirhams, lang="fr"))
    # « un million de dirhams », but « un million cent dirhams ».
    of = " de" if dirhams and dirhams % 1_000_000 == 0 else ""
    text = f"{words}{of} dirham{'s' if dirhams > 1 else ''}"
    if centimes:
        text += f" et {num2words(centimes, lang='fr')} centime{'s' if centimes > 1 else ''}"
    return text


def _english(dirhams: int, centimes: int) -> str:
    text = f"{num2words(dirhams, lang='en')} dirham{'' if dirhams == 1 else 's'}"
    if centimes:
        text += f" and {num2words(centimes, lang='en')} centime{'' if centimes == 1 else 's'}"
    return text


def _arabic(dirhams: int, centimes: int) -> str:
    text = _counted(dirhams, "درهم", "درهمان", "دراهم", "درهما")
    if centimes:
        text += " و" + _counted(centimes, "سنتيم", "سنتيمان", "سنتيمات", "سنتيما")
    return text


def _counted(number: int, one: str, two: str, few: str, many: str) -> str:
    """The number with what is counted: the last two digits decide its form."""
    rest = number % 100
    if rest in {1, 2}:
        alone = f"{one} واحد" if rest == 1 else two
        return f"{_arabic_number(number - rest)} {one} و{alone}" if number > rest else alone
    counted = few if 3 <= rest <= 10 else many if rest > 10 else one
    return f"{_arabic_number(number)} {counted}"


def _arabic_number(number: int) -> str:
    # « and » is written onto the word that it leads.
    return str(num2words(number, lang="ar")).replace(" و ", " و")


_SPELLED: Final[dict[str, Callable[[int, int], str]]] = {
    "fr": _french,
    "ar": _arabic,
    "en": _english,
}
