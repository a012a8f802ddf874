"""The PDF of a receipt (quittance): who paid what for which invoice, when and how."""

from collections.abc import Sequence
from typing import Any

from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext

from billing.models import Invoice, InvoiceLine, Payment, Receipt
from billing.papers.invoice import OTHER_LANGUAGE, party_rows, what
from billing.selectors.receipts import Settling
from core import formats
from core.spelling import spelled_money
from core.typesetting import typeset
from leases.papers.parties import Row, isolated, language, own, said


def receipt_pdf(receipt: Receipt, settled_by: Sequence[Settling]) -> bytes:
    """In the company's language; of an invoice with its lines at hand."""
    with translation.override(receipt.invoice.company.language):
        return typeset("billing/pdf/receipt.typ", _data(receipt, settled_by))


def _data(receipt: Receipt, settled_by: Sequence[Settling]) -> dict[str, Any]:
    invoice = receipt.invoice
    spoken = language()
    other = OTHER_LANGUAGE.get(spoken, "fr")
    return {
        "title": gettext("Receipt %(number)s") % {"number": isolated(receipt.number)},
        "seller": {"title": gettext("Received by"), "rows": party_rows(invoice.seller)},
        "client": {"title": gettext("Received from"), "rows": party_rows(invoice.client)},
        "sum": {
            "title": gettext("The sum of"),
            "amount": formats.money(receipt.amount, spoken),
            "words": spelled_money(receipt.amount, spoken),
            "other_words": spelled_money(receipt.amount, other),
            "other_language": other,
        },
        "facts": _facts(receipt),
        "heads": [gettext("Designation"), gettext("Period"), gettext("Amount, incl. tax")],
        "lines": [_line(line) for line in invoice.lines.all()],
        "total": [gettext("Total incl. tax"), formats.money(invoice.total, spoken)],
        "paid": {
            "title": gettext("Paid"),
            "heads": [gettext("Received on"), gettext("How"), gettext("Amount")],
            "rows": [_settling(each) for each in settled_by],
        },
        "notes": _stamps(settled_by),
    }


def _facts(receipt: Receipt) -> list[Row]:
    invoice = receipt.invoice
    return said(
        (gettext("issued on"), formats.day(receipt.issued_on, language())),
        (
            gettext("for invoice"),
            formats.apart((invoice.number, formats.day(invoice.issued_on, language())), language()),
        ),
        (gettext("site"), own(invoice.site.name)),
        (gettext("lease"), isolated(invoice.lease.number) if invoice.lease is not None else ""),
    )


def _line(line: InvoiceLine) -> list[str]:
    period = line.period
    days = (
        "" if period is None else isolated(formats.days(period.start, period.last_day, language()))
    )
    return [what(line), days, formats.number(line.amount + line.vat, language(), decimals=2)]


def _settling(each: Settling) -> list[str]:
    return [
        formats.day(each.payment.received_on if each.payment else each.on, language()),
        how(each),
        formats.number(each.amount, language(), decimals=2),
    ]


def how(each: Settling) -> str:
    """« Chèque 0012345 · Banque Démo », in the language in force."""
    source = each.source
    if isinstance(source, Payment):
        label = capfirst(str(source.get_method_display()))
        if source.reference:
            label = f"{label} {own(source.reference)}"
        return f"{label} · {own(source.bank)}" if source.bank else label
    if isinstance(source, Invoice):
        return capfirst(gettext("credit note")) + " " + isolated(source.number)
    return capfirst(gettext("write-off"))


def _stamps(settled_by: Sequence[Settling]) -> list[str]:
    return [
        gettext("Stamp duty collected on top of payment %(number)s: %(amount)s")
        % {
            "number": isolated(each.payment.number),
            "amount": formats.money(each.payment.stamp_duty, language()),
        }
        for each in settled_by
        if each.payment is not None and each.payment.stamp_duty
    ]
