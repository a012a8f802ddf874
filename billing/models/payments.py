"""Money that came in, what became of it, and what was given back. Never changed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.choices import WITHHELD, ChequeState, PaymentMethod
from billing.models.bank import BankLine
from billing.models.invoices import Invoice
from billing.querysets import (
    CertificateQuerySet,
    ChequeStepQuerySet,
    PaymentQuerySet,
    RefundQuerySet,
)
from core.fields import MoneyField
from core.history import tracked
from core.stored_files import private_name
from leases.models import DepositSettlement
from sites.models import Lessor, Site
from tenants.models import Company


class Payment(models.Model):
    """Money of a company for a lessor, entered at a site. Insert-only.

    What is withheld is a payment too, with the one that it came with, and so is what was kept of a
    deposit for unpaid rent. Stamp duty on cash is collected on top of `amount` and settles nothing.
    What of it pays which invoice is said by `Allocation`; the rest stays the company's credit.
    `billing.services.payments` is the door, of what was kept `billing.services.keeping`. A trigger
    holds that a bank's line is one standing payment at most.
    """

    number = models.CharField(_("number"), max_length=40, unique=True)
    lessor = models.ForeignKey(Lessor, models.PROTECT, related_name="+", verbose_name=_("lessor"))
    site = models.ForeignKey(Site, models.PROTECT, related_name="payments", verbose_name=_("site"))
    company = models.ForeignKey(
        Company, models.PROTECT, related_name="payments", verbose_name=_("company")
    )
    method = models.CharField(_("method"), max_length=8, choices=PaymentMethod)
    received_on = models.DateField(_("received on"))
    amount = MoneyField(_("amount"))
    # 0.25 % of cash (droit de timbre de quittance).
    stamp_duty = MoneyField(_("stamp duty"), default=0)
    reference = models.CharField(_("reference or cheque number"), max_length=80, blank=True)
    bank = models.CharField(_("bank of the cheque"), max_length=80, blank=True)
    payer = models.CharField(_("payer"), max_length=200, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    bank_line = models.ForeignKey(
        BankLine, models.PROTECT, null=True, related_name="payments", verbose_name=_("bank line")
    )
    withheld_with = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="withheld", verbose_name=_("withheld from")
    )
    # Of which it is what was kept for unpaid rent.
    settlement = models.OneToOneField(
        DepositSettlement,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("deposit settlement"),
    )
    made_at = models.DateTimeField(_("entered"))
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, stamp_duty__gte=0), name="billing_payment_amount"
            ),
            models.CheckConstraint(
                condition=Q(method=PaymentMethod.CASH) | Q(stamp_duty=0),
                name="billing_payment_stamp_on_cash",
            ),
            models.CheckConstraint(
                condition=Q(method__in=sorted(WITHHELD)) | Q(withheld_with__isnull=True),
                name="billing_payment_withheld_with",
            ),
            models.CheckConstraint(
                condition=Q(method=PaymentMethod.DEPOSIT) ^ Q(settlement__isnull=True),
                name="billing_payment_of_a_settlement",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "received_on"], name="billing_payment_company"),
            models.Index(fields=["site", "received_on"], name="billing_payment_site"),
        ]

    def __str__(self) -> str:
        return self.number


class ChequeStep(models.Model):
    """What happened to a cheque, after it was received. Insert-only; each happens once."""

    payment = models.ForeignKey(
        Payment, models.PROTECT, related_name="cheque_steps", verbose_name=_("cheque")
    )
    state = models.CharField(_("state"), max_length=8, choices=ChequeState)
    on = models.DateField(_("on"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    made_at = models.DateTimeField(_("entered"))
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    objects = ChequeStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a cheque")
        verbose_name_plural = _("steps of cheques")
        ordering = ["payment", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["payment", "state"], name="billing_chequestep_each_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payment_id} · {self.get_state_display()}"


@tracked()
class Certificate(models.Model):
    """What shows that the client paid to the treasury what it withheld (attestation).

    A withheld payment without one is awaiting its certificate: a task, never arrears.
    """

    payment = models.OneToOneField(
        Payment, models.PROTECT, related_name="certificate", verbose_name=_("withheld payment")
    )
    number = models.CharField(_("number"), max_length=60)
    received_on = models.DateField(_("received on"))
    file = models.FileField(_("file"), upload_to=private_name, max_length=100, blank=True)
    # As `core.uploads` found them.
    name = models.CharField(_("name"), max_length=200, blank=True)
    media_type = models.CharField(_("media type"), max_length=100, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("withholding certificate")
        verbose_name_plural = _("withholding certificates")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(number=""), name="billing_certificate_number"),
        ]

    def __str__(self) -> str:
        return self.number


class Refund(models.Model):
    """Credit that was given back: of a payment, or of a credit note; or a payment that was entered
    by mistake, taken out of the books whole, with its stamp duty. Insert-only."""

    number = models.CharField(_("number"), max_length=40, unique=True)
    payment = models.ForeignKey(
        Payment, models.PROTECT, null=True, related_name="refunds", verbose_name=_("payment")
    )
    credit_note = models.ForeignKey(
        Invoice, models.PROTECT, null=True, related_name="refunds", verbose_name=_("credit note")
    )
    amount = MoneyField(_("amount"))
    on = models.DateField(_("on"))
    method = models.CharField(_("method"), max_length=8, choices=PaymentMethod)
    # No money moved: neither then nor now (saisi par erreur).
    by_mistake = models.BooleanField(_("entered by mistake"), default=False)
    reference = models.CharField(_("reference"), max_length=80, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    bank_line = models.ForeignKey(
        BankLine, models.PROTECT, null=True, related_name="refunds", verbose_name=_("bank line")
    )
    made_at = models.DateTimeField(_("entered"))
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    objects = RefundQuerySet.as_manager()

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="billing_refund_amount"),
            models.CheckConstraint(
                condition=Q(payment__isnull=True) ^ Q(credit_note__isnull=True),
                name="billing_refund_of_one",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="billing_refund_reason"),
            models.CheckConstraint(
                condition=Q(by_mistake=False) | Q(payment__isnull=False),
                name="billing_refund_mistaken_payment",
            ),
        ]

    def __str__(self) -> str:
        return self.number
