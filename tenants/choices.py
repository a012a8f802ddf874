from django.db import models
from django.utils.translation import gettext_lazy as _


class LegalForm(models.TextChoices):
    """Formes juridiques in Morocco; a project holder has none yet."""

    NONE = "none", _("none yet (project)")
    SOLE = "pp", _("personne physique")
    SELF_EMPLOYED = "ae", _("auto-entrepreneur")
    SARL = "sarl", "SARL"
    SARL_AU = "sarl_au", "SARL AU"
    SA = "sa", "SA"
    SAS = "sas", "SAS"
    SNC = "snc", "SNC"
    SCS = "scs", "SCS"
    SCA = "sca", "SCA"
    GIE = "gie", "GIE"
    COOPERATIVE = "coop", _("coopérative")
    ASSOCIATION = "asso", _("association")
    OTHER = "other", _("other")
