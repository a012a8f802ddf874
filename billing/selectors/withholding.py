"""The open items of an account, with what the company is to keep back of each."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, F, Sum, When

from billing.choices import WITHHELD, InvoiceKind, PaymentMethod, WithholdingKind
from billing.models import Invoice, InvoiceLine, WithholdingRule
from billing.selectors.open_items import with_open
from billing.sharing import OpenItem, expected
from core.money import ZERO
from sites.scopes import Scope

METHODS = {
    WithholdingKind.RENT: PaymentMethod.WITHHOLDING,
    WithholdingKind.VAT: PaymentMethod.VAT_WITHHOLDING,
}
"""In the order of what `OpenItem.to_withhold` says."""


@dataclass(frozen=True, slots=True)
class Base:
    """Of an invoice, less what credit notes took of it, DH."""

    rent: Decimal = ZERO
    net: Decimal = ZERO
    vat: Decimal = ZERO

    @property
    def asked(self) -> Decimal:
        return self.net + self.vat

    def of(self, kind: WithholdingKind) -> Decimal:
        """What is withheld from: rent without VAT, or the VAT."""
        return self.rent if kind == WithholdingKind.RENT else self.vat


def open_items(
    lessor_id: int, company_id: int, day: dt.date, *, scope: Scope | None = None
) -> list[OpenItem]:
    """What the company still owes the lessor, the oldest due first, as paid on the day; with a
    scope, at its sites alone. Two queries, four for who withholds."""
    opened = _opened(lessor_id, company_id, scope)
    kept = to_withhold(company_id, opened, day) if opened else {}
    return [OpenItem(pk, amount, kept.get(pk, ())) for pk, amount in opened.items()]


def items_for(
    method: PaymentMethod,
    lessor_id: int,
    company_id: int,
    day: dt.date,
    *,
    scope: Scope | None = None,
) -> list[OpenItem]:
    """The open items that a payment of the day settles: what is withheld, those of which something
    may be; what was kept of a deposit, all, with nothing withheld."""
    if method in WITHHELD:
        return items_with(method, lessor_id, company_id, scope=scope)
    if method == PaymentMethod.DEPOSIT:
        return [OpenItem(*each) for each in _opened(lessor_id, company_id, scope).items()]
    return open_items(lessor_id, company_id, day, scope=scope)


def items_with(
    method: PaymentMethod, lessor_id: int, company_id: int, *, scope: Scope | None = None
) -> list[OpenItem]:
    """The open items of which something may be withheld in this way: those with rent, or with VAT,
    whatever the rules say. For what a client kept back and nobody expected."""
    (kind,) = (kind for kind, each in METHODS.items() if each == method)
    opened = _opened(lessor_id, company_id, scope)
    bases = bases_of(opened)
    return [OpenItem(pk, amount) for pk, amount in opened.items() if bases[pk].of(kind) > ZERO]


def _opened(lessor_id: int, company_id: int, scope: Scope | None) -> dict[int, Decimal]:
    invoices = Invoice.objects.filter(
        lessor=lessor_id, company=company_id, kind=InvoiceKind.INVOICE
    )
    if scope is not None:
        invoices = invoices.within(scope)
    rows = with_open(invoices).filter(open__gt=0).order_by("due_on", "id")
    return dict(rows.values_list("pk", "open"))


def rates_on(company_ids: Collection[int], day: dt.date) -> Mapping[int, Mapping[str, Decimal]]:
    """By company, by kind: the percentage that it is to withhold on the day. One query."""
    found: dict[int, dict[str, Decimal]] = {pk: {} for pk in company_ids}
    rules = WithholdingRule.objects.filter(company__in=found, period__contains=day)
    for company_id, kind, rate in rules.order_by("kind").values_list("company", "kind", "rate"):
        found[company_id][kind] = rate
    return found


def to_withhold(
    company_id: int, opened: Mapping[int, Decimal], day: dt.date
) -> Mapping[int, tuple[Decimal, ...]]:
    """By invoice, of what is open of it: what the rules of the day say is to be withheld, by kind.
    Nothing of a company that withholds nothing."""
    keeping = Keeping({pk: (company_id, amount) for pk, amount in opened.items()})
    found = {pk: keeping.of(pk, day) for pk in opened}
    return found if any(found.values()) else {}


class Keeping:
    """What is to be withheld of open invoices of many companies, on any day.

    `opened`: by invoice, its company and what is open. One query, three where somebody withholds.
    """

    def __init__(self, opened: Mapping[int, tuple[int, Decimal]]) -> None:
        companies = {company for company, _amount in opened.values()}
        self.rules: dict[int, list[WithholdingRule]] = {}
        for rule in WithholdingRule.objects.filter(company__in=companies):
            self.rules.setdefault(rule.company_id, []).append(rule)
        self.opened = {pk: told for pk, told in opened.items() if told[0] in self.rules}
        self.bases = bases_of(self.opened) if self.opened else {}

    def of(self, invoice_id: int, day: dt.date) -> tuple[Decimal, ...]:
        """By kind; empty where nothing is withheld on the day."""
        if invoice_id not in self.opened:
            return ()
        company, amount = self.opened[invoice_id]
        rates = {rule.kind: rule.rate for rule in self.rules[company] if day in rule.period}
        if not rates:
            return ()
        base, rest, each = self.bases[invoice_id], amount, []
        for kind in METHODS:
            rate = rates.get(kind, ZERO)
            each.append(min(expected(base.of(kind), rate, amount, base.asked), rest))
            rest -= each[-1]
        return tuple(each)


def bases_of(invoice_ids: Collection[int]) -> Mapping[int, Base]:
    """By invoice. Two queries."""
    lines = InvoiceLine.objects.filter(invoice__in=invoice_ids).order_by()
    noted = InvoiceLine.objects.filter(invoice__corrects__in=invoice_ids).order_by()
    rent = Sum(Case(When(is_rent=True, then=F("amount")), default=ZERO))
    sums = {"rent": rent, "all_net": Sum("amount"), "tax": Sum("vat")}
    bases: dict[int, Base] = defaultdict(Base)
    for sign, rows in (
        (1, lines.values_list("invoice").annotate(**sums)),
        (-1, noted.values_list("invoice__corrects").annotate(**sums)),
    ):
        for pk, let, net, vat in rows:
            was = bases[pk]
            bases[pk] = Base(was.rent + sign * let, was.net + sign * net, was.vat + sign * vat)
    return bases
