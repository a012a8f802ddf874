"""Letters with papers, in the company's language, and the signed links in them. Only words."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac

from billing.choices import InvoiceKind
from billing.models import Invoice, Receipt
from core.periods import today
from tenants.errors import LinkExpired, LinkForged

LINK_VALID: Final = dt.timedelta(days=60)
_SALT: Final = "invoice"


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Link:
    """What a signed link says: which document, and the mark of the address it was sent to."""

    invoice_id: int
    mark: str


def of_invoice(invoice: Invoice, email: str) -> Letter:
    """With `site`, `company` and `lessor` at hand. An invoice, or a credit note."""
    name = "invoice" if invoice.kind == InvoiceKind.INVOICE else "credit_note"
    return _written(name, invoice, email)


def of_receipt(receipt: Receipt, email: str) -> Letter:
    return _written("receipt", receipt.invoice, email, receipt=receipt)


def link_to(invoice: Invoice, email: str) -> str:
    """The address at which whoever gets the letter reads the document; signed: it is a key."""
    token = signing.dumps([invoice.pk, mark_of(email)], salt=_SALT)
    page = reverse("invoice", args=[token])
    return f"{settings.SITE_URL}{page}?lang={invoice.company.language}"


def read_link(token: str, *, expired_too: bool = False) -> Link:
    """Raises LinkForged, and LinkExpired unless `expired_too`."""
    try:
        pk, mark = signing.loads(token, salt=_SALT, max_age=None if expired_too else LINK_VALID)
    except signing.SignatureExpired as error:
        raise LinkExpired from error
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise LinkForged from error
    return Link(pk, mark)


def mark_of(email: str) -> str:
    """Stands for an address: a link to one that is no longer the company's opens nothing."""
    return salted_hmac(_SALT, email.lower()).hexdigest()[:16]


def _written(name: str, invoice: Invoice, email: str, **more: Any) -> Letter:
    language = invoice.company.language
    with translation.override(language):
        text = render_to_string(
            f"billing/letters/{name}.txt",
            {
                "invoice": invoice,
                "lessor": invoice.seller["name"],
                "rib": invoice.seller["rib"],
                "last_day": today() + LINK_VALID,
                "address": link_to(invoice, email),
                **more,
            },
        )
    subject, _newline, body = text.strip().partition("\n")
    return Letter(subject.strip(), body.strip() + "\n")
