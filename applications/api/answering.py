"""What clients answer to a request for information, on the applicant's own word."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from accounts.models import User
from applications.api.files import wrong_names
from applications.errors import NotAsked
from applications.forms import PREFIX, Asked, asked_of
from applications.models import Application
from applications.services import requests


def answer_request(file: Application, user: User, given: dict[str, Any]) -> None:
    """Each thing that was asked has to be named: one that is left out would be emptied, or kept
    without a word. Raises ValidationError by name, and what the service raises."""
    asked = asked_of(file)
    if asked is None:
        # Answered already, or never asked: the service says which.
        requests.answer_request(application=file, changes={}, acting_user=user)
        return
    form = asked.form(file, _typed(asked, given))
    if not form.is_valid():
        raise ValidationError(wrong_names(form.errors))
    requests.answer_request(
        application=file, changes=form.changes(), answers=form.own_answers(), acting_user=user
    )


def _typed(asked: Asked, given: dict[str, Any]) -> dict[str, Any]:
    answers, questions = given.get("answers", {}), given.get("questions", {})
    wrong = _differ(asked.fields, answers) | {
        f"questions.{key}": why for key, why in _differ(asked.own_questions, questions).items()
    }
    if wrong:
        raise ValidationError(wrong)
    return {**answers, **{f"{PREFIX}{key}": value for key, value in questions.items()}}


def _differ(wanted: Iterable[str], given: dict[str, Any]) -> dict[str, list[str]]:
    left_out = {name: [_("This was asked for.")] for name in wanted if name not in given}
    return left_out | {name: [str(NotAsked.text)] for name in given if name not in set(wanted)}
