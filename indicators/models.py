"""Snapshots: figures kept, that can always be computed again; and what keeps them true. Reports:
kept as they were made. Targets: what figures should be."""

import datetime as dt
from decimal import Decimal
from typing import Final

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fields import PeriodField, real_period
from core.history import tracked
from core.languages import Language
from core.periods import ONE_DAY, add_months, today
from core.stored_files import private_name
from indicators.choices import Bound, Subject
from indicators.formulas import INDICATORS
from indicators.keeping import News, is_near
from indicators.labels import BOUNDS, NAMES
from indicators.querysets import (
    AlarmQuerySet,
    FigureSettingsQuerySet,
    ReportQuerySet,
    ReportSubscriptionQuerySet,
    RunQuerySet,
    SnapshotQuerySet,
    TargetQuerySet,
)
from sites.models import Site

MOST_BRIDGED: Final = 366
"""A longer absence is one whatever anybody decides."""


class Snapshot(models.Model):
    """One indicator of a site (or of the network: no site) on one day, as `figure.Figure` has it.

    Written by `indicators.services` only, read by `indicators.selectors.kept`, which does not
    believe it where news have come since. The denominator is `denominator / scale`.
    """

    name = models.CharField(_("indicator"), max_length=40)
    site = models.ForeignKey(
        Site, models.CASCADE, null=True, related_name="+", verbose_name=_("site")
    )
    day = models.DateField(_("day"))
    numerator = models.BigIntegerField(_("numerator"))
    denominator = models.BigIntegerField(_("denominator"), null=True)
    scale = models.BigIntegerField(_("denominator divided by"), default=1)
    value = models.DecimalField(_("value"), max_digits=24, decimal_places=6, null=True)
    beside = models.JSONField(_("beside"), default=dict)
    version = models.PositiveSmallIntegerField(_("formula version"))
    # Whether the day was over: until then a lease that runs out today may yet hold over.
    final = models.BooleanField(_("the day was over"), default=True)
    # The run that wrote it: what a killed run has done already.
    run = models.BigIntegerField(_("run of snapshots"), default=0)
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


class Touched(models.Model):
    """News that make snapshots stale, from the transaction that caused them until a run has
    computed what they touch anew. Never changed: written by `services.touching`, deleted by the
    run that read it before it loaded the network."""

    subject = models.CharField(_("about"), max_length=12)
    # Without one: all sites.
    site = models.ForeignKey(
        Site, models.CASCADE, null=True, db_index=False, related_name="+", verbose_name=_("site")
    )
    days = PeriodField(_("days"))
    at = models.DateTimeField(_("told"))

    class Meta:
        verbose_name = _("touched days")
        verbose_name_plural = _("touched days")
        constraints = [real_period("indicators_touched_real_period", "days")]

    def __str__(self) -> str:
        return f"{self.subject} {self.days}"

    @property
    def news(self) -> News:
        return News(Subject(self.subject), self.site_id, self.days)


class SnapshotRun(models.Model):
    """One go through what is missing or stale. `services.computing` is the door.

    Killed, it is taken up: `touched` are the ids of the news that it was begun for, and what it
    has written bears its number.
    """

    begun_at = models.DateTimeField(pgettext_lazy("run", "begun"))
    done_at = models.DateTimeField(pgettext_lazy("run", "done"), null=True)
    to_do = models.PositiveIntegerField(_("figures to compute"))
    done = models.PositiveIntegerField(_("figures computed"), default=0)
    touched = ArrayField(models.BigIntegerField(), default=list, verbose_name=_("touched days"))

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = _("run of snapshots")
        verbose_name_plural = _("runs of snapshots")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["done_at"],
                condition=Q(done_at=None),
                name="indicators_run_one_open",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class SnapshotAlarm(models.Model):
    """A snapshot that was not what the figure is from scratch; it is computed anew at once, and
    somebody has to find out why. `services.checking` is the door."""

    name = models.CharField(_("indicator"), max_length=40)
    site = models.ForeignKey(
        Site, models.CASCADE, null=True, related_name="+", verbose_name=_("site")
    )
    day = models.DateField(_("day"))
    kept = models.JSONField(_("as it was kept"))
    computed = models.JSONField(_("as it is from scratch"))
    found_at = models.DateTimeField(pgettext_lazy("alarm", "found"))
    seen_at = models.DateTimeField(pgettext_lazy("alarm", "seen"), null=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    objects = AlarmQuerySet.as_manager()

    class Meta:
        verbose_name = _("wrong snapshot")
        verbose_name_plural = _("wrong snapshots")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.name} {self.day}"


