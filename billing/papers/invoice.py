"""The PDF of an invoice or a credit note, made of the issued rows alone: the same for ever.

In the document's language; the total in words in French and Arabic, as is the custom. The UBL
form is attached (PDF/A-3), and a QR code says what a transfer needs.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from billing.choices import CreditKind, InvoiceKind, WithholdingKind
from billing.crediting import worth
from billing.errors.papers import OfOldSystem
from billing.models import Invoice, InvoiceLine
from billing.papers.expected import Withheld, expected_of
from billing.papers.ubl import by_rate, ubl
from core import formats
from core.money import rounded
from core.qr import qr_svg
from core.spelling import spelled_money
from core.typesetting import typeset
from leases.choices import ChargeKind, ChargeUnit
from leases.papers.parties import Row, isolated, language, one_line, own, said
from leases.proration import months_in
from leases.rent import DISCOUNT, ONCE, PER_M2

ATTACHED: Final = "invoice.xml"
LABELS: Final = {
    WithholdingKind.RENT: _("Withholding on rent, %(rate)s on %(base)s"),
    WithholdingKind.VAT: _("Withholding of VAT, %(rate)s on %(base)s"),
}
OTHER_LANGUAGE: Final = {"fr": "ar", "ar": "fr", "en": "fr"}


def invoice_pdf(invoice: Invoice) -> bytes:
    """`invoice` with its lines, and what it corrects, at hand. About 5 ms. Raises OfOldSystem."""
    lines = _lines(invoice)
    with translation.override(invoice.language):
        names = {line.position: what(line) for line in lines}
        xml = ubl(invoice, lines, names).decode()
        return typeset(
            "billing/pdf/invoice.typ",
            _data(invoice, lines, names),
            files={"ubl.xml": xml, "qr.svg": _qr(invoice)},
        )


def invoice_ubl(invoice: Invoice) -> bytes:
    """The UBL form of it, as the PDF has it attached. Raises OfOldSystem."""
    lines = _lines(invoice)
    with translation.override(invoice.language):
        return ubl(invoice, lines, {line.position: what(line) for line in lines})


def _lines(invoice: Invoice) -> list[InvoiceLine]:
    """There is no second paper of a number that the old system gave."""
    if not invoice.is_ours:
        raise OfOldSystem(number=invoice.number)
    return list(invoice.lines.all())


def what(line: InvoiceLine) -> str:
    """What a line is for, in the language in force: « parking (place 12) · A-B12 »."""
    if line.kind == DISCOUNT and line.amount > 0 and line.invoice.kind == InvoiceKind.INVOICE:
        kind = gettext("discount taken back")
    elif line.kind == DISCOUNT:
        kind = gettext("discount")
    elif line.kind in ChargeKind.values:
        kind = str(ChargeKind(line.kind).label)
    else:
        return own(line.label)
    said_as = f"{capfirst(kind)} ({own(line.label)})" if line.label else capfirst(kind)
    return f"{said_as} · {isolated(line.space)}" if line.space else said_as


def _data(
    invoice: Invoice, lines: Sequence[InvoiceLine], names: Mapping[int, str]
) -> dict[str, Any]:
    is_invoice = invoice.kind == InvoiceKind.INVOICE
    withheld = expected_of(invoice)
    title = gettext("Invoice %(number)s") if is_invoice else gettext("Credit note %(number)s")
    other = OTHER_LANGUAGE.get(invoice.language, "fr")
    data = {
        "title": title % {"number": isolated(invoice.number)},
        "attached": f"/{ATTACHED}",
        "seller": {"title": gettext("Seller"), "rows": party_rows(invoice.seller)},
        "client": {"title": gettext("Client"), "rows": party_rows(invoice.client)},
        "facts": _facts(invoice),
        "heads": [
            gettext("Designation"),
            gettext("Period"),
            gettext("Rate, excl. tax"),
            gettext("Amount, excl. tax"),
        ],
        "lines": [_line(line, names[line.position]) for line in lines],
        "sums": [*_sums(invoice, lines), *_withheld(withheld)],
        "in_words": gettext("In words:"),
        "words_of_total": spelled_money(invoice.total, invoice.language),
        "other_words_of_total": spelled_money(invoice.total, other),
        "other_language": other,
        "notes": []
        if withheld is None
        else [
            gettext(
                "What is withheld is as expected on the day of issue; the rate of the day of"
                " payment counts. Please hand over the certificate of what you withheld."
            )
        ],
    }
    if is_invoice:
        data["payment"] = {
            "title": gettext("To pay by transfer"),
            "reference": invoice.number,
            "rows": said(
                (gettext("reference"), isolated(invoice.number)),
                ("RIB", isolated(grouped(invoice.seller["rib"]))),
                (gettext("to be paid by"), formats.day(invoice.due_on, language())),
            ),
        }
    return data


def party_rows(told: Mapping[str, Any]) -> list[Row]:
    capital = told.get("capital")
    city = " ".join(filter(None, (told.get("postcode"), told.get("city"))))
    register = told["rc_number"]
    if register and told["rc_court"]:
        register = f"{register} ({told['rc_court']})"
    return said(
        (gettext("name"), own(told["name"])),
        (gettext("legal form"), told["legal_form"]),
        (gettext("share capital"), formats.money(Decimal(capital), language()) if capital else ""),
        (gettext("address"), one_line(told["address"], city)),
        ("ICE", isolated(told["ice"])),
        ("IF", isolated(told["if_number"])),
        ("RC", own(register)),
        ("TP", isolated(told.get("tp_number", ""))),
        ("CNSS", isolated(told.get("cnss_number", ""))),
        (gettext("phone"), formats.phone(told["phone"], language()) if told.get("phone") else ""),
        (gettext("e-mail"), isolated(told.get("email", ""))),
    )


def _facts(invoice: Invoice) -> list[Row]:
    corrected = invoice.corrects
    return said(
        (gettext("issued on"), formats.day(invoice.issued_on, language())),
        (
            gettext("to be paid by"),
            formats.day(invoice.due_on, language()) if corrected is None else "",
        ),
        (gettext("site"), own(invoice.site.name)),
        (gettext("lease"), isolated(invoice.lease.number) if invoice.lease is not None else ""),
        (
            gettext("corrects"),
            formats.apart(
                (corrected.number, formats.day(corrected.issued_on, language())), language()
            )
            if corrected is not None
            else "",
        ),
        (
            gettext("kind"),
            str(CreditKind(invoice.credit_kind).label) if invoice.credit_kind else "",
        ),
        (gettext("reason"), own(invoice.reason)),
    )


def _line(line: InvoiceLine, name: str) -> dict[str, str]:
    period = line.period
    return {
        "what": name,
        "detail": _formula(line),
        "days": ""
        if period is None
        else isolated(formats.days(period.start, period.last_day, language())),
        "rate": _rate(line),
        "amount": formats.number(line.amount, language(), decimals=2),
    }


def _rate(line: InvoiceLine) -> str:
    """Nothing of an amount that is no product of it: a part that is given back."""
    if not _is_product(line):
        return ""
    rate = formats.number(abs(line.rate), language(), decimals=2)
    if line.unit in ChargeUnit.values and line.unit != ONCE:
        return f"{rate} {ChargeUnit(line.unit).label}"
    return rate


def _formula(line: InvoiceLine) -> str:
    """What the rate is multiplied with, the quantity that the law wants: « 24,50 m² × 17/31 mois »,
    « 3 »."""
    if not _is_product(line):
        return ""
    factors = []
    if line.unit == PER_M2 and line.area_m2 is not None:
        factors.append(formats.area(line.area_m2, language()))
    if line.period is not None and line.unit != ONCE:
        factors.append(_months(months_in(line.period)))
    elif line.unit == ONCE:
        factors.append("1")
    if line.period is None:
        factors.append(formats.number(line.quantity, language(), decimals=_places(line.quantity)))
    return isolated(" × ".join(factors))


def _is_product(line: InvoiceLine) -> bool:
    asked: Decimal = abs(line.amount)
    if line.period is None:
        return rounded(abs(line.rate) * line.quantity) == asked
    whole = worth(
        line.period,
        unit=line.unit,
        rate=abs(line.rate),
        area_m2=line.area_m2,
        per_months=line.per_months,
    )
    return whole == asked


def _months(months: Fraction) -> str:
    text = f"{months.numerator}/{months.denominator}" if months.denominator > 1 else f"{months}"
    return f"{text} {pgettext('quantity', 'month') if months <= 1 else gettext('months')}"


def _places(value: Decimal) -> int:
    return max(-int(value.normalize().as_tuple().exponent), 0)


def _sums(invoice: Invoice, lines: Iterable[InvoiceLine]) -> list[dict[str, Any]]:
    rows = [(gettext("Total excl. tax"), invoice.net, False)]
    for (rate, ground), (net, vat) in by_rate(lines).items():
        if rate:
            shown = formats.percent(rate / 100, language(), decimals=_places(rate))
            label = gettext("VAT %(rate)s on %(net)s") % {
                "rate": shown,
                "net": formats.number(net, language(), decimals=2),
            }
        else:
            label = gettext("Exempt from VAT (%(ground)s)") % {"ground": own(ground)}
        rows.append((label, vat, False))
    rows.append((gettext("Total incl. tax"), invoice.total, True))
    return [
        {"label": label, "amount": formats.money(amount, language()), "strong": strong}
        for label, amount, strong in rows
    ]


def _withheld(withheld: Withheld | None) -> list[dict[str, Any]]:
    """What the client keeps back, and what is then left to pay."""
    if withheld is None:
        return []
    shown = [
        {
            "label": str(LABELS[each.kind])
            % {
                "rate": formats.percent(each.rate / 100, language(), decimals=_places(each.rate)),
                "base": formats.number(each.base, language(), decimals=2),
            },
            "amount": formats.money(-each.amount, language()),
            "strong": False,
        }
        for each in withheld.each
    ]
    to_pay = formats.money(withheld.to_pay, language())
    return [*shown, {"label": gettext("Then to be paid"), "amount": to_pay, "strong": True}]


def grouped(rib: str) -> str:
    """A RIB as banks write it: bank, place, account, key."""
    if len(rib) != 24:
        return rib
    return "\u00a0".join((rib[:3], rib[3:6], rib[6:22], rib[22:]))


def _qr(invoice: Invoice) -> str:
    """What a transfer needs, a line each: who, to which account, how much, with which reference."""
    withheld = expected_of(invoice)
    amount = invoice.total if withheld is None else withheld.to_pay
    told = (
        invoice.seller["name"],
        invoice.seller["rib"],
        f"MAD {amount:f}",
        invoice.number,
    )
    return qr_svg("\n".join(told))
