"""The braces of a letter: known ones are filled, anything else is found before it is saved."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.labels import LetterKind
from applications.placeholders import EVERYWHERE, OWN, known
from core.placeholders import fill, unknown

KINDS = st.sampled_from(list(LetterKind))
WORDS = st.text(st.characters(exclude_characters="{}", exclude_categories=["Cs"]))


def test_every_kind_of_letter_has_its_names() -> None:
    assert set(OWN) == set(LetterKind)
    assert known("waitlist") == (*EVERYWHERE, "until")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Dear {contact}, {{braces}} and {reference}", []),
        ("{until} {Until} {until.year} {0} {} {until!r}", ["{until}", *"{}"]),
        ("{contact", ["{"]),
        ("contact}", ["}"]),
        ("{{contact}", ["}"]),
        ("{rent} {rent}", ["{rent}"]),
    ],
)
def test_unknown_names_and_lone_braces_are_found(text: str, found: list[str]) -> None:
    assert unknown(text, known("admit")) == found


def test_a_line_with_nothing_to_say_is_left_out() -> None:
    text = "Waiting.\nUntil {until}.\n{until}\nSee {link} {until}\n\nBye"
    values = {"until": "", "link": "L"}
    assert fill(text, values) == "Waiting.\nSee L \n\nBye"
    assert fill(text, {**values, "until": "May"}) == "Waiting.\nUntil May.\nMay\nSee L May\n\nBye"


def test_nothing_but_names_is_filled() -> None:
    with pytest.raises(KeyError):
        fill("{link}", {"until": ""})
    with pytest.raises(ValueError, match="lone"):
        fill("{link.__class__}", {"link": "x"})


@given(KINDS, st.lists(st.tuples(WORDS, st.sampled_from(EVERYWHERE))), st.text(min_size=1))
def test_what_is_known_is_filled_with_values_as_they_are(
    kind: str, parts: list[tuple[str, str]], value: str
) -> None:
    text = "".join(f"{words}{{{name}}}" for words, name in parts)
    assert unknown(text, known(kind)) == []
    filled = fill(text, dict.fromkeys(EVERYWHERE, value))
    assert filled == "".join(f"{words}{value}" for words, _name in parts)


@given(st.text())
def test_doubling_the_braces_says_any_text_as_it_is(text: str) -> None:
    doubled = text.replace("{", "{{").replace("}", "}}")
    assert unknown(doubled, known("admit")) == []
    assert fill(doubled, {}) == text


@given(KINDS, st.text(alphabet="{}abc_link\n"))
def test_what_is_not_found_unknown_can_be_filled(kind: str, text: str) -> None:
    if unknown(text, known(kind)) == []:
        fill(text, dict.fromkeys(known(kind), "x"))
