"""What a font lacks is said in words."""

from hypothesis import given, settings
from hypothesis import strategies as st

from core.glyphs import speak
from core.typesetting import typeset

KNOWN = frozenset(map(ord, "abcé "))


def test_what_is_not_known_is_named_and_nothing_is_lost() -> None:
    assert speak("aé\r\n🙂\u200d❤\ufe0f\x07\u200f", KNOWN) == (
        "aé\n[slightly smiling face]\u200d[heavy black heart][U+0007]\u200f"
    )


@settings(max_examples=30, deadline=None)  # the first one reads the fonts
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_any_text_can_be_set_and_known_characters_stay_in_place(text: str) -> None:
    spoken = speak(text, KNOWN)
    kept = [character for character in text if ord(character) in KNOWN]
    left = iter(spoken)
    assert all(character in left for character in kept)
    card = {"title": text, "card": [[text, text]], "chapters": [], "documents": [], "trail": []}
    assert typeset("applications/pdf/file.typ", card).startswith(b"%PDF-")
