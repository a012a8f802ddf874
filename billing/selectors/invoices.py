"""An issued document with all that its papers and its page show."""

from django.db.models import prefetch_related_objects

from billing.models import Invoice


def in_full(invoice: Invoice) -> Invoice:
    """The same row with its lines and credit notes, in two queries."""
    prefetch_related_objects([invoice], "lines__invoice", "credit_notes")
    return invoice
