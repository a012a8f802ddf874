"""What a client is expected to keep back of an invoice, by what was frozen with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from billing.choices import InvoiceKind, WithholdingKind
from billing.models import Invoice, InvoiceLine
from billing.sharing import expected
from core.money import ZERO


@dataclass(frozen=True, slots=True)
class Expected:
    """`amount` is `rate` percent of `base`, DH. The day of payment decides anew."""

    kind: WithholdingKind
    base: Decimal
    rate: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Withheld:
    """`to_pay`: what is then left to be paid, DH."""

    each: list[Expected]
    to_pay: Decimal


def expected_of(invoice: Invoice) -> Withheld | None:
    """With its lines at hand. Nothing of a credit note, nor of a client that withheld nothing on
    the day of issue."""
    rates = invoice.client.get("withholding", {})
    if invoice.kind != InvoiceKind.INVOICE or not rates:
        return None
    rest, each = invoice.total, []
    for kind in WithholdingKind:
        rate = Decimal(rates.get(kind, "0"))
        base = _base(kind, invoice, invoice.lines.all())
        if amount := min(expected(base, rate, invoice.total, invoice.total), rest):
            each.append(Expected(kind, base, rate, amount))
            rest -= amount
    return Withheld(each, rest) if each else None


def _base(kind: WithholdingKind, invoice: Invoice, lines: Iterable[InvoiceLine]) -> Decimal:
    rent = (line.amount for line in lines if line.is_rent)
    base: Decimal = invoice.vat if kind == WithholdingKind.VAT else sum(rent, ZERO)
    return base
