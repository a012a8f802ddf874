"""A call's own questions as form fields; what their answers must be is in `questions`."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import escape

from applications.labels import REFUSALS
from applications.models import Question
from applications.questions import Kind, Refusal, clean

PREFIX: Final = "q_"
"""Before a question's key: no question can take the place of a field of ours."""


class AnswerField(forms.Field):
    """The answer to one question."""

    def __init__(self, question: Question) -> None:
        self.rule = question.rule
        super().__init__(
            label=question.label,
            help_text=escape(question.help),  # the fields' template takes it for markup
            required=self.rule.required or bool(self.rule.eligible_values),
            widget=_widget(question),
        )

    def clean(self, value: Any) -> Any:
        answer = clean(self.rule, value)
        if isinstance(answer, Refusal):
            raise ValidationError(str(REFUSALS[answer]), code=answer)
        return answer


def fields_of(questions: Iterable[Question]) -> dict[str, forms.Field]:
    """By the name of the field; files are documents, and have none."""
    return {
        f"{PREFIX}{question.key}": AnswerField(question)
        for question in questions
        if question.kind != Kind.FILE
    }


def given_in(typed: Mapping[str, Any]) -> dict[str, Any]:
    """The answers to a call's own questions, by key, out of all that was typed."""
    return {
        name.removeprefix(PREFIX): value for name, value in typed.items() if name.startswith(PREFIX)
    }


def _widget(question: Question) -> forms.Widget:
    match question.kind:
        case Kind.CHOICE:
            return forms.RadioSelect(choices=question.options)
        case Kind.CHOICES:
            return forms.CheckboxSelectMultiple(choices=question.options)
        case Kind.LONG_TEXT:
            return forms.Textarea({"rows": 5, "dir": "auto"})
        case Kind.DATE:
            return forms.DateInput({"type": "date"}, format="%Y-%m-%d")
        case Kind.NUMBER:
            return forms.TextInput({"inputmode": "decimal"})
        case _:
            return forms.TextInput({"dir": "auto"})
