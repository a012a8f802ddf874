"""What a lease charges: the rent of each letting, and what comes beside it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.fields import PeriodField, RateField
from core.history import tracked
from leases.choices import BillingTerm, ChargeKind, ChargeUnit
from leases.models.leases import Lease
from leases.models.lettings import Letting
from leases.querysets import ChargeQuerySet
from sites.choices import VatSubject

_IS_RENT = Q(kind=ChargeKind.RENT)


@tracked()
class Charge(models.Model):
    """One thing that is billed, with its rhythm. It keeps its id for life: bills refer to it.

    A letting owns one charge of rent, whose days and rates are the letting's steps. Any other
    (charges locatives, parking, a one-off item) has a period and a rate of its own, and belongs to
    a letting or, `letting` empty, to the lease. Written by `leases.services.writing`.
    """

    lease = models.ForeignKey(
        Lease, models.PROTECT, related_name="charges", verbose_name=_("lease")
    )
    letting = models.ForeignKey(
        Letting,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="charges",
        verbose_name=_("letting"),
    )
    # Walls moved, or the lease was assigned: what it was first. The charges of one lease that go on
    # from the same one are billed as one.
    continues = models.ForeignKey(
        "self",
        models.DO_NOTHING,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("follows"),
        db_constraint=False,  # it joins them also where the first one is gone
    )
    kind = models.CharField(_("kind"), max_length=10, choices=ChargeKind)
    label = models.CharField(_("label"), max_length=120, blank=True)
    period = PeriodField(_("period"), null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=8, choices=ChargeUnit, blank=True)
    rate = RateField(_("rate, DH"), null=True, blank=True)
    months = models.PositiveSmallIntegerField(
        _("billed"), choices=BillingTerm, default=BillingTerm.MONTH
    )
    in_advance = models.BooleanField(_("in advance"), default=True)
    # Of the lessor's VAT rules; empty: nobody said.
    vat_subject = models.CharField(_("VAT as for"), max_length=16, choices=VatSubject, blank=True)

    objects = ChargeQuerySet.as_manager()

    class Meta:
        verbose_name = _("charge")
        verbose_name_plural = _("charges")
        ordering = ["lease", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["letting"], condition=_IS_RENT, name="leases_charge_one_rent"
            ),
            models.CheckConstraint(
                condition=(
                    _IS_RENT & Q(letting__isnull=False, period__isnull=True, rate__isnull=True)
                )
                | (
                    ~_IS_RENT
                    & Q(period__isempty=False, period__startswith__isnull=False, rate__isnull=False)
                    & ~Q(unit="")
                ),
                name="leases_charge_rent_is_the_lettings",
            ),
            models.CheckConstraint(
                condition=Q(months__in=BillingTerm.values), name="leases_charge_months"
            ),
        ]

    def __str__(self) -> str:
        return self.label or str(self.get_kind_display())
