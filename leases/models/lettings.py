"""The spaces that a lease lets, and the rent of each: steps, and discounts on them."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.fields import AreaField, PeriodField, RateField, real_period
from core.history import tracked
from leases.choices import DiscountUnit
from leases.models.leases import Lease
from leases.querysets import DiscountQuerySet, LettingQuerySet, RentStepQuerySet
from sites.choices import RateUnit, TenantKind
from sites.models import Booking, Space


@tracked()
class Letting(models.Model):
    """A space let under a lease over a period (location), with the m² agreed at signature.

    `period` is the time the tenant has the space: it follows the booking's (composite key) and
    grows while the lease is holding over. Rent steps cover it without gap or overlap (PERIOD
    foreign keys both ways, made in this app's first migration). No space: domiciliation, or the
    rent of what was merged into the space of another letting, with the m² it is asked for.
    """

    lease = models.ForeignKey(
        Lease, models.PROTECT, related_name="lettings", verbose_name=_("lease")
    )
    space = models.ForeignKey(
        Space,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="lettings",
        verbose_name=_("space"),
    )
    # A draft books nothing, unless an accepted offer's hold stands behind it.
    booking = models.OneToOneField(
        Booking,
        models.DO_NOTHING,
        null=True,
        blank=True,
        related_name="letting",
        verbose_name=_("booking"),
        db_constraint=False,  # the composite key (booking, space, period) is the stronger one
    )
    period = PeriodField(_("period"))
    # A company that grows out of its category gets another letting of the same space.
    tenant_kind = models.CharField(_("kind of tenant"), max_length=16, choices=TenantKind)
    area_m2 = AreaField(_("area, m²"), null=True, blank=True)
    # What the space would bring, where less is asked on purpose (loyer de référence).
    list_rate = RateField(_("list rate, DH per m² and month"), null=True, blank=True)

    objects = LettingQuerySet.as_manager()

    class Meta:
        verbose_name = _("letting")
        verbose_name_plural = _("lettings")
        ordering = ["lease", "id"]
        constraints = [
            real_period("leases_letting_period"),
            models.CheckConstraint(
                condition=Q(space__isnull=True, booking__isnull=True)
                & (Q(area_m2__isnull=True) | Q(area_m2__gt=0))
                | Q(space__isnull=False, area_m2__gt=0),
                name="leases_letting_space_has_area",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lease_id} · {self.space_id} · {self.period}"


@tracked()
class RentStep(models.Model):
    """The rate of a letting over a period: DH per m² and month, or flat per month.

    Steps are changed by delete and insert only, inside a service: the database refuses a gap or
    an overlap.
    """

    letting = models.ForeignKey(
        Letting,
        models.CASCADE,
        related_name="steps",
        verbose_name=_("letting"),
        db_constraint=False,  # the PERIOD key holds it
    )
    period = PeriodField(_("period"))
    unit = models.CharField(_("unit"), max_length=8, choices=RateUnit, default=RateUnit.PER_M2)
    rate = RateField(_("rate, DH"))

    objects = RentStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("rent step")
        verbose_name_plural = _("rent steps")
        ordering = ["letting", "period"]
        constraints = [
            real_period("leases_rentstep_period"),
            models.CheckConstraint(condition=Q(rate__gte=0), name="leases_rentstep_rate"),
        ]

    def __str__(self) -> str:
        return f"{self.rate.normalize():f} DH ({self.period})"


@tracked()
class Discount(models.Model):
    """Less rent over a period, for a reason (remise). Never more than the rent of its days."""

    letting = models.ForeignKey(
        Letting, models.CASCADE, related_name="discounts", verbose_name=_("letting")
    )
    period = PeriodField(_("period"))
    unit = models.CharField(_("unit"), max_length=8, choices=DiscountUnit)
    value = RateField(_("value, percent or DH"))
    reason = models.CharField(_("reason"), max_length=200)

    objects = DiscountQuerySet.as_manager()

    class Meta:
        verbose_name = _("discount")
        verbose_name_plural = _("discounts")
        ordering = ["letting", "period"]
        constraints = [
            real_period("leases_discount_period"),
            models.CheckConstraint(
                condition=Q(value__gt=0) & (~Q(unit=DiscountUnit.PERCENT) | Q(value__lte=100)),
                name="leases_discount_value",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="leases_discount_reason"),
            ExclusionConstraint(
                name="leases_discount_one_at_a_time",
                expressions=[
                    ("letting", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value.normalize():f} {self.get_unit_display()} ({self.period})"
