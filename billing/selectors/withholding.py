"""The open items of an account, with what the company is to keep back of each."""

import datetime as dt
from collections.abc import Collection, Mapping
from decimal import Decimal

from django.db.models import Case, F, Sum, When

from billing.choices import InvoiceKind, PaymentMethod, WithholdingKind
from billing.models import Allocation, Invoice, InvoiceLine, WithholdingRule
from billing.selectors.open_items import with_open
from billing.sharing import OpenItem, expected
from core.money import ZERO

METHODS = {
    WithholdingKind.RENT: PaymentMethod.WITHHOLDING,
    WithholdingKind.VAT: PaymentMethod.VAT_WITHHOLDING,
}
"""In the order of what `OpenItem.to_withhold` says."""


def open_items(lessor_id: int, company_id: int, day: dt.date) -> list[OpenItem]:
    """What the company still owes the lessor, the oldest due first, as paid on the day.

    Two queries, four for who withholds.
    """
    invoices = Invoice.objects.filter(
        lessor=lessor_id, company=company_id, kind=InvoiceKind.INVOICE
    )
    rows = with_open(invoices).filter(open__gt=0).order_by("due_on", "id")
    opened = dict(rows.values_list("pk", "open"))
    kept = to_withhold(company_id, opened, day) if opened else {}
    return [OpenItem(pk, amount, kept.get(pk, ())) for pk, amount in opened.items()]


def to_withhold(
    company_id: int, opened: Mapping[int, Decimal], day: dt.date
) -> Mapping[int, tuple[Decimal, ...]]:
    """By invoice, of what is open of it: what the rules of the day say is to be withheld and is not
    yet, by kind. Nothing of a company that withholds nothing."""
    keeping = Keeping({pk: (company_id, amount) for pk, amount in opened.items()})
    found = {pk: keeping.of(pk, day) for pk in opened}
    return found if any(found.values()) else {}


class Keeping:
    """What is to be withheld of open invoices of many companies, on any day.

    `opened`: by invoice, its company and what is open. One query, four where somebody withholds.
    """

    def __init__(self, opened: Mapping[int, tuple[int, Decimal]]) -> None:
        companies = {company for company, _amount in opened.values()}
        self.rules: dict[int, list[WithholdingRule]] = {}
        for rule in WithholdingRule.objects.filter(company__in=companies):
            self.rules.setdefault(rule.company_id, []).append(rule)
        self.opened = {pk: told for pk, told in opened.items() if told[0] in self.rules}
        self.bases = _bases(self.opened) if self.opened else {}
        self.before = _withheld(self.opened) if self.opened else {}

    def of(self, invoice_id: int, day: dt.date) -> tuple[Decimal, ...]:
        """By kind; empty where nothing is withheld on the day."""
        if invoice_id not in self.opened:
            return ()
        company, rest = self.opened[invoice_id]
        rates = {rule.kind: rule.rate for rule in self.rules[company] if day in rule.period}
        if not rates:
            return ()
        each = []
        for kind, method in METHODS.items():
            base = self.bases[invoice_id][kind]
            before = self.before.get((invoice_id, method), ZERO)
            each.append(expected(base, rates.get(kind, ZERO), before, rest))
            rest -= each[-1]
        return tuple(each)


def _bases(invoice_ids: Collection[int]) -> Mapping[int, Mapping[str, Decimal]]:
    """By invoice: its rent without VAT, and its VAT; less what credit notes took of them."""
    lines = InvoiceLine.objects.filter(invoice__in=invoice_ids).order_by()
    noted = InvoiceLine.objects.filter(invoice__corrects__in=invoice_ids).order_by()
    rent = Sum(Case(When(is_rent=True, then=F("amount")), default=ZERO))
    bases: dict[int, dict[str, Decimal]] = {pk: dict.fromkeys(METHODS, ZERO) for pk in invoice_ids}
    for sign, rows in (
        (1, lines.values_list("invoice").annotate(rent=rent, tax=Sum("vat"))),
        (-1, noted.values_list("invoice__corrects").annotate(rent=rent, tax=Sum("vat"))),
    ):
        for pk, net, vat in rows:
            bases[pk][WithholdingKind.RENT] += sign * net
            bases[pk][WithholdingKind.VAT] += sign * vat
    return bases


def _withheld(invoice_ids: Collection[int]) -> Mapping[tuple[int, str], Decimal]:
    rows = Allocation.objects.filter(invoice__in=invoice_ids, payment__method__in=METHODS.values())
    sums = rows.order_by().values_list("invoice", "payment__method").annotate(Sum("amount"))
    return {(pk, method): amount for pk, method, amount in sums}
