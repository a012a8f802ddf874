"""What the accountant and the tax office get of a lessor: accounts, closed months, exports, VAT."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.choices import Journal, LedgerKey, VatBasis, VatRhythm
from billing.querysets import (
    ExportedPieceQuerySet,
    JournalExportQuerySet,
    JournalLayoutQuerySet,
    LedgerAccountQuerySet,
    MonthClosingQuerySet,
    VatRegimeQuerySet,
    VatReturnQuerySet,
)
from core.fields import PeriodField, real_period
from core.history import tracked
from core.stored_files import private_name
from sites.models import Lessor

CODE = "^[A-Za-z0-9]{1,6}$"
"""Of a journal."""


@tracked()
class LedgerAccount(models.Model):
    """Which account of the chart (CGNC) a lessor books something on, where it is not the usual."""

    lessor = models.ForeignKey(Lessor, models.PROTECT, related_name="+", verbose_name=_("lessor"))
    key = models.CharField(_("what"), max_length=12, choices=LedgerKey)
    code = models.CharField(_("account"), max_length=12)

    objects = LedgerAccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("ledger account")
        verbose_name_plural = _("ledger accounts")
        ordering = ["lessor", "code"]
        constraints = [
            models.UniqueConstraint(fields=["lessor", "key"], name="billing_ledgeraccount_once"),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[0-9]{2,12}$"), name="billing_ledgeraccount_code"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.get_key_display()}"


@tracked()
class JournalLayout(models.Model):
    """How the files of a lessor's journals look: what its accountant's program reads.

    Without one: a spreadsheet's (`billing.layouts.DEFAULT`) and the usual codes.
    """

    lessor = models.OneToOneField(
        Lessor, models.PROTECT, related_name="+", verbose_name=_("lessor")
    )
    # A preset's name, or a word of `billing.layouts`.
    written = models.CharField(_("layout"), max_length=20)
    # What the accountant's program calls the journals (codes journaux).
    sales = models.CharField(_("code of the journal of sales"), max_length=6)
    receipts = models.CharField(_("code of the journal of receipts"), max_length=6)
    deposits = models.CharField(_("code of the journal of deposits"), max_length=6)

    objects = JournalLayoutQuerySet.as_manager()

    class Meta:
        verbose_name = _("layout of journals")
        verbose_name_plural = _("layouts of journals")
        ordering = ["lessor"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sales__regex=CODE, receipts__regex=CODE, deposits__regex=CODE),
                name="billing_journallayout_codes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lessor_id} · {self.written}"


@tracked()
class VatRegime(models.Model):
    """When a lessor owes the VAT that it bills, and how often it declares it, dated.

    Without one: on collection, monthly.
    """

    lessor = models.ForeignKey(Lessor, models.PROTECT, related_name="+", verbose_name=_("lessor"))
    period = PeriodField(_("in force"))
    basis = models.CharField(_("VAT is due"), max_length=10, choices=VatBasis)
    rhythm = models.CharField(_("declared"), max_length=7, choices=VatRhythm)

    objects = VatRegimeQuerySet.as_manager()

    class Meta:
        verbose_name = _("VAT regime of a lessor")
        verbose_name_plural = _("VAT regimes of lessors")
        ordering = ["lessor", "period"]
        constraints = [
            real_period("billing_vatregime_period"),
            ExclusionConstraint(
                name="billing_vatregime_one_at_a_time",
                expressions=[
                    ("lessor", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lessor_id} · {self.get_basis_display()}"


@tracked()
class MonthClosing(models.Model):
    """A lessor's month that is closed: nothing is dated into it (triggers), until reopened."""

    lessor = models.ForeignKey(
        Lessor, models.PROTECT, related_name="closings", verbose_name=_("lessor")
    )
    # Its first day.
    month = models.DateField(_("month"))
    closed_at = models.DateTimeField(_("closed"))
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("closed by"),
    )
    reopened_at = models.DateTimeField(_("reopened"), null=True)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("reopened by"),
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = MonthClosingQuerySet.as_manager()

    class Meta:
        verbose_name = _("closed month")
        verbose_name_plural = _("closed months")
        ordering = ["-month", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["lessor", "month"],
                condition=Q(reopened_at=None),
                name="billing_monthclosing_once",
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="billing_monthclosing_month"),
            models.CheckConstraint(
                condition=Q(reopened_at=None) | ~Q(reason=""),
                name="billing_monthclosing_reopened_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lessor_id} {self.month:%Y-%m}"


class JournalExport(models.Model):
    """A file of pieces that went to the accountant. Insert-only."""

    lessor = models.ForeignKey(
        Lessor, models.PROTECT, related_name="journal_exports", verbose_name=_("lessor")
    )
    journal = models.CharField(_("journal"), max_length=8, choices=Journal)
    period = PeriodField(_("period"))
    layout = models.CharField(_("layout"), max_length=20)
    # Pieces that an earlier export had are in it again.
    again = models.BooleanField(_("exported again"), default=False)
    pieces = models.PositiveIntegerField(_("pieces"))
    file = models.FileField(_("file"), upload_to=private_name, max_length=100)
    sha256 = models.CharField("SHA-256", max_length=64)
    made_at = models.DateTimeField(_("exported"))
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    objects = JournalExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("journal export")
        verbose_name_plural = _("journal exports")
        ordering = ["-id"]
        constraints = [real_period("billing_journalexport_period")]

    def __str__(self) -> str:
        return f"{self.get_journal_display()} · {self.period}"


class ExportedPiece(models.Model):
    """That a piece of a journal went out with an export: once, unless marked as again."""

    export = models.ForeignKey(
        JournalExport, models.PROTECT, related_name="exported", verbose_name=_("journal export")
    )
    lessor = models.ForeignKey(Lessor, models.PROTECT, related_name="+", verbose_name=_("lessor"))
    journal = models.CharField(_("journal"), max_length=8, choices=Journal)
    # What it is of: « invoice:12 », « payment:7 », « bounced:7 ».
    piece = models.CharField(_("piece"), max_length=40)
    again = models.BooleanField(_("exported again"), default=False)

    objects = ExportedPieceQuerySet.as_manager()

    class Meta:
        verbose_name = _("exported piece")
        verbose_name_plural = _("exported pieces")
        ordering = ["export", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["lessor", "journal", "piece"],
                condition=Q(again=False),
                name="billing_exportedpiece_once",
            ),
        ]

    def __str__(self) -> str:
        return self.piece


class VatReturn(models.Model):
    """A VAT return as it was declared, row by row. Insert-only."""

    lessor = models.ForeignKey(
        Lessor, models.PROTECT, related_name="vat_returns", verbose_name=_("lessor")
    )
    period = PeriodField(_("period"))
    basis = models.CharField(_("VAT is due"), max_length=10, choices=VatBasis)
    # As `billing.vat_returns` makes them; amounts as strings.
    rows = models.JSONField(_("rows"))
    totals = models.JSONField(_("totals by rate"))
    made_at = models.DateTimeField(_("declared"))
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    objects = VatReturnQuerySet.as_manager()

    class Meta:
        verbose_name = _("VAT return")
        verbose_name_plural = _("VAT returns")
        ordering = ["-id"]
        constraints = [
            real_period("billing_vatreturn_period"),
            ExclusionConstraint(
                name="billing_vatreturn_once",
                expressions=[
                    ("lessor", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lessor_id} · {self.period}"
