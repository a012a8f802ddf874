"""Amounts in words, as contracts and invoices give them: « mille dirhams et cinquante centimes ».

Pure. num2words refuses dirhams in French and writes Saudi riyals in Arabic: it spells the integer
here, and dirhams and centimes are added by the grammar of each language.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Final, NamedTuple

from num2words import num2words


class _Noun(NamedTuple):
    """One; by itself (« one dirham »); two; three to ten; eleven to ninety-nine."""

    one: str
    alone: str
    two: str
    few: str
    many: str


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
    text = _counted(dirhams, _DIRHAM)
    if centimes:
        text += " و" + _counted(centimes, _CENTIME)
    return text


def _counted(number: int, noun: _Noun) -> str:
    """The number with what is counted: the last two digits decide its form, and one and two stand
    in the noun itself: « مائة ألف وألفا درهم »."""
    scale, words = next((each for each in _SCALES if number >= each[0]), (0, _DIRHAM))
    if scale:
        above, rest = divmod(number, scale)
        if not rest:
            return f"{_counted(above, _before(words))} {noun.one}"
        if rest in {1, 2}:
            alone = f"{noun.one} واحد" if rest == 1 else noun.two
            return f"{_counted(above, _before(words))} {noun.one} و{alone}"
        return f"{_counted(above, words)} و{_counted(rest, noun)}"
    hundreds, rest = number - number % 100, number % 100
    if rest in {1, 2}:
        alone = noun.alone if rest == 1 else noun.two
        return f"{_below_1000(hundreds)} {noun.one} و{alone}" if hundreds else alone
    counted = noun.few if 3 <= rest <= 10 else noun.many if rest > 10 else noun.one
    return f"{_below_1000(number)} {counted}"


def _below_1000(number: int) -> str:
    if number == 200:
        return "مئتا"  # before what is counted
    # « and » is written onto the word that it leads.
    return str(num2words(number, lang="ar")).replace(" و ", " و")


def _before(scale: _Noun) -> _Noun:
    """A thousand or a million right before what is counted: « ألفا درهم », « أحد عشر ألف درهم »."""
    return scale._replace(two=scale.two.removesuffix("ن"), many=scale.one)


_DIRHAM: Final = _Noun("درهم", "درهم واحد", "درهمان", "دراهم", "درهما")
_CENTIME: Final = _Noun("سنتيم", "سنتيم واحد", "سنتيمان", "سنتيمات", "سنتيما")
_SCALES: Final = (
    (1_000_000_000, _Noun("مليار", "مليار", "ملياران", "مليارات", "ملياراً")),
    (1_000_000, _Noun("مليون", "مليون", "مليونان", "ملايين", "مليوناً")),
    (1_000, _Noun("ألف", "ألف", "ألفان", "آلاف", "ألفاً")),
)


_SPELLED: Final[dict[str, Callable[[int, int], str]]] = {
    "fr": _french,
    "ar": _arabic,
    "en": _english,
}
