"""Issued documents: with all that their papers and their pages show; the last outside any lease."""

from django.db.models import prefetch_related_objects

from billing.choices import InvoiceKind
from billing.models import Invoice


def in_full(invoice: Invoice) -> Invoice:
    """The same row with its lines and credit notes, in two queries."""
    prefetch_related_objects([invoice], "lines__invoice", "credit_notes")
    return invoice


def last_sale(lessor_id: int, company_id: int) -> int:
    """The id of the last invoice of the account outside any lease; 0: there is none."""
    rows = Invoice.objects.filter(
        lessor=lessor_id, company=company_id, lease=None, kind=InvoiceKind.INVOICE
    )
    return rows.order_by("-pk").values_list("pk", flat=True).first() or 0


def last_note(invoice: Invoice) -> int:
    """The id of the last credit note of the invoice; 0: there is none."""
    return invoice.credit_notes.order_by("-pk").values_list("pk", flat=True).first() or 0
