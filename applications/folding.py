"""Text as it is searched: words without case, accents, vowel signs and letter variants. Pure.

What is indexed and what is typed into a search box go through the same fold, so that they meet.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tenants.names import folded

MOST: Final = 150_000
"""Characters that are indexed of one file: PostgreSQL keeps one megabyte of lexemes a row."""
LONGEST: Final = 100
"""Characters of a word; what is longer is cut, in the text and in the question alike."""
_WORD: Final = re.compile(r"[^\W_]+")
_DIGITS: Final = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_ARABIC: Final = re.compile(r"[\u0600-\u06ff]")
# The article, with the particles written in one with it: "the enterprises" are "enterprises".
_ARTICLE: Final = re.compile(r"^(?:[وبكف]?ال|لل)(?=\w{2})")
_ASKED: Final = re.compile(r'(?P<no>-?)(?:"(?P<phrase>[^"]*)"?|(?P<words>[^\s"]+))')
_OR: Final = frozenset({"or", "ou", "أو", "او"})


def words(text: str) -> list[str]:
    """The words of a text, folded. Markup, emoji and marks of direction are none."""
    seen = "".join(char for char in text if unicodedata.category(char) != "Cf")
    plain = folded(seen).translate(_DIGITS)
    return [_ARTICLE.sub("", word[:LONGEST]) for word in _WORD.findall(plain)]


def indexable(texts: Iterable[str]) -> str:
    """All texts as one line of words, cut to what PostgreSQL can keep.

    Longer ones lose the repetitions first: each word is still found, phrases may not be.
    """
    found = [word for text in texts for word in words(text)]
    line = " ".join(found)
    return line if len(line) <= MOST else " ".join(dict.fromkeys(found))[:MOST]


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must stand side by side."""

    words: tuple[str, ...]
    arabic: bool
    excluded: bool = False
    unfinished: bool = False
    """The last word may go on: somebody is still typing."""


def asked(text: str) -> list[list[Term]]:
    """What a search box says, as alternatives of terms that must all be there.

    As search engines take it: "side by side", -without, this or (ou, أو) that. The last word
    counts as a beginning.
    """
    alternatives: list[list[Term]] = [[]]
    for match in _ASKED.finditer(text):
        if match["words"] and not match["no"] and match["words"].casefold() in _OR:
            alternatives.append([])
        elif found := words(match["phrase"] or match["words"] or ""):
            alternatives[-1].append(
                Term(
                    tuple(found),
                    arabic=bool(_ARABIC.search(found[0])),
                    excluded=bool(match["no"]),
                    unfinished=not match["no"]
                    and match["phrase"] is None
                    and match.end() == len(text.rstrip()),
                )
            )
    return [terms for terms in alternatives if terms]
