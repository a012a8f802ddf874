"""How texts and questions are folded into words."""

import pytest

from applications.folding import LONGEST, MOST, Term, asked, indexable, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("L'Énergie solaire à Œuvrer", "l energie solaire a oeuvrer"),
        ("<b title='où'>**été**</b>", "b title ou ete b"),
        ("المُقَاوَلَةُ النّاشئة", "مقاوله ناشيه"),
        ("مقـــاولة إلى أعلى", "مقاوله الي اعلي"),
        ("👩‍🔬 pro\u200fjet \u202eirrigation\u202c", "projet irrigation"),
        ("٢٠٢٦ ﬁn ﷲ", "2026 fin له"),
        ("الري والري للري بالمال ال", "ري ري ري مال ال"),
        ("contact@demo-a.example", "contact demo a example"),
        ("snake_case; a|b & !c:*", "snake case a b c"),
        ("", ""),
    ],
)
def test_words_are_folded(text: str, found: str) -> None:
    assert words(text) == found.split()


def test_long_texts_keep_every_word_once_and_endless_ones_are_cut() -> None:
    assert indexable(["b a", "b"]) == "b a b"
    assert indexable(["encore " * 30_000, "fin"]) == "encore fin"
    assert len(indexable([" ".join(f"mot{number}" for number in range(60_000))])) == MOST
    assert words("x" * 500) == ["x" * LONGEST]


def test_questions_become_alternatives_of_terms() -> None:
    assert asked('"Côté eau" -pompe قطرة or A2026-00') == [
        [
            Term(("cote", "eau"), arabic=False),
            Term(("pompe",), arabic=False, excluded=True),
            Term(("قطره",), arabic=True),
        ],
        [Term(("a2026", "00"), arabic=False, unfinished=True)],
    ]
    assert asked("énerg ") == [[Term(("energ",), arabic=False, unfinished=True)]]
    assert asked('  "!!" ou - OR 🙂 ') == []
