"""Invoices and credit notes as UBL 2.1, the structured form that programs read.

The order of the elements is the schema's. Amounts as issued: nothing is computed anew but sums.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, Protocol

from billing.choices import InvoiceKind
from billing.models import Invoice, InvoiceLine
from core.money import ZERO, rounded

MEDIA_TYPE: Final = "application/xml"
_OASIS: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
_CBC: Final = f"{_OASIS}CommonBasicComponents-2"
_CAC: Final = f"{_OASIS}CommonAggregateComponents-2"
_ROOTS: Final = {InvoiceKind.INVOICE: "Invoice", InvoiceKind.CREDIT_NOTE: "CreditNote"}
_TYPES: Final = {InvoiceKind.INVOICE: "380", InvoiceKind.CREDIT_NOTE: "381"}  # UN/CEFACT 1001
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_CURRENCY: Final = "MAD"
_TRANSFER: Final = "30"  # UN/CEFACT 4461: credit transfer
_PIECE: Final = "C62"  # UN/ECE Rec. 20

for _prefix, _uri in (
    ("cbc", _CBC),
    ("cac", _CAC),
    *((root.lower(), f"{_OASIS}{root}-2") for root in _ROOTS.values()),
):
    ET.register_namespace(_prefix, _uri)


def ubl(invoice: Invoice, lines: Sequence[InvoiceLine], names: Mapping[int, str]) -> bytes:
    """The document as XML; `names`: what each line is for, by its position, in its language."""
    kind = InvoiceKind(invoice.kind)
    root = ET.Element(f"{{{_OASIS}{_ROOTS[kind]}-2}}{_ROOTS[kind]}")
    _say(root, "UBLVersionID", "2.1")
    _say(root, "ID", invoice.number)
    _say(root, "IssueDate", invoice.issued_on.isoformat())
    if kind == InvoiceKind.INVOICE:
        _say(root, "DueDate", invoice.due_on.isoformat())
        _say(root, "InvoiceTypeCode", _TYPES[kind])
    else:
        _say(root, "CreditNoteTypeCode", _TYPES[kind])
        _say(root, "Note", invoice.reason)
    _say(root, "DocumentCurrencyCode", _CURRENCY)
    if invoice.corrects is not None:
        reference = _open(_open(root, "BillingReference"), "InvoiceDocumentReference")
        _say(reference, "ID", invoice.corrects.number)
        _say(reference, "IssueDate", invoice.corrects.issued_on.isoformat())
    _party(_open(root, "AccountingSupplierParty"), invoice.seller)
    _party(_open(root, "AccountingCustomerParty"), invoice.client)
    if kind == InvoiceKind.INVOICE and invoice.seller["rib"]:
        means = _open(root, "PaymentMeans")
        _say(means, "PaymentMeansCode", _TRANSFER)
        _say(means, "PaymentID", invoice.number)
        _say(_open(means, "PayeeFinancialAccount"), "ID", invoice.seller["rib"])
    _taxes(root, lines, invoice.vat)
    totals = _open(root, "LegalMonetaryTotal")
    _amount(totals, "LineExtensionAmount", invoice.net)
    _amount(totals, "TaxExclusiveAmount", invoice.net)
    _amount(totals, "TaxInclusiveAmount", invoice.net + invoice.vat)
    _amount(totals, "PayableAmount", invoice.net + invoice.vat)
    for line in lines:
        _line(root, kind, line, names[line.position])
    return f"{_HEAD}{ET.tostring(root, encoding='unicode')}".encode()


class Taxed(Protocol):
    """A line, issued or not yet."""

    vat_rate: Decimal
    vat_ground: str
    amount: Decimal
    vat: Decimal


def by_rate(lines: Iterable[Taxed]) -> dict[tuple[Decimal, str], tuple[Decimal, Decimal]]:
    """(net, VAT) by rate and ground of exemption, the highest rate first."""
    sums: dict[tuple[Decimal, str], tuple[Decimal, Decimal]] = {}
    for line in lines:
        net, vat = sums.get((line.vat_rate, line.vat_ground), (ZERO, ZERO))
        sums[line.vat_rate, line.vat_ground] = (net + line.amount, vat + line.vat)
    return dict(sorted(sums.items(), reverse=True))


def _party(holder: ET.Element, told: Mapping[str, Any]) -> None:
    party = _open(holder, "Party")
    if told["ice"]:
        identification = _say(_open(party, "PartyIdentification"), "ID", told["ice"])
        identification.set("schemeID", "ICE")
    _say(_open(party, "PartyName"), "Name", told["name"])
    address = _open(party, "PostalAddress")
    if told["address"]:
        _say(address, "StreetName", " ".join(told["address"].split()))
    for tag, name in (("CityName", "city"), ("PostalZone", "postcode")):
        if told.get(name):
            _say(address, tag, told[name])
    _say(_open(address, "Country"), "IdentificationCode", "MA")
    if told["if_number"]:
        scheme = _open(party, "PartyTaxScheme")
        _say(scheme, "CompanyID", told["if_number"])
        _say(_open(scheme, "TaxScheme"), "ID", "VAT")
    entity = _open(party, "PartyLegalEntity")
    _say(entity, "RegistrationName", told["name"])
    if told["rc_number"]:
        _say(entity, "CompanyID", told["rc_number"]).set("schemeID", "RC")


def _taxes(root: ET.Element, lines: Sequence[InvoiceLine], vat: Decimal) -> None:
    total = _open(root, "TaxTotal")
    _amount(total, "TaxAmount", vat)
    for (rate, ground), (net, tax) in by_rate(lines).items():
        subtotal = _open(total, "TaxSubtotal")
        _amount(subtotal, "TaxableAmount", net)
        _amount(subtotal, "TaxAmount", tax)
        _category(_open(subtotal, "TaxCategory"), rate, ground)


def _category(category: ET.Element, rate: Decimal, ground: str = "") -> None:
    _say(category, "ID", "S" if rate else "E")  # UN/CEFACT 5305
    _say(category, "Percent", f"{rate:f}")
    if ground:
        _say(category, "TaxExemptionReason", ground)
    _say(_open(category, "TaxScheme"), "ID", "VAT")


def _line(root: ET.Element, kind: InvoiceKind, line: InvoiceLine, name: str) -> None:
    is_invoice = kind == InvoiceKind.INVOICE
    element = _open(root, "InvoiceLine" if is_invoice else "CreditNoteLine")
    _say(element, "ID", str(line.position))
    count, price = _priced(line)
    quantity = _say(element, "InvoicedQuantity" if is_invoice else "CreditedQuantity", f"{count:f}")
    quantity.set("unitCode", _PIECE)
    _amount(element, "LineExtensionAmount", line.amount)
    if line.period is not None:
        period = _open(element, "InvoicePeriod")
        _say(period, "StartDate", line.period.start.isoformat())
        assert line.period.last_day is not None
        _say(period, "EndDate", line.period.last_day.isoformat())
    item = _open(element, "Item")
    _say(item, "Name", name)
    _category(_open(item, "ClassifiedTaxCategory"), line.vat_rate)
    _amount(_open(element, "Price"), "PriceAmount", price)


def _priced(line: InvoiceLine) -> tuple[Decimal, Decimal]:
    """How many of what price: of a sale as it was sold, of a charge, or a part of a line that is
    credited, one of its amount. A price is never negative: of a discount there is one less."""
    if line.period is None and rounded(line.quantity * line.rate) == line.amount:
        return line.quantity, line.rate
    return Decimal(-1 if line.amount < ZERO else 1), abs(line.amount)


def _open(parent: ET.Element, tag: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{_CAC}}}{tag}")


def _say(parent: ET.Element, tag: str, text: str) -> ET.Element:
    element = ET.SubElement(parent, f"{{{_CBC}}}{tag}")
    element.text = text
    return element


def _amount(parent: ET.Element, tag: str, amount: Decimal) -> None:
    _say(parent, tag, f"{amount.normalize():f}" if amount else "0").set("currencyID", _CURRENCY)
