"""English words of two meanings are told apart in the other languages."""

from typing import Any

import pytest
from django.utils.translation import override

from applications.labels import LetterState, QuestionKind, ReviewState, TransferState
from applications.models import Review, Transfer, Transition
from core.models import Message
from leases.models import Lease


def name(model: Any, field: str) -> str:
    return str(model._meta.get_field(field).verbose_name)


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_one_english_word_of_two_meanings_has_two_translations(language: str) -> None:
    with override(language):
        apart = [
            (name(Message, "due_at"), name(Review, "due_on")),
            (name(Message, "sent_at"), LetterState.SENT.label),
            (name(Review, "submitted_at"), ReviewState.SUBMITTED.label),
            (name(Transfer, "source"), name(Transition, "source")),
            (name(Lease, "number"), QuestionKind.NUMBER.label),
        ]
        assert [pair for pair in apart if pair[0] == pair[1]] == []


def test_states_agree_with_what_they_are_said_of() -> None:
    with override("fr"):
        said = [str(label) for label in TransferState.labels]
    assert said == ["en cours", "effectué", "refusé", "annulé"]
