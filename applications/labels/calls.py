"""The parts of a call for applications, in people's words."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class VersionState(models.TextChoices):
    DRAFT = "draft", _("draft")
    IN_USE = "in_use", _("in use")
    RETIRED = "retired", _("retired")


class QuestionKind(models.TextChoices):
    TEXT = "text", _("one line")
    LONG_TEXT = "long_text", _("text")
    NUMBER = "number", _("number")
    CHOICE = "choice", _("one choice")
    CHOICES = "choices", _("several choices")
    DATE = "date", _("day")
    FILE = "file", _("file")


class Section(models.TextChoices):
    """The chapters of the form, in their order."""

    APPLICANT = "applicant", _("Who you are")
    PROJECT = "project", _("The project")
    SPACE = "space", _("What you need")
    DOCUMENTS = "documents", _("Documents")
