"""What a line of a bank says in its words: numbers of invoices, leases and cheques, names. Pure.

Banks cut, join and capitalise as they like, so everything is compared without case, accents and
marks, by whole words of the line.
"""

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Final

from tenants.names import folded, name_key

_WORD: Final = re.compile(r"[^\W_]+")
_SHORT: Final = re.compile(
    r"(?<![a-z])f\W{0,2}(20[0-9]{2})(?:\W{1,3}0*|(?=[0-9]{6})0*)([1-9][0-9]{0,8})(?![0-9])"
)
_MOST_WORDS: Final = 8
_LONGEST: Final = 40
_SHORTEST_NUMBER: Final = 5
_SHORTEST_CHEQUE: Final = 4
_SHORTEST_NAME: Final = 4
_TELLING_NAME: Final = 8
"""Characters from which on one word alone is a name that is not met by chance."""


def number_key(number: str) -> str:
    """Of an invoice's or a lease's number; "" of one too short to be found among other words."""
    key = "".join(_WORD.findall(folded(number)))
    telling = len(key) >= _SHORTEST_NUMBER and any(char.isdigit() for char in key)
    return key if telling else ""


def cheque_key(number: str) -> str:
    """Without leading zeros, which banks add and drop."""
    key = "".join(_WORD.findall(folded(number))).lstrip("0")
    return key if len(key) >= _SHORTEST_CHEQUE and any(char.isdigit() for char in key) else ""


@dataclass(frozen=True, slots=True)
class Said:
    """One line, ready to be looked into."""

    keys: frozenset[str]
    """Some of its words in a row, without what stands between."""
    sequences: frozenset[tuple[int, int]]
    """Year and place in the series of invoices, as « F2026-123 » says them."""
    phrases: frozenset[str]
    payer: str

    def has_cheque(self, key: str) -> bool:
        return bool(key) and key in self.keys

    def named(self, names: Mapping[str, Set[int]]) -> tuple[frozenset[int], frozenset[int]]:
        """Companies by name: of those found, which are named beyond doubt. `names`: by name key.

        A name inside a longer one that is known too is not the one meant.
        """
        if self.payer in names:
            return frozenset(names[self.payer]), frozenset(names[self.payer])
        found = {phrase for phrase in self.phrases & names.keys() if len(phrase) >= _SHORTEST_NAME}
        outer = {
            name for name in found
            if not any(name != other and f" {name} " in f" {other} " for other in found)
        }  # fmt: skip
        telling = {name for name in outer if " " in name or len(name) >= _TELLING_NAME}
        return (
            frozenset(company for name in outer for company in names[name]),
            frozenset(company for name in telling for company in names[name]),
        )


def said(counterparty: str, reference: str, words: str) -> Said:
    keys: set[str] = set()
    phrases: set[str] = set()
    sequences: set[tuple[int, int]] = set()
    for text in {counterparty, reference, words}:
        plain = folded(text)
        for run in _runs(_WORD.findall(plain)):
            keys.add("".join(run))
        phrases |= {" ".join(run) for run in _runs(name_key(text).split())}
        sequences |= {(int(year), int(place)) for year, place in _SHORT.findall(plain)}
    keys |= {key.lstrip("0") for key in keys}
    return Said(
        frozenset(keys),
        frozenset(sequences),
        frozenset(phrases),
        name_key(counterparty) if counterparty.strip() else "",
    )


def _runs(words: list[str]) -> Iterator[list[str]]:
    for start in range(len(words)):
        length = 0
        for end in range(start, min(start + _MOST_WORDS, len(words))):
            length += len(words[end])
            if length > _LONGEST:
                break
            yield words[start : end + 1]
