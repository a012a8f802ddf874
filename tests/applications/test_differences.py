"""Two versions of a text: nothing is lost, and every word is where it stood."""

import random
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from applications.differences import Kind, Piece, differences

KEPT, REMOVED, ADDED = Kind.KEPT, Kind.REMOVED, Kind.ADDED

WORDS = st.sampled_from(
    ["un", "capteur", "de", "d'eau", "مستشعر", "للري", "👩‍🌾", "e\u0301te\u0301", "\u202bxyz\u202c",
     "<b>", "**", "\u200f", "\u2067", "-"]
)  # fmt: skip
TEXTS = st.lists(st.tuples(WORDS, st.sampled_from([" ", "\n", "\u00a0", "  "]))).map(
    lambda pairs: "".join(word + gap for word, gap in pairs)
)


@given(TEXTS | st.text(), TEXTS | st.text())
def test_kept_and_removed_is_the_old_kept_and_added_the_new(old: str, new: str) -> None:
    pieces = differences(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != ADDED) == old
    assert "".join(piece.text for piece in pieces if piece.kind != REMOVED) == new
    assert all(piece.text for piece in pieces)
    kinds = [piece.kind for piece in pieces]
    assert not any(one == two for one, two in pairwise(kinds))
    assert {REMOVED, ADDED}.isdisjoint(kinds) == (old == new)


@given(TEXTS, TEXTS)
def test_no_word_is_cut(old: str, new: str) -> None:
    """A letter stays with its marks, an emoji of several signs whole."""
    words = set((old + " " + new).split())
    for piece in differences(old, new):
        assert words.issuperset(piece.text.split())


def test_what_changed_reads_as_people_would_say_it() -> None:
    assert differences("Un capteur de sol.", "Un capteur d'eau de sol sec.") == [
        Piece(KEPT, "Un capteur "),
        Piece(ADDED, "d'eau "),
        Piece(KEPT, "de "),
        Piece(REMOVED, "sol."),
        Piece(ADDED, "sol sec."),
    ]
    assert differences("نص قديم", "نص جديد") == [
        Piece(KEPT, "نص "),
        Piece(REMOVED, "قديم"),
        Piece(ADDED, "جديد"),
    ]
    assert differences("", "") == []


def test_what_turns_the_direction_is_known() -> None:
    pieces = differences("abc", "abc \u202edef")
    assert [(piece.text, piece.turns) for piece in pieces] == [
        ("abc", False),
        (" \u202edef", True),
    ]


def test_long_texts_of_few_words_are_shown_one_after_the_other() -> None:
    chance = random.Random(3)
    old, new = (" ".join(chance.choices("abcd", k=10_000)) for _text in range(2))
    assert [piece.kind for piece in differences("x " + old, "x " + new)] in (
        [KEPT, REMOVED, ADDED],
        [KEPT, REMOVED, ADDED, KEPT],
    )
