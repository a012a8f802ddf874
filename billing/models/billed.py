"""Which days of which charge are billed: what makes it impossible to bill one twice."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.choices import LineSide
from billing.models.invoices import InvoiceLine
from billing.querysets import BilledPeriodQuerySet, SettledQuerySet
from core.fields import PeriodField, real_period
from leases.models import Lease


class BilledPeriod(models.Model):
    """Days of a charge that an issued line bears; never two lines one day (exclusion constraint).

    Not frozen: a cancelling credit of the whole deletes it, one of some days trims it, and they may
    be billed again; a goodwill credit leaves it. `billing.services.issuing` and
    `billing.services.crediting` are the doors.
    """

    lease = models.ForeignKey(Lease, models.PROTECT, related_name="+", verbose_name=_("lease"))
    charge_id = models.BigIntegerField(_("charge"))
    side = models.PositiveSmallIntegerField(_("side"), choices=LineSide)
    period = PeriodField(_("period"))
    # From which day on it was asked for (`leases.rent.Line.due_on`).
    due_on = models.DateField(_("due on"))
    line = models.ForeignKey(
        InvoiceLine, models.PROTECT, related_name="billed_periods", verbose_name=_("line")
    )

    objects = BilledPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("billed period")
        verbose_name_plural = _("billed periods")
        constraints = [
            real_period("billing_billedperiod_period"),
            ExclusionConstraint(
                name="billing_billedperiod_a_day_once",
                expressions=[
                    ("charge_id", RangeOperators.EQUAL),
                    ("side", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.charge_id} · {self.period}"


class Settled(models.Model):
    """That all of a lease that fell due by a day is billed, by the terms that it had then.

    Only a memory, so that a run need not look at every month since ever: an act on the lease makes
    another `stamp`, and a credit forgets the row. `billing.services.settling` writes it.
    """

    lease = models.OneToOneField(
        Lease, models.CASCADE, primary_key=True, related_name="+", verbose_name=_("lease")
    )
    through = models.DateField(_("through"))
    # The lease's state and last version (`billing.selectors.settled.STAMP`).
    stamp = models.CharField(_("stamp"), max_length=24)
    # Nothing will fall due any more.
    closed = models.BooleanField(_("closed"), default=False)

    objects = SettledQuerySet.as_manager()

    class Meta:
        verbose_name = _("settled lease")
        verbose_name_plural = _("settled leases")

    def __str__(self) -> str:
        return f"{self.lease_id} · {self.through}"