@tracked(exclude=["sent_through"])
class ReportSubscription(models.Model):
    """Who gets the monthly report of a site, or of the network (no site), in their language.

    Written by `indicators.services.subscribing` and, for `sent_through`, `services.reporting`.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("user")
    )
    site = models.ForeignKey(
        Site, models.CASCADE, null=True, related_name="+", verbose_name=_("site")
    )
    # The first day of the last month whose report was written to them, or that is not theirs.
    sent_through = models.DateField(_("sent up to"))

    objects = ReportSubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription to reports")
        verbose_name_plural = _("subscriptions to reports")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "site"], name="indicators_subscription_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.site or ''}"


class Report(models.Model):
    """A month's report of a site, or of the network (no site), as it was made. Insert-only.

    `figures` are those that it shows, on the month's last day: name, value, numerator, denominator
    and the formula's version, decimals as text. Made by `indicators.services.reporting` only.
    """

    month = models.DateField(_("month"))  # its first day
    site = models.ForeignKey(
        Site, models.PROTECT, null=True, related_name="+", verbose_name=_("site")
    )
    language = models.CharField(_("language"), max_length=2, choices=Language)
    made_at = models.DateTimeField(_("made"))
    figures = models.JSONField(_("figures"))
    file = models.FileField(_("file"), upload_to=private_name, max_length=100)
    size = models.PositiveIntegerField(_("size, bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    # None: the job.
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("monthly report")
        verbose_name_plural = _("monthly reports")
        ordering = ["-month", "site", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["month", "site", "language"],
                name="indicators_report_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.site or ''} {self.language}"

    @property
    def last_day(self) -> dt.date:
        """The day that its figures are of."""
        return add_months(self.month, 1) - ONE_DAY


@tracked()
class Target(models.Model):
    """What a figure should be from a day on, at a site or in the network (empty).

    Each change is a row of its own, so that a past day is held against what was wanted then.
    `services.targets` is the door.
    """

    name = models.CharField(_("indicator"), max_length=40)
    site = models.ForeignKey(
        Site,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("site"),
        help_text=_("Empty: the network as a whole."),
    )
    since = models.DateField(_("from"))
    bound = models.CharField(
        _("the figure should be"),
        max_length=8,
        choices=[(one.value, name) for one, name in BOUNDS.items()],
    )
    value = models.DecimalField(
        _("value"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_(
            "As the page shows it: percent, companies, days, dirhams. Empty: no target from that "
            "day on."
        ),
    )

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("indicator", "target")
        verbose_name_plural = pgettext_lazy("indicator", "targets")
        ordering = ["name", F("site").asc(nulls_first=True), "-since"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "site", "since"],
                name="indicators_target_once",
                nulls_distinct=False,
                violation_error_message=_("There is a target from that day on already."),
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__gte=0), name="indicators_target_value"
            ),
            models.CheckConstraint(
                condition=Q(bound__in=[one.value for one in Bound]), name="indicators_target_bound"
            ),
        ]

    def __str__(self) -> str:
        return (
            f"{NAMES.get(self.name, self.name)} · {self.site.code if self.site else _('network')}"
        )

    def clean(self) -> None:
        if self.since is not None and not is_near(self.since, today()):
            raise ValidationError({"since": _("That day is too far away.")})
        indicator = INDICATORS.get(self.name)
        if indicator is not None and indicator.is_share and self.wanted > 1:
            reason = _("« %(name)s » is a part of a whole: never more than 100 percent.")
            raise ValidationError({"value": reason % {"name": NAMES[self.name]}})

    @property
    def wanted(self) -> Decimal:
        """In the unit of the figure's value: a rate as a ratio; 0 without a target."""
        value = self.value or Decimal(0)
        return value / 100 if INDICATORS[self.name].unit == "ratio" else value

    def is_met_by(self, value: Decimal) -> bool:
        return value >= self.wanted if self.bound == Bound.AT_LEAST else value <= self.wanted


@tracked()
class FigureSettings(models.Model):
    """What the network decided about its figures: one row, or none where the usual is good enough.

    `services.rules` is the door, `selectors.rules` reads it.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    bridged_gap_days = models.PositiveSmallIntegerField(
        _("gaps bridged up to, in days"),
        default=0,
        validators=[MaxValueValidator(MOST_BRIDGED)],
        help_text=_("A company that comes back within so many days has not left."),
    )
    ending_percent = models.PositiveSmallIntegerField(
        _("rent that ends soon, percent"),
        default=15,
        validators=[MaxValueValidator(100)],
        help_text=_("Told on the overview when more of the rent ends."),
    )
    ending_days = models.PositiveSmallIntegerField(
        _("soon is within, in days"), default=90, validators=[MinValueValidator(1)]
    )
    overdue_days = models.PositiveSmallIntegerField(
        _("arrears past due for longer than, in days"),
        default=90,
        help_text=_("Told on the overview when anything is."),
    )

    objects = FigureSettingsQuerySet.as_manager()

    class Meta:
        verbose_name = _("settings of figures")
        verbose_name_plural = _("settings of figures")
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="indicators_figuresettings_one"),
            models.CheckConstraint(
                condition=Q(ending_percent__lte=100, bridged_gap_days__lte=MOST_BRIDGED),
                name="indicators_figuresettings_sound",
            ),
        ]

    def __str__(self) -> str:
        return str(_("settings of figures"))
