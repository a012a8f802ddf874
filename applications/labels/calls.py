"""The parts of a call for applications, in people's words."""

from typing import Final

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.questions import Kind, Lack, Refusal


class VersionState(models.TextChoices):
    DRAFT = "draft", _("draft")
    IN_USE = "in_use", _("in use")
    RETIRED = "retired", _("retired")


class QuestionKind(models.TextChoices):
    TEXT = Kind.TEXT.value, _("one line")
    LONG_TEXT = Kind.LONG_TEXT.value, _("text")
    NUMBER = Kind.NUMBER.value, pgettext_lazy("kind of answer", "number")
    CHOICE = Kind.CHOICE.value, _("one choice")
    CHOICES = Kind.CHOICES.value, _("several choices")
    DATE = Kind.DATE.value, _("day")
    FILE = Kind.FILE.value, _("file")


class Section(models.TextChoices):
    """The chapters of the form, in their order."""

    APPLICANT = "applicant", _("Who you are")
    PROJECT = "project", _("The project")
    SPACE = "space", _("What you need")
    DOCUMENTS = "documents", _("Documents")


REFUSALS: Final[dict[Refusal, str | Promise]] = {
    Refusal.MISSING: _("This field is required."),
    Refusal.TOO_LONG: _("This is too long."),
    Refusal.NO_NUMBER: _("Enter a number."),
    Refusal.NO_DAY: _("Enter a valid date."),
    Refusal.NO_CHOICE: _("Choose one of the answers."),
    Refusal.NOT_ELIGIBLE: _("With this answer one cannot apply here."),
}
LACKS: Final[dict[Lack, str | Promise]] = {
    Lack.WORDS: _("%(where)s: the words in %(language)s are missing."),
    Lack.KEY_TWICE: _("%(where)s: this key stands there twice."),
    Lack.CHOICE_TWICE: _("%(where)s: one of its choices stands there twice."),
    Lack.SHOWN_IF: _("%(where)s: it can only hang on an earlier question with choices."),
    Lack.SHOWN_IF_VALUES: _("%(where)s: name answers of the question it hangs on."),
    Lack.ELIGIBLE: _("%(where)s: its eligible answers are not among its choices."),
}
