"""Rent runs: what is proposed for each lease of a site, looked at, then issued."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing.choices import ItemState, RunState
from billing.querysets import RentRunQuerySet, RunItemQuerySet
from core.fields import MoneyField
from core.history import tracked
from leases.models import Lease
from sites.models import Site


@tracked()
class RentRun(models.Model):
    """What a site's leases make due by the end of a month and is not billed (quittancement).

    One is open at a time for a site. `billing.services.runs` is the door.
    """

    site = models.ForeignKey(Site, models.PROTECT, related_name="rent_runs", verbose_name=_("site"))
    # The first day of the month; what falls due by its last day is billed.
    month = models.DateField(_("month"))
    state = models.CharField(
        _("state"), max_length=10, choices=RunState, default=RunState.COMPUTING
    )
    # How far computing has come: of so many leases, the id of the last one looked at.
    leases = models.PositiveIntegerField(_("leases"), default=0)
    looked_at = models.PositiveIntegerField(_("looked at"), default=0)
    reached = models.BigIntegerField(default=0, editable=False)
    drafted_at = models.DateTimeField(pgettext_lazy("run", "drafted"))
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    issued_at = models.DateTimeField(pgettext_lazy("run", "issued"), null=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("issued by"),
    )

    objects = RentRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("rent run")
        verbose_name_plural = _("rent runs")
        ordering = ["-month", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["site"],
                condition=~Q(state__in=[RunState.ISSUED, RunState.DROPPED]),
                name="billing_rentrun_one_open",
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="billing_rentrun_month"),
        ]

    def __str__(self) -> str:
        return f"{self.site.code} {self.month:%Y-%m}"


class RunItem(models.Model):
    """A lease in a run: what the preview showed, and what came of it.

    `proposal` is what `billing.proposing.as_json` writes, `digest` its SHA-256: what is issued is
    exactly that, or nothing. `was` is what the lease was billed the month before, without tax.
    """

    run = models.ForeignKey(
        RentRun, models.CASCADE, related_name="items", db_index=False, verbose_name=_("run")
    )
    lease = models.ForeignKey(Lease, models.PROTECT, related_name="+", verbose_name=_("lease"))
    state = models.CharField(
        _("state"), max_length=10, choices=ItemState, default=ItemState.PROPOSED
    )
    proposal = models.JSONField(_("proposal"))
    digest = models.CharField("SHA-256", max_length=64)
    net = MoneyField(_("excl. tax"))
    vat = MoneyField(_("VAT"))
    was = MoneyField(_("month before, excl. tax"))
    changes = ArrayField(models.CharField(max_length=10), verbose_name=_("changes"))
    anomalies = ArrayField(models.CharField(max_length=14), verbose_name=_("anomalies"))
    # Why it was left out and by whom, or what failed and what to do.
    note = models.CharField(_("note"), max_length=500, blank=True)
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    objects = RunItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("lease in a run")
        verbose_name_plural = _("leases in a run")
        ordering = ["run", "lease"]
        constraints = [
            models.UniqueConstraint(fields=["run", "lease"], name="billing_runitem_once"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} · {self.lease_id}"
