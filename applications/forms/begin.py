"""Beginning an application: may one apply, and where does the way back go."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.forms.questions import fields_of
from applications.forms.spam import PeopleForm
from applications.models import CallVersion, Question
from applications.questions import screening, shown
from applications.selectors.calls import rules_of


class EligibilityForm(forms.Form):
    """The questions that tell who may apply; nothing of it is kept."""

    def __init__(self, *args: Any, questions: Iterable[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(fields_of(questions))


class BeginForm(PeopleForm):
    """An address for the way back, and the consent to keep what is typed."""

    email = forms.EmailField(
        label=_("e-mail"),
        help_text=_(
            "The way back to your application goes there, and later the code that opens your file."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    keep = forms.BooleanField(
        label=_("I agree that what I type is kept, so that I can go on with it later."),
        error_messages={
            "required": _("We may keep what you type only with your consent."),
        },
    )


def eligibility_questions(version: CallVersion | None, answers: dict[str, Any]) -> list[Question]:
    """The questions to ask before an application is begun, given the answers so far."""
    asked = {rule.key for rule in shown(screening(rules_of(version)), answers)}
    return [row for row in version.questions.all() if row.key in asked] if version else []
