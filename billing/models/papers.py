"""Papers as they were sent: the PDF of each document, and receipts. Kept ten years."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.invoices import Invoice
from billing.querysets import InvoicePaperQuerySet, ReceiptQuerySet
from core.fields import MoneyField
from core.stored_files import private_name


class InvoicePaper(models.Model):
    """The PDF of an issued document: to be made (no `made_at`), then made and sent, once.

    Written with the document; a job makes the file and puts the letters into the outbox in one
    transaction (`billing.services.papers`). Frozen once made.
    """

    invoice = models.OneToOneField(
        Invoice,
        models.PROTECT,
        primary_key=True,
        related_name="paper",
        verbose_name=_("invoice"),
    )
    made_at = models.DateTimeField(_("made"), null=True)
    file = models.FileField(_("file"), upload_to=private_name, max_length=100, blank=True)
    size = models.PositiveIntegerField(_("size, bytes"), default=0)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    # How many letters went into the outbox; none: nobody is there to receive it.
    letters = models.PositiveSmallIntegerField(_("letters"), default=0)
    # Why it could not be made; a person looks, and it is tried again.
    problem = models.CharField(_("problem"), max_length=500, blank=True)

    objects = InvoicePaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper of an invoice")
        verbose_name_plural = _("papers of invoices")
        ordering = ["-invoice"]
        constraints = [
            models.CheckConstraint(
                condition=Q(made_at__isnull=True, file="") | (~Q(file="") & ~Q(sha256="")),
                name="billing_invoicepaper_made",
            ),
        ]
        indexes = [
            models.Index(
                fields=["invoice"],
                condition=Q(made_at__isnull=True),
                name="billing_invoicepaper_to_make",
            ),
        ]

    def __str__(self) -> str:
        return str(self.invoice_id)


class Receipt(models.Model):
    """A receipt (quittance) for an invoice that is settled, as given. Insert-only.

    A cheque that bounces later makes it void: `billing.selectors.receipts` says so.
    """

    number = models.CharField(_("number"), max_length=40, unique=True)
    invoice = models.ForeignKey(
        Invoice, models.PROTECT, related_name="receipts", verbose_name=_("invoice")
    )
    issued_on = models.DateField(_("issued on"))
    amount = MoneyField(_("amount"))
    file = models.FileField(_("file"), upload_to=private_name, max_length=100)
    sha256 = models.CharField("SHA-256", max_length=64)
    made_at = models.DateTimeField(_("issued"))
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.number
