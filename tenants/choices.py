from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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


class DeclaredStatus(models.TextChoices):
    """What became of a company (devenir de l'entreprise)."""

    TRADING = "trading", pgettext_lazy("company", "trading")
    MERGED = "merged", pgettext_lazy("company", "merged")
    ACQUIRED = "acquired", pgettext_lazy("company", "acquired")
    CLOSED = "closed", pgettext_lazy("company", "closed")
    UNKNOWN = "unknown", pgettext_lazy("company", "unknown")

    @property
    def ends(self) -> bool:
        """There is no such company any more: nothing is left to ask."""
        return self in {self.MERGED, self.ACQUIRED, self.CLOSED}


class SaidBy(models.TextChoices):
    COMPANY = "company", _("the company")
    STAFF = "staff", _("our staff")


class Closing(models.TextChoices):
    """Why a follow-up is over."""

    CAME_BACK = "came_back", _("the company came back")
    STILL_THERE = "still_there", _("the exit was taken back")
    MERGED = "merged", _("two records became one")
    SUCCEEDED = "succeeded", _("another company succeeded it")
    NOTHING_MORE = "nothing_more", _("nothing more to ask")
