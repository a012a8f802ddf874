from django.db import models
from django.utils.translation import gettext_lazy as _


class LeaseState(models.TextChoices):
    """Human acts. "In notice" and "holding over" derive from dates, never stored."""

    DRAFT = "draft", _("draft")
    SIGNED = "signed", _("signed")
    ACTIVE = "active", _("active")
    ENDED = "ended", _("ended")
    CANCELLED = "cancelled", _("cancelled")


COUNTING_STATES = (LeaseState.SIGNED, LeaseState.ACTIVE, LeaseState.ENDED)
"""A letting counts in the indicators once its lease is signed."""
