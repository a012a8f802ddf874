"""What changed between two versions of a text, word by word. Pure.

Nothing is lost: what is kept and removed is the old text, what is kept and added the new one. A
word is what stands between white space, so that no cut falls inside a letter and its marks or
inside an emoji made of several.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

_WORDS: Final = re.compile(r"\s|\S+")
# Embeddings, overrides and isolates: what such a sign opens reaches past the piece it stands in.
_TURNS: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
MOST_WORK: Final = 300_000
"""Comparisons of words; beyond, the texts are too alike and too long to be told apart in time,
and are shown one after the other."""


class Kind(StrEnum):
    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    kind: Kind
    text: str

    @property
    def turns(self) -> bool:
        """Whether it bears signs that turn the direction of what follows: to be isolated."""
        return bool(_TURNS.search(self.text))


def differences(old: str, new: str) -> list[Piece]:
    """The pieces in reading order; never two of one kind in a row, never an empty one."""
    return list(_joined(_pieces(_WORDS.findall(old), _WORDS.findall(new))))


def _pieces(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    head = _common(old, new)
    tail = _common(old[: head - 1 if head else None : -1], new[: head - 1 if head else None : -1])
    tail = min(tail, len(old) - head, len(new) - head)
    yield Piece(Kind.KEPT, "".join(old[:head]))
    yield from _changed(old[head : len(old) - tail], new[head : len(new) - tail])
    yield Piece(Kind.KEPT, "".join(old[len(old) - tail :]))


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    if _work(old, new) > MOST_WORK:
        yield Piece(Kind.REMOVED, "".join(old))
        yield Piece(Kind.ADDED, "".join(new))
        return
    # White space alone is no ground to stand on: it is everywhere.
    matcher = SequenceMatcher(str.isspace, old, new, autojunk=False)
    for same, from_old, to_old, from_new, to_new in matcher.get_opcodes():
        if same == "equal":
            yield Piece(Kind.KEPT, "".join(old[from_old:to_old]))
        else:
            yield Piece(Kind.REMOVED, "".join(old[from_old:to_old]))
            yield Piece(Kind.ADDED, "".join(new[from_new:to_new]))


def _work(old: Sequence[str], new: Sequence[str]) -> int:
    """How often a word of one text meets itself in the other: what the matcher walks through."""
    there = Counter(new)
    return sum(count * there[word] for word, count in Counter(old).items() if not word.isspace())


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    """How many words the two begin with in common."""
    shorter = min(len(old), len(new))
    return next((at for at in range(shorter) if old[at] != new[at]), shorter)


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Removed before added, neighbours of one kind as one."""
    kept, removed, added = "", "", ""
    for piece in pieces:
        if not piece.text:
            continue
        if piece.kind == Kind.KEPT:
            if removed or added:
                yield from _turned(kept, removed, added)
                kept, removed, added = "", "", ""
            kept += piece.text
        elif piece.kind == Kind.REMOVED:
            removed += piece.text
        else:
            added += piece.text
    yield from _turned(kept, removed, added)


def _turned(kept: str, removed: str, added: str) -> Iterator[Piece]:
    for kind, text in ((Kind.KEPT, kept), (Kind.REMOVED, removed), (Kind.ADDED, added)):
        if text:
            yield Piece(kind, text)
