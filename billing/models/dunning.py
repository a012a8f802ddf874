"""Reminders of what is overdue: steps, letters as sent, pauses; penalties of a contract."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.choices import DunningLevel, PauseKind, PenaltyState
from billing.models.invoices import Invoice
from billing.querysets import (
    DunningLetterLineQuerySet,
    DunningLetterQuerySet,
    DunningPauseQuerySet,
    DunningStepQuerySet,
    PenaltyClauseQuerySet,
    PenaltyQuerySet,
)
from core.fields import MoneyField, PeriodField, real_period
from core.history import tracked
from core.languages import Language
from core.stored_files import private_name
from leases.models import Lease
from sites.models import Site
from tenants.models import Company


@tracked()
class DunningStep(models.Model):
    """When a site reminds, and in which words; where these are empty, in the product's own."""

    site = models.ForeignKey(
        Site, models.PROTECT, related_name="dunning_steps", verbose_name=_("site")
    )
    level = models.PositiveSmallIntegerField(_("step"), choices=DunningLevel)
    days = models.PositiveSmallIntegerField(_("days after the due date"))
    by_itself = models.BooleanField(
        _("sent by itself"),
        default=False,
        help_text=_("Otherwise a person looks at the list and sends them."),
    )
    words_fr = models.TextField(_("words, French"), max_length=5_000, blank=True)
    words_ar = models.TextField(_("words, Arabic"), max_length=5_000, blank=True)
    words_en = models.TextField(_("words, English"), max_length=5_000, blank=True)

    objects = DunningStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("dunning step")
        verbose_name_plural = _("dunning steps")
        ordering = ["site", "level"]
        constraints = [
            models.UniqueConstraint(fields=["site", "level"], name="billing_dunningstep_once"),
        ]

    def __str__(self) -> str:
        return f"{self.site} · {self.get_level_display()}"


