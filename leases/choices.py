from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class LeaseState(models.TextChoices):
    """Human acts. "In notice" and "holding over" derive from dates, never stored."""

    DRAFT = "draft", pgettext_lazy("lease", "draft")
    SIGNED = "signed", pgettext_lazy("lease", "signed")
    ACTIVE = "active", pgettext_lazy("lease", "active")
    ENDED = "ended", pgettext_lazy("lease", "ended")
    CANCELLED = "cancelled", pgettext_lazy("lease", "cancelled")


class VersionAct(models.TextChoices):
    """The human act behind a version of a lease."""

    SIGNED = "signed", pgettext_lazy("lease", "signed")
    ENDED = "ended", pgettext_lazy("lease", "ended")
    IMPORTED = "imported", _("imported")


COUNTING_STATES = (LeaseState.SIGNED, LeaseState.ACTIVE, LeaseState.ENDED)
"""A letting counts in the indicators once its lease is signed."""
