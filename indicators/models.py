"""Snapshots: a cache of figures that can always be computed again."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from indicators.querysets import SnapshotQuerySet
from sites.models import Site


class Snapshot(models.Model):
    """One indicator of a site (or of the network: no site) on one day.

    Written by `indicators.services` only. Numerator and denominator are exact; `value` follows
    from them by the formula whose version stands beside it.
    """

    name = models.CharField(_("indicator"), max_length=40)
    site = models.ForeignKey(
        Site, models.CASCADE, null=True, related_name="+", verbose_name=_("site")
    )
    day = models.DateField(_("day"))
    numerator = models.DecimalField(_("numerator"), max_digits=20, decimal_places=6)
    denominator = models.DecimalField(_("denominator"), max_digits=20, decimal_places=6, null=True)
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=6, null=True)
    beside = models.JSONField(_("beside"), default=dict)
    version = models.PositiveSmallIntegerField(_("formula version"))
    computed_at = models.DateTimeField(_("computed"))

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")
        ordering = ["-day", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "site", "day"],
                name="indicators_snapshot_once",
                nulls_distinct=False,
            ),
        ]
        indexes = [models.Index(fields=["day"], name="indicators_snapshot_day")]

    def __str__(self) -> str:
        return f"{self.name} {self.day}"


class SnapshotDay(models.Model):
    """A day whose snapshots are complete: what catch-up need not do again.

    Version 0: a run has begun it, and owns it as long as the row stays as that run left it.
    """

    day = models.DateField(_("day"), primary_key=True)
    version = models.PositiveIntegerField(_("registry version"))
    completed_at = models.DateTimeField(_("completed"))

    class Meta:
        verbose_name = _("complete day")
        verbose_name_plural = _("complete days")

    def __str__(self) -> str:
        return self.day.isoformat()
