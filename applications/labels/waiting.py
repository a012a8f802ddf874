"""Why a space does not suit somebody on the waiting list, in people's words."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Misfit(models.TextChoices):
    TOO_SMALL = "too_small", _("too small")
    TOO_LARGE = "too_large", _("too large")
    KIND = "kind", _("not for this kind of tenant")
    LATER = "later", _("wants to come later")
