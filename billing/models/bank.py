"""Bank statements: their lines, each once, and what became of them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.choices import BankLineState, PaymentMethod, StatementFormat
from billing.querysets import BankLineQuerySet, BankStatementQuerySet, CsvMappingQuerySet
from core.fields import MoneyField
from core.history import tracked
from sites.models import Lessor


@tracked()
class CsvMapping(models.Model):
    """Which column of a bank's CSV is what, under a name. `columns`: what we call it → its head."""

    lessor = models.ForeignKey(Lessor, models.PROTECT, related_name="+", verbose_name=_("lessor"))
    name = models.CharField(_("name"), max_length=80)
    columns = models.JSONField(_("columns"))
    delimiter = models.CharField(_("delimiter"), max_length=1, default=";")
    day_format = models.CharField(_("format of days"), max_length=20, default="%d/%m/%Y")

    objects = CsvMappingQuerySet.as_manager()

    class Meta:
        verbose_name = _("columns of a bank's CSV")
        verbose_name_plural = _("columns of banks' CSV")
        ordering = ["lessor", "name"]
        constraints = [
            models.UniqueConstraint(fields=["lessor", "name"], name="billing_csvmapping_once"),
        ]

    def __str__(self) -> str:
        return self.name


class BankStatement(models.Model):
    """A file of a bank as it was read. Insert-only; the same bytes are read once."""

    lessor = models.ForeignKey(
        Lessor, models.PROTECT, related_name="bank_statements", verbose_name=_("lessor")
    )
    name = models.CharField(_("file"), max_length=200)
    format = models.CharField(_("format"), max_length=8, choices=StatementFormat)
    sha256 = models.CharField("SHA-256", max_length=64)
    # As the file says them; empty where it does not.
    bank_account = models.CharField(_("bank account"), max_length=34, blank=True)
    opening = MoneyField(_("opening balance"), null=True)
    closing = MoneyField(_("closing balance"), null=True)
    # Lines that earlier statements had already.
    seen_before = models.PositiveIntegerField(_("lines seen before"), default=0)
    made_at = models.DateTimeField(_("read"))
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    objects = BankStatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("bank statement")
        verbose_name_plural = _("bank statements")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["lessor", "sha256"], name="billing_bankstatement_bytes_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class BankLine(models.Model):
    """One movement; what comes in is positive. Frozen but for what became of it.

    `fingerprint` is the SHA-256 of what identifies it at the bank, with how many equal ones its
    day had before it, so that the same line in two files is one.
    """

    statement = models.ForeignKey(
        BankStatement, models.PROTECT, related_name="lines", verbose_name=_("bank statement")
    )
    lessor = models.ForeignKey(Lessor, models.PROTECT, related_name="+", verbose_name=_("lessor"))
    position = models.PositiveIntegerField(_("position"))
    booked_on = models.DateField(_("booked on"))
    value_on = models.DateField(_("value date"), null=True)
    amount = MoneyField(_("amount"))
    counterparty = models.CharField(_("counterparty"), max_length=200, blank=True)
    reference = models.CharField(_("reference"), max_length=140, blank=True)
    words = models.TextField(_("wording"), blank=True)
    # Takes back another line, as the bank says (extourne).
    reversal = models.BooleanField(_("reversal"), default=False)
    fingerprint = models.CharField(max_length=64, editable=False)
    state = models.CharField(
        _("state"), max_length=8, choices=BankLineState, default=BankLineState.NEW
    )
    # What was in the books before the line came: a payment, a cheque, a refund. A payment that was
    # entered from the line points to it instead.
    payment = models.ForeignKey(
        "billing.Payment",
        models.PROTECT,
        null=True,
        related_name="seen_on",
        verbose_name=_("payment entered before"),
    )
    refund = models.ForeignKey(
        "billing.Refund",
        models.PROTECT,
        null=True,
        related_name="seen_on",
        verbose_name=_("refund entered before"),
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    objects = BankLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("bank line")
        verbose_name_plural = _("bank lines")
        ordering = ["-booked_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["lessor", "fingerprint"], name="billing_bankline_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="billing_bankline_amount"),
            models.CheckConstraint(
                condition=~Q(state=BankLineState.IGNORED) | ~Q(note=""),
                name="billing_bankline_set_aside_why",
            ),
            # A cheque may come in, and go out again where it bounces.
            models.UniqueConstraint(
                fields=["payment"], condition=Q(amount__gt=0), name="billing_bankline_payment_in"
            ),
            models.UniqueConstraint(
                fields=["payment"], condition=Q(amount__lt=0), name="billing_bankline_payment_out"
            ),
            models.UniqueConstraint(fields=["refund"], name="billing_bankline_refund_once"),
        ]

    def __str__(self) -> str:
        return f"{self.booked_on} · {self.amount}"

    @property
    def may_be_taken_up(self) -> bool:
        """Set aside, or seen to be what was entered before: nothing followed from that."""
        if self.state != BankLineState.MATCHED:
            return self.state == BankLineState.IGNORED
        is_cheque = self.payment is not None and self.payment.method == PaymentMethod.CHEQUE
        return self.refund is not None or (self.payment is not None and not is_cheque)
