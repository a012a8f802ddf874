"""Invoices and credit notes as issued, with seller and client as they were. Never changed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.choices import CreditKind, InvoiceKind
from billing.models.runs import RentRun
from billing.querysets import InvoiceLineQuerySet, InvoiceQuerySet
from core.fields import AreaField, MoneyField, PeriodField
from core.languages import Language
from leases.models import Lease
from sites.models import Lessor, Site
from tenants.models import Company


class Invoice(models.Model):
    """An invoice (facture) or, by its kind, a credit note (avoir). Insert-only.

    Numbered without gaps by lessor, kind and year (CGI art. 145). `seller` and `client` are what
    `billing.parties` wrote that day. Its lines come in one statement and add up (trigger). What
    becomes of it later is a row of another table. `billing.services.issuing` is the door.
    """

    kind = models.CharField(_("kind"), max_length=8, choices=InvoiceKind)
    number = models.CharField(_("number"), max_length=40, unique=True)
    # Keys without an index of their own are the first columns of another one.
    lessor = models.ForeignKey(
        Lessor, models.PROTECT, related_name="+", db_index=False, verbose_name=_("lessor")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    # Empty: of the old system, with that one's number, imported when billing began here.
    sequence = models.PositiveIntegerField(_("number in its series"), null=True)
    site = models.ForeignKey(
        Site, models.PROTECT, related_name="invoices", db_index=False, verbose_name=_("site")
    )
    company = models.ForeignKey(
        Company, models.PROTECT, related_name="invoices", db_index=False, verbose_name=_("company")
    )
    # Empty: a sale outside any lease.
    lease = models.ForeignKey(
        Lease, models.PROTECT, null=True, related_name="invoices", verbose_name=_("lease")
    )
    run = models.ForeignKey(
        RentRun, models.PROTECT, null=True, related_name="invoices", verbose_name=_("run")
    )
    issued_on = models.DateField(_("issued on"))
    due_on = models.DateField(_("due on"))  # échéance
    language = models.CharField(_("language"), max_length=2, choices=Language)
    seller = models.JSONField(_("seller"))
    client = models.JSONField(_("client"))
    net = MoneyField(_("excl. tax"))
    vat = MoneyField(_("VAT"))
    total = models.GeneratedField(
        expression=F("net") + F("vat"), output_field=MoneyField(), db_persist=True
    )
    # Of a credit note: what it corrects, how and why.
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="credit_notes", verbose_name=_("corrects")
    )
    credit_kind = models.CharField(
        _("kind of credit"), max_length=10, choices=CreditKind, blank=True
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    made_at = models.DateTimeField(_("issued"))
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["lessor", "kind", "year", "sequence"], name="billing_invoice_sequence"
            ),
            models.CheckConstraint(
                condition=Q(
                    kind=InvoiceKind.INVOICE, corrects__isnull=True, credit_kind="", reason=""
                )
                | (
                    Q(kind=InvoiceKind.CREDIT_NOTE, corrects__isnull=False)
                    & ~Q(credit_kind="")
                    & ~Q(reason="")
                ),
                name="billing_invoice_credit_says_of_what",
            ),
            # Of either kind: what the client owes, or is owed.
            models.CheckConstraint(
                condition=Q(net__gte=0, vat__gte=0), name="billing_invoice_sums"
            ),
        ]
        indexes = [
            models.Index(fields=["lessor", "issued_on"], name="billing_invoice_lessor"),
            models.Index(fields=["company", "issued_on"], name="billing_invoice_company"),
            models.Index(fields=["site", "issued_on"], name="billing_invoice_site"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_ours(self) -> bool:
        """Else it was brought along from the old system, whose paper stands."""
        return self.sequence is not None


class InvoiceLine(models.Model):
    """One amount, with everything that made it and its VAT as of the day of issue. Insert-only.

    What a lease charges bears its charge and days; a sale has a label and a quantity. On a credit
    note every line says what it `credits`, with the amount that is given back.
    """

    invoice = models.ForeignKey(
        Invoice, models.PROTECT, related_name="lines", db_index=False, verbose_name=_("invoice")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    # Of `leases.ChargeKind`, "discount", or "sale".
    kind = models.CharField(_("kind"), max_length=10)
    label = models.CharField(_("label"), max_length=200, blank=True)
    space = models.CharField(_("space"), max_length=200, blank=True)
    # A charge keeps its id for life; where its letting went altogether, the id alone remains.
    charge_id = models.BigIntegerField(_("charge"), null=True)
    period = PeriodField(_("period"), null=True)
    unit = models.CharField(_("unit"), max_length=8)
    # A discount's is a product of a rate and a percentage.
    rate = models.DecimalField(_("rate, DH"), max_digits=20, decimal_places=10)
    area_m2 = AreaField(_("area, m²"), null=True)
    per_months = models.PositiveSmallIntegerField(_("per months"), default=1)
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=3, default=1)
    amount = MoneyField(_("excl. tax"))
    vat_rate = models.DecimalField(_("VAT, %"), max_digits=5, decimal_places=2)
    vat_ground = models.CharField(_("ground of exemption"), max_length=200, blank=True)
    vat = MoneyField(_("VAT"))
    # Rent as the withholding on rents sees it: without charges or VAT.
    is_rent = models.BooleanField(_("is rent"), default=False)
    credits = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="credited_by", verbose_name=_("credits")
    )

    objects = InvoiceLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of an invoice")
        verbose_name_plural = _("lines of invoices")
        ordering = ["invoice", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["invoice", "position"], name="billing_invoiceline_position"
            ),
            models.CheckConstraint(
                condition=Q(vat_rate__gte=0, vat_rate__lte=100), name="billing_invoiceline_rate"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id} · {self.position}"