class DunningLetter(models.Model):
    """A reminder as it was sent: to a company, of what is overdue at a site. Insert-only."""

    number = models.CharField(_("number"), max_length=40, unique=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", verbose_name=_("site"))
    company = models.ForeignKey(
        Company, models.PROTECT, related_name="dunning_letters", verbose_name=_("company")
    )
    level = models.PositiveSmallIntegerField(_("step"), choices=DunningLevel)
    on = models.DateField(_("on"))
    # No other is sent before that day is over.
    pay_by = models.DateField(_("awaited by"))
    language = models.CharField(_("language"), max_length=2, choices=Language)
    total = MoneyField(_("overdue"))
    # The e-mail addresses that it went to; none: it is printed and posted.
    sent_to = models.JSONField(_("sent to"), default=list)
    file = models.FileField(_("file"), upload_to=private_name, max_length=100)
    sha256 = models.CharField("SHA-256", max_length=64)
    made_at = models.DateTimeField(_("sent"))
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    objects = DunningLetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.number


class DunningLetterLine(models.Model):
    """An invoice in a reminder, with what was open of it that day. Insert-only."""

    letter = models.ForeignKey(
        DunningLetter, models.PROTECT, related_name="lines", verbose_name=_("reminder")
    )
    invoice = models.ForeignKey(
        Invoice, models.PROTECT, related_name="reminders", verbose_name=_("invoice")
    )
    open = MoneyField(_("open"))
    # Which step the letter is for this invoice: each once. Empty: listed with the others.
    step = models.PositiveSmallIntegerField(_("step"), choices=DunningLevel, null=True)

    objects = DunningLetterLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice in a reminder")
        verbose_name_plural = _("invoices in reminders")
        ordering = ["letter", "invoice"]
        constraints = [
            models.UniqueConstraint(
                fields=["letter", "invoice"], name="billing_dunningletterline_once"
            ),
            models.UniqueConstraint(
                fields=["invoice", "step"], name="billing_dunningletterline_each_step_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter} · {self.invoice}"


@tracked()
class DunningPause(models.Model):
    """A company is not reminded of an invoice, or (empty) of anything at the site, for a while."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="+", verbose_name=_("site"))
    company = models.ForeignKey(
        Company, models.PROTECT, related_name="pauses", verbose_name=_("company")
    )
    invoice = models.ForeignKey(
        Invoice,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="pauses",
        verbose_name=_("invoice"),
    )
    kind = models.CharField(_("kind"), max_length=8, choices=PauseKind)
    # Open-ended until somebody ends it.
    period = PeriodField(_("period"))
    reason = models.CharField(_("reason"), max_length=300)
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    objects = DunningPauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("pause of reminders")
        verbose_name_plural = _("pauses of reminders")
        ordering = ["-id"]
        constraints = [
            real_period("billing_dunningpause_period"),
            models.CheckConstraint(condition=~Q(reason=""), name="billing_dunningpause_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.company} · {self.get_kind_display()}"


@tracked()
class PenaltyClause(models.Model):
    """What a lease's contract says of late payment; without one nothing can be asked.

    The legal fine for late payment (law 69-21) is the Treasury's and is never asked here.
    """

    lease = models.OneToOneField(
        Lease, models.PROTECT, related_name="penalty_clause", verbose_name=_("lease")
    )
    yearly_rate = models.DecimalField(_("rate a year, %"), max_digits=5, decimal_places=2)
    grace_days = models.PositiveSmallIntegerField(_("days of grace"), default=0)
    # Of what was late, at most so much.
    cap = models.DecimalField(
        _("at most, in percent of what is late"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
    )
    clause = models.CharField(_("clause of the contract"), max_length=200)

    objects = PenaltyClauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("penalty clause")
        verbose_name_plural = _("penalty clauses")
        ordering = ["lease"]
        constraints = [
            models.CheckConstraint(
                condition=Q(yearly_rate__gt=0, yearly_rate__lte=100),
                name="billing_penaltyclause_rate",
            ),
            models.CheckConstraint(
                condition=Q(cap__isnull=True) | Q(cap__gt=0), name="billing_penaltyclause_cap"
            ),
            models.CheckConstraint(condition=~Q(clause=""), name="billing_penaltyclause_clause"),
        ]

    def __str__(self) -> str:
        return f"{self.lease} · {self.yearly_rate} %"


@tracked()
class Penalty(models.Model):
    """A penalty that the contract allows, for the days that an invoice was late: proposed, then
    charged by a person or dropped with a reason. Never two for one day of an invoice."""

    invoice = models.ForeignKey(
        Invoice, models.PROTECT, related_name="penalties", verbose_name=_("invoice")
    )
    period = PeriodField(_("days late"))
    base = MoneyField(_("late amount"))
    yearly_rate = models.DecimalField(_("rate a year, %"), max_digits=5, decimal_places=2)
    amount = MoneyField(_("amount"))
    state = models.CharField(
        _("state"), max_length=8, choices=PenaltyState, default=PenaltyState.PROPOSED
    )
    charged_by = models.ForeignKey(
        Invoice,
        models.PROTECT,
        null=True,
        related_name="charges_penalties",
        verbose_name=_("charged by"),
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    made_at = models.DateTimeField(_("proposed"))
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    objects = PenaltyQuerySet.as_manager()

    class Meta:
        verbose_name = _("penalty")
        verbose_name_plural = _("penalties")
        ordering = ["-id"]
        constraints = [
            real_period("billing_penalty_period"),
            ExclusionConstraint(
                name="billing_penalty_once_a_day",
                expressions=[
                    ("invoice", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, base__gt=0), name="billing_penalty_amount"
            ),
            models.CheckConstraint(
                condition=Q(state=PenaltyState.CHARGED, charged_by__isnull=False)
                | (~Q(state=PenaltyState.CHARGED) & Q(charged_by__isnull=True)),
                name="billing_penalty_charged_by",
            ),
            models.CheckConstraint(
                condition=~Q(state=PenaltyState.DROPPED) | ~Q(reason=""),
                name="billing_penalty_dropped_why",
            ),
        ]

    def __str__(self) -> str:
        return str(self.invoice)
