"""Letters with papers, in the company's language, and the signed links in them. Only words."""

from dataclasses import dataclass
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils import translation

from billing.choices import InvoiceKind
from billing.models import Invoice, Receipt
from core.links import VALID, Links
from core.periods import today

LINKS: Final = Links("invoice")
"""To the page where a client reads a document."""


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    body: str


def of_invoice(invoice: Invoice, email: str) -> Letter:
    """With `site`, `company` and `lessor` at hand. An invoice, or a credit note."""
    name = "invoice" if invoice.kind == InvoiceKind.INVOICE else "credit_note"
    return _written(name, invoice, email)


def of_receipt(receipt: Receipt, email: str) -> Letter:
    return _written("receipt", receipt.invoice, email, receipt=receipt)


def link_to(invoice: Invoice, email: str) -> str:
    """The address at which whoever gets the letter reads the document."""
    return LINKS.to(invoice.pk, email, invoice.company.language)


def _written(name: str, invoice: Invoice, email: str, **more: Any) -> Letter:
    language = invoice.company.language
    with translation.override(language):
        text = render_to_string(
            f"billing/letters/{name}.txt",
            {
                "invoice": invoice,
                "lessor": invoice.seller["name"],
                "rib": invoice.seller["rib"],
                "last_day": today() + VALID,
                "address": link_to(invoice, email),
                **more,
            },
        )
    subject, _newline, body = text.strip().partition("\n")
    return Letter(subject.strip(), body.strip() + "\n")
