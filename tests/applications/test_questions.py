"""Which questions show, what an answer must be, and what a call lacks: rules without a database."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.questions import (
    Kind,
    Lack,
    Problem,
    Refusal,
    Rule,
    Wording,
    clean,
    cleaned,
    lacks,
    screening,
    shown,
)

VALUES = ("a", "b", "c")
SIGNS = "abz 01259.,-+eé²٣\u202f\u200f\n\x00"
kinds = st.sampled_from(list(Kind))


@st.composite
def _rules(draw: st.DrawFn) -> list[Rule]:
    """Questions that hang, or not, on any earlier one."""
    made: list[Rule] = []
    for number in range(draw(st.integers(1, 6))):
        kind = draw(kinds)
        parent = draw(st.sampled_from([None, *made])) if made else None
        made.append(
            Rule(
                key=f"k{number}",
                kind=kind,
                required=draw(st.booleans()),
                values=VALUES if kind in (Kind.CHOICE, Kind.CHOICES) else (),
                shown_if=parent.key if parent else "",
                shown_if_values=draw(st.frozensets(st.sampled_from(VALUES)))
                if parent
                else frozenset(),
            )
        )
    return made


one_answer = st.one_of(
    st.none(),
    st.sampled_from(VALUES),
    st.text(SIGNS, max_size=20),
    st.lists(st.sampled_from((*VALUES, "x"))),
)
given_answers = st.dictionaries(st.sampled_from([f"k{n}" for n in range(6)]), one_answer)


@given(_rules(), given_answers)
def test_hidden_answers_never_count(rules: list[Rule], answers: dict[str, Any]) -> None:
    """Clean answers are of shown questions only, and showing what hangs on them is stable."""
    visible = shown(rules, answers)
    result = cleaned(rules, answers)
    assert {*result.answers, *result.refused} <= {rule.key for rule in visible}
    assert not result.answers.keys() & result.refused.keys()
    for rule in visible:
        if rule.shown_if:
            assert rule.shown_if in {other.key for other in visible[: visible.index(rule)]}
    # What a hidden question was answered with before changes nothing.
    kept = {rule.key: answers[rule.key] for rule in visible if rule.key in answers}
    assert shown(rules, kept) == visible
    assert cleaned(rules, kept) == result


@given(_rules(), given_answers)
def test_cleaning_twice_is_cleaning_once(rules: list[Rule], answers: dict[str, Any]) -> None:
    first = cleaned(rules, answers)
    again = cleaned(rules, {**answers, **first.answers})
    assert again == first


@given(st.text(SIGNS, max_size=30))
def test_nothing_typed_breaks_the_cleaning(text: str) -> None:
    for kind in Kind:
        if kind != Kind.FILE:
            clean(Rule("k", kind, values=VALUES), text)


@pytest.mark.parametrize(
    ("kind", "typed", "expected"),
    [
        (Kind.TEXT, "  two   words ", "two words"),
        (Kind.TEXT, "x" * 501, Refusal.TOO_LONG),
        (Kind.LONG_TEXT, "é" * 20_000, "é" * 20_000),
        (Kind.LONG_TEXT, "é" * 20_001, Refusal.TOO_LONG),
        (Kind.NUMBER, "1 250,50", "1250.5"),
        (Kind.NUMBER, "12", 12),
        (Kind.NUMBER, "1e9", Refusal.NO_NUMBER),
        (Kind.NUMBER, "douze", Refusal.NO_NUMBER),
        (Kind.DATE, "2026-02-28", "2026-02-28"),
        (Kind.DATE, "2026-02-30", Refusal.NO_DAY),
        (Kind.CHOICE, "b", "b"),
        (Kind.CHOICE, "z", Refusal.NO_CHOICE),
        (Kind.CHOICES, ["c", "a", "c"], ["a", "c"]),
        (Kind.CHOICES, ["a", "z"], Refusal.NO_CHOICE),
        (Kind.CHOICES, [], None),
        (Kind.TEXT, "", None),
    ],
)
def test_each_kind_of_answer(kind: Kind, typed: Any, expected: Any) -> None:
    assert clean(Rule("k", kind, values=VALUES), typed) == expected


def test_who_may_apply() -> None:
    rule = Rule("stage", Kind.CHOICE, values=VALUES, eligible_values=frozenset("ab"))
    assert [clean(rule, answer) for answer in ("a", "c", "z", "")] == [
        "a",
        Refusal.NOT_ELIGIBLE,
        Refusal.NO_CHOICE,
        Refusal.MISSING,
    ]
    assert screening([rule, Rule("k", Kind.TEXT)]) == [rule]


def test_all_that_a_version_lacks_is_named() -> None:
    choice = Rule("sector", Kind.CHOICE, values=VALUES)
    rules = [
        Rule("early", Kind.TEXT, shown_if="sector", shown_if_values=frozenset("a")),
        choice,
        Rule("late", Kind.TEXT, shown_if="sector", shown_if_values=frozenset("z")),
        Rule("none", Kind.TEXT, shown_if="sector"),
        Rule("on_text", Kind.TEXT, shown_if="late", shown_if_values=frozenset("a")),
        Rule("loose", Kind.TEXT, shown_if_values=frozenset("a")),
        Rule("open", Kind.CHOICE, values=("a", "a"), eligible_values=frozenset("b")),
    ]
    words = [
        Wording("label", {"fr": "Secteur", "ar": " "}),
        Wording("help", {"fr": "", "ar": ""}, optional=True),
        Wording("hint", {"fr": "Oui", "ar": ""}, optional=True),
    ]
    found = lacks(rules, keys=["sector", "late", "sector"], words=words, languages=["fr", "ar"])
    assert found == [
        Problem(Lack.WORDS, "label", "ar"),
        Problem(Lack.WORDS, "hint", "ar"),
        Problem(Lack.KEY_TWICE, "sector"),
        Problem(Lack.SHOWN_IF, "early"),
        Problem(Lack.SHOWN_IF_VALUES, "late"),
        Problem(Lack.SHOWN_IF_VALUES, "none"),
        Problem(Lack.SHOWN_IF, "on_text"),
        Problem(Lack.SHOWN_IF, "loose"),
        Problem(Lack.CHOICE_TWICE, "open"),
        Problem(Lack.ELIGIBLE, "open"),
    ]
    assert lacks([choice], keys=["sector"], words=words[:1], languages=["fr"]) == []
