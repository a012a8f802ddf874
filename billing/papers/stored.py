"""The PDF of a document as it was stored, or made of the frozen rows where it is not yet."""

import hashlib

from billing.errors.papers import PaperDamaged
from billing.models import Invoice, InvoicePaper, Receipt
from billing.papers.invoice import invoice_pdf
from billing.selectors.invoices import in_full


def pdf_of(invoice: Invoice) -> bytes:
    """The bytes that were sent, once there are such. Raises PaperDamaged."""
    paper = InvoicePaper.objects.filter(invoice=invoice, made_at__isnull=False).first()
    if paper is None:
        return invoice_pdf(in_full(invoice))
    return _checked(paper, invoice.number)


def receipt_pdf_of(receipt: Receipt) -> bytes:
    """Raises PaperDamaged."""
    return _checked(receipt, receipt.number)


def _checked(row: InvoicePaper | Receipt, number: str) -> bytes:
    try:
        with row.file.open("rb") as file:
            data = bytes(file.read())
    except FileNotFoundError as error:
        raise PaperDamaged(number=number) from error
    if hashlib.sha256(data).hexdigest() != row.sha256:
        raise PaperDamaged(number=number)
    return data
