"""Sales, rents and payments of a company, by the real services."""

from decimal import Decimal
from io import BytesIO
from typing import Any

from billing.choices import InvoiceKind, PaymentMethod
from billing.models import Certificate, Invoice, Payment
from billing.selectors.open_items import open_of
from billing.services import allocating
from billing.services.allocating import Source
from billing.services.certificates import keep_certificate, keep_certificate_file
from billing.services.documents import Draft, DraftLine, write_one
from billing.services.payments import record_payment
from billing.services.sales import SaleLine, issue_sale
from core.periods import today
from leases.rent import vat_on
from sites.models import Site
from tenants.models import Company
from tests.factories import uploads


def sale(site: Site, company: Company, *prices: str) -> Invoice:
    """Of services, with VAT of 20 %."""
    lines = [SaleLine(f"Salle {price}", Decimal(price)) for price in prices]
    return issue_sale(site=site, company=company, lines=lines, acting_user=None)


def rent(site: Site, company: Company, net: str, *, vat_rate: str = "20") -> Invoice:
    """An invoice of rent alone, as a run writes it, without its lease."""
    draft = Draft(InvoiceKind.INVOICE, company.pk)
    amount = Decimal(net)
    draft.lines.append(
        DraftLine(
            kind="rent",
            unit="sale",
            rate=amount,
            amount=amount,
            vat_rate=Decimal(vat_rate),
            vat=vat_on(amount, Decimal(vat_rate)),
            is_rent=True,
        )
    )
    return write_one(draft, site=site, payment_days=10, acting_user=None)


def paid(site: Site, company: Company, amount: str, **given: Any) -> Payment:
    """By transfer today, the oldest first, unless said."""
    return record_payment(
        site=site,
        company=company,
        method=PaymentMethod(given.pop("method", PaymentMethod.TRANSFER)),
        received_on=given.pop("received_on", None) or today(),
        amount=Decimal(amount),
        acting_user=given.pop("acting_user", None),
        **given,
    )


def certified(site: Site, company: Company) -> Certificate:
    """Of a payment that was withheld and settles nothing yet; without its file."""
    kept = paid(site, company, "50", method=PaymentMethod.WITHHOLDING, shares=())
    return keep_certificate(payment=kept, number="A-17", received_on=today(), acting_user=None)


def certificate_file(certificate: Certificate) -> Certificate:
    data = uploads.pdf()
    return keep_certificate_file(
        payment=certificate.payment,
        file=(BytesIO(data), "attestation.pdf", len(data)),
        acting_user=None,
    )


def free_of(source: Source) -> Any:
    """Compared with plain numbers."""
    return allocating.free_of(source)


def opened(*invoices: Invoice) -> Any:
    """What is open of each now, to be compared with plain numbers."""
    found = open_of([invoice.pk for invoice in invoices])
    return [found[invoice.pk] for invoice in invoices]
