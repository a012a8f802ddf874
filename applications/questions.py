"""The questions of a call: which show, what an answer must be, who may apply, what a call lacks.

Pure. An answer as typed is text, or a list of texts for several choices; a clean one is text, a
whole number or a decimal as text, a list of values, or an ISO day. Refusals are codes; their words
stand in `labels.calls`.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Final

LONGEST_LINE: Final = 500
LONGEST_TEXT: Final = 20_000
"""Characters: as many as the project's description may have."""
LARGEST: Final = Decimal(10) ** 15


class Kind(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    CHOICE = "choice"
    CHOICES = "choices"
    DATE = "date"
    FILE = "file"  # a document under the question's key: its answer is no text


CHOSEN: Final = frozenset({Kind.CHOICE, Kind.CHOICES})


class Refusal(StrEnum):
    """What is wrong with an answer."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    NO_NUMBER = "no_number"
    NO_DAY = "no_day"
    NO_CHOICE = "no_choice"
    NOT_ELIGIBLE = "not_eligible"


class Lack(StrEnum):
    """What keeps a version of a call from being put in use."""

    WORDS = "words"
    KEY_TWICE = "key_twice"
    CHOICE_TWICE = "choice_twice"
    SHOWN_IF = "shown_if"
    SHOWN_IF_VALUES = "shown_if_values"
    ELIGIBLE = "eligible"


@dataclass(frozen=True, slots=True)
class Rule:
    """What is asked under a key. `values`: of a choice, those that can be chosen."""

    key: str
    kind: Kind
    required: bool = False
    values: tuple[str, ...] = ()
    shown_if: str = ""
    shown_if_values: frozenset[str] = frozenset()
    eligible_values: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The good answers, and why each other one is refused."""

    answers: dict[str, Any]
    refused: dict[str, Refusal]


@dataclass(frozen=True, slots=True)
class Wording:
    """A text that people read in several languages; `where` says which, for the staff."""

    where: str
    words: Mapping[str, str]
    optional: bool = False
    """Whether it may be missing in every language."""


@dataclass(frozen=True, slots=True)
class Problem:
    lack: Lack
    where: str
    language: str = ""


def shown(rules: Iterable[Rule], answers: Mapping[str, Any]) -> list[Rule]:
    """The questions to show, in their order, when `answers` (typed or clean) are given.

    What hangs on a question that is itself hidden is hidden, whatever was answered before.
    """
    chosen: dict[str, frozenset[str]] = {}
    found = []
    for rule in rules:
        if rule.shown_if and not (chosen.get(rule.shown_if, frozenset()) & rule.shown_if_values):
            continue
        found.append(rule)
        if rule.kind in CHOSEN:
            chosen[rule.key] = _chosen(rule, answers.get(rule.key))
    return found


def cleaned(rules: Iterable[Rule], answers: Mapping[str, Any]) -> Cleaned:
    """The answers to the questions shown, each clean or refused; others are dropped."""
    result = Cleaned({}, {})
    for rule in shown(rules, answers):
        if rule.kind == Kind.FILE:
            continue
        value = clean(rule, answers.get(rule.key))
        if isinstance(value, Refusal):
            result.refused[rule.key] = value
        elif value is not None:
            result.answers[rule.key] = value
    return result


def clean(rule: Rule, given: Any) -> Any:
    """The clean answer, None for no answer, or the Refusal."""
    if rule.kind == Kind.CHOICES:
        return _clean_choices(rule, given)
    text = _text(given)
    if not text:
        return Refusal.MISSING if rule.required or rule.eligible_values else None
    value = _CLEAN[rule.kind](rule, text)
    if rule.eligible_values and value not in rule.eligible_values and value != Refusal.NO_CHOICE:
        return Refusal.NOT_ELIGIBLE
    return value


def screening(rules: Sequence[Rule]) -> list[Rule]:
    """The questions that tell who may apply."""
    return [rule for rule in rules if rule.eligible_values]


def lacks(
    rules: Sequence[Rule],
    *,
    keys: Iterable[str],
    words: Iterable[Wording],
    languages: Iterable[str],
) -> list[Problem]:
    """All that keeps a version from being put in use. `keys`: of everything it asks for."""
    asked = list(languages)
    return [*_wordless(words, asked), *_twice(keys), *_unruly(rules)]


def _wordless(words: Iterable[Wording], languages: list[str]) -> Iterable[Problem]:
    for wording in words:
        if wording.optional and not any(text.strip() for text in wording.words.values()):
            continue
        for language in languages:
            if not wording.words.get(language, "").strip():
                yield Problem(Lack.WORDS, wording.where, language)


def _twice(keys: Iterable[str]) -> Iterable[Problem]:
    known: set[str] = set()
    for key in keys:
        if key in known:
            yield Problem(Lack.KEY_TWICE, key)
        known.add(key)


def _unruly(rules: Sequence[Rule]) -> Iterable[Problem]:
    earlier: dict[str, Rule] = {}
    for rule in rules:
        if len(set(rule.values)) < len(rule.values):
            yield Problem(Lack.CHOICE_TWICE, rule.key)
        if not rule.eligible_values <= set(rule.values):
            yield Problem(Lack.ELIGIBLE, rule.key)
        if rule.shown_if:
            other = earlier.get(rule.shown_if)
            if other is None or other.kind not in CHOSEN:
                yield Problem(Lack.SHOWN_IF, rule.key)
            elif not rule.shown_if_values or not rule.shown_if_values <= set(other.values):
                yield Problem(Lack.SHOWN_IF_VALUES, rule.key)
        elif rule.shown_if_values:
            yield Problem(Lack.SHOWN_IF, rule.key)
        earlier[rule.key] = rule


def _chosen(rule: Rule, answer: Any) -> frozenset[str]:
    """The values that an answer to a question with choices names."""
    if rule.kind == Kind.CHOICES and isinstance(answer, (list, tuple)):
        return frozenset(_text(value) for value in answer) - {""}
    return frozenset({_text(answer)}) - {""}


def _text(value: Any) -> str:
    """An answer as text; what is no text and no number says nothing."""
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, (int, Decimal)) else ""


