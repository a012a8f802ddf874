"""Which sites have to do with a company."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from sites.models import Site
from tenants.models.companies import Company
from tenants.querysets import PresenceQuerySet


@tracked()
class Presence(models.Model):
    """That a company has to do with a site: whose staff see more than its card.

    Written by `tenants.services.note_presence` when an application or a lease appears.
    """

    company = models.ForeignKey(
        Company, models.CASCADE, related_name="presences", verbose_name=_("company")
    )
    site = models.ForeignKey(Site, models.PROTECT, related_name="presences", verbose_name=_("site"))
    since = models.DateField(_("since"))

    objects = PresenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        ordering = ["company", "site"]
        constraints = [
            models.UniqueConstraint(fields=["company", "site"], name="tenants_presence_once"),
        ]

    def __str__(self) -> str:
        return f"{self.company_id} @ {self.site_id}"
