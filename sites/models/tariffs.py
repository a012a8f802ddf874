"""Rate plans: what a tenant of a kind pays per m² (or flat) at a site, stepped, dated."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.fields import PeriodField, RateField, real_period
from core.history import tracked
from sites.choices import RateUnit, TenantKind
from sites.models.places import Site
from sites.querysets import RatePlanQuerySet, RatePlanStepQuerySet


@tracked()
class RatePlan(models.Model):
    """The plan offered at a site to one kind of tenant while `period` lasts.

    An offer freezes its steps, a lease copies them: a later plan changes no signed rent.
    """

    site = models.ForeignKey(
        Site, models.PROTECT, related_name="rate_plans", verbose_name=_("site")
    )
    tenant_kind = models.CharField(_("kind of tenant"), max_length=16, choices=TenantKind)
    period = PeriodField(_("offered"))
    unit = models.CharField(_("unit"), max_length=8, choices=RateUnit, default=RateUnit.PER_M2)
    deposit_months = models.DecimalField(
        _("deposit, months of rent"), max_digits=4, decimal_places=2, default=0
    )
    # Sixty months for start-ups: a warning, never a block.
    maximum_stay_months = models.PositiveSmallIntegerField(
        _("maximum stay, months"), null=True, blank=True
    )

    objects = RatePlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("rate plan")
        verbose_name_plural = _("rate plans")
        ordering = ["site", "tenant_kind", "period"]
        constraints = [
            real_period("sites_rateplan_period"),
            ExclusionConstraint(
                name="sites_rateplan_one_at_a_time",
                expressions=[
                    ("site", RangeOperators.EQUAL),
                    ("tenant_kind", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_(
                    "The site has another plan for this kind of tenant on some of these days: "
                    "give that one a last day first."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site_id and self.site.code} · {self.get_tenant_kind_display()}"


@tracked()
class RatePlanStep(models.Model):
    """From `after_months` months of stay on, this rate (start-up: 50 at 0, 100 at 18)."""

    plan = models.ForeignKey(
        RatePlan, models.CASCADE, related_name="steps", verbose_name=_("rate plan")
    )
    after_months = models.PositiveSmallIntegerField(_("after, months"))
    rate = RateField(_("rate, DH"))

    objects = RatePlanStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("rent step")
        verbose_name_plural = _("rent steps")
        ordering = ["plan", "after_months"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "after_months"], name="sites_rateplanstep_once"
            ),
            models.CheckConstraint(condition=Q(rate__gte=0), name="sites_rateplanstep_rate"),
        ]

    def __str__(self) -> str:
        return f"{self.after_months} → {self.rate.normalize():f} DH"