def _clean_choices(rule: Rule, given: Any) -> Any:
    chosen = _chosen(rule, given)
    if not chosen:
        return Refusal.MISSING if rule.required else None
    if not chosen <= set(rule.values):
        return Refusal.NO_CHOICE
    return [value for value in rule.values if value in chosen]


def _clean_line(_rule: Rule, text: str) -> Any:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_LINE else Refusal.TOO_LONG


def _clean_text(_rule: Rule, text: str) -> Any:
    text = text.replace("\r\n", "\n")
    return text if len(text) <= LONGEST_TEXT else Refusal.TOO_LONG


def _clean_number(_rule: Rule, text: str) -> Any:
    plain = re.sub(r"[\s\u00a0\u202f]", "", text).replace(",", ".")
    if not re.fullmatch(r"[+-]?\d{1,16}(\.\d{1,6})?", plain):
        return Refusal.NO_NUMBER
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return Refusal.NO_NUMBER
    if abs(number) > LARGEST:
        return Refusal.NO_NUMBER
    return int(number) if number == number.to_integral_value() else f"{number.normalize():f}"


def _clean_day(_rule: Rule, text: str) -> Any:
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        return Refusal.NO_DAY


def _clean_choice(rule: Rule, text: str) -> Any:
    return text if text in rule.values else Refusal.NO_CHOICE


_CLEAN: Final = {
    Kind.TEXT: _clean_line,
    Kind.LONG_TEXT: _clean_text,
    Kind.NUMBER: _clean_number,
    Kind.DATE: _clean_day,
    Kind.CHOICE: _clean_choice,
}
