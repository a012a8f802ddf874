"""How a site bills."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.querysets import SiteBillingQuerySet
from core.history import tracked
from sites.models import Site


@tracked()
class SiteBilling(models.Model):
    """From when on a site bills here, and how. Nothing earlier is ever proposed.

    `billing.services.settings` is the door.
    """

    site = models.OneToOneField(
        Site, models.PROTECT, related_name="billing", verbose_name=_("site")
    )
    starts_on = models.DateField(
        _("billing starts on"),
        help_text=_("The first day that is billed here; what is older stays in the old system."),
    )
    drafted_on = models.PositiveSmallIntegerField(
        _("next month's run is drafted on day"),
        default=20,
        validators=[MinValueValidator(1), MaxValueValidator(28)],
    )
    issues_by_itself = models.BooleanField(
        _("issued by itself on the 1st"),
        default=False,
        help_text=_("Leases with anomalies, or changed since the preview, are left out."),
    )
    # Délai de paiement: law 69-21 allows 60 days, 120 at most where agreed.
    payment_days = models.PositiveSmallIntegerField(
        _("days to pay"), default=10, validators=[MaxValueValidator(120)]
    )

    objects = SiteBillingQuerySet.as_manager()

    class Meta:
        verbose_name = _("billing of a site")
        verbose_name_plural = _("billing of sites")
        ordering = ["site"]
        constraints = [
            models.CheckConstraint(
                condition=Q(drafted_on__gte=1, drafted_on__lte=28),
                name="billing_sitebilling_drafted_on",
            ),
            models.CheckConstraint(
                condition=Q(payment_days__lte=120), name="billing_sitebilling_payment_days"
            ),
        ]

    def __str__(self) -> str:
        return str(self.site)
