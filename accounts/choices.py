"""The roles of the house. Which rights each has is in `rights.py`."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    DIRECTOR = "director", _("director")
    SITE_MANAGER = "site_manager", _("site manager")
    ADMISSIONS_OFFICER = "admissions_officer", _("admissions officer")
    REVIEWER = "reviewer", _("reviewer")
    FINANCE_OFFICER = "finance_officer", _("finance officer")
    AUDITOR = "auditor", _("auditor")
    ADMINISTRATOR = "administrator", _("administrator")
