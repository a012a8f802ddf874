"""How a site bills."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.querysets import HolidayQuerySet, SiteBillingQuerySet
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
    # Délai de réponse d'une relance.
    days_to_answer = models.PositiveSmallIntegerField(
        _("days to answer a reminder"),
        default=8,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text=_("It says by when it is awaited; the next one waits until that day is over."),
    )
    # Letters with invoices and receipts go out by themselves.
    sends_papers = models.BooleanField(
        _("sends invoices by e-mail"),
        default=True,
        help_text=_("To the contacts of a company that receive invoices."),
    )
    sends_receipts = models.BooleanField(
        _("sends receipts by e-mail"),
        default=False,
        help_text=_("For each invoice, once it is settled and its cheques are cleared."),
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
            models.CheckConstraint(
                condition=Q(days_to_answer__gte=1, days_to_answer__lte=60),
                name="billing_sitebilling_days_to_answer",
            ),
        ]

    def __str__(self) -> str:
        return str(self.site)


@tracked()
class Holiday(models.Model):
    """A day that staff say banks work or not, whatever the calendar estimates: the moon decides.

    `billing.due_dates` knows the others.
    """

    day = models.DateField(_("day"), unique=True)
    is_holiday = models.BooleanField(_("public holiday"), default=True)
    name = models.CharField(_("name"), max_length=100, blank=True)

    objects = HolidayQuerySet.as_manager()

    class Meta:
        verbose_name = _("public holiday")
        verbose_name_plural = _("public holidays")
        ordering = ["-day"]

    def __str__(self) -> str:
        return self.name or str(self.day)
