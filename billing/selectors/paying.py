"""Who pays, as somebody types it; and what a payment did."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, Subquery

from billing.choices import InvoiceKind, PaymentMethod
from billing.models import Allocation, ChequeStep, Invoice, Payment, Refund
from billing.selectors.open_items import with_open
from core.money import ZERO
from sites.models import Site
from sites.scopes import Scope
from tenants.models import Company

FOUND: Final = 8
"""Companies that are suggested at once."""
_PICKED: Final = re.compile(r" · (?:(?P<ice>\d{15})|#(?P<pk>\d{1,17}))$")


def named(company: Company) -> str:
    """How a company stands among the suggestions: `companies_like` finds it again by that."""
    return f"{company.name} · {company.ice or f'#{company.pk}'}"


def companies_like(text: str, user: Any) -> list[Company]:
    """By a suggestion that was picked, an invoice's number or its end, the ICE, or a part of the
    name; those that were billed first. At most FOUND. Two queries, one for what was picked."""
    text = text.strip()
    companies = Company.objects.current().visible_to(user)
    if picked := _PICKED.search(text):
        by = {"ice": picked["ice"]} if picked["ice"] else {"pk": int(picked["pk"])}
        return list(companies.filter(**by)[:1])
    if len(text) < 2:
        return []
    numbered = Q(number__iexact=text)
    if len(text) > 3:
        numbered |= Q(number__iendswith=f"-{text}")
    invoices = Invoice.objects.visible_to(user).filter(numbered)
    if found := list(companies.filter(pk__in=invoices.values("company"))[:FOUND]):
        return found
    return list(companies.called(text).order_by("name_key", "pk")[:FOUND])


def site_of_debt(company: Company, scope: Scope) -> Site | None:
    """The site of what the company owes longest, among some; where nothing is open, the one that
    billed it last. None: none ever did."""
    billed = Invoice.objects.within(scope).filter(company=company, kind=InvoiceKind.INVOICE)
    billed = billed.select_related("site__lessor")
    owed = with_open(billed).filter(open__gt=0).order_by("due_on", "id")
    found = owed.first() or billed.order_by("-issued_on", "-id").first()
    return None if found is None else found.site


def twin_of(
    lessor_id: int, company_id: int, method: PaymentMethod, amount: Decimal, day: dt.date
) -> Payment | None:
    """The last payment that says the same: perhaps the one that is about to be entered again."""
    rows = Payment.objects.standing().filter(
        lessor=lessor_id, company=company_id, method=method, amount=amount, received_on=day
    )
    rows = rows.filter(withheld_with=None).exclude(mistaken())
    return rows.order_by("-pk").first()


def credit_numbered(number: str, lessor_id: int, user: Any) -> Payment | Invoice | None:
    """The payment, or credit note, of the lessor that the user may see by its number."""
    here = {"lessor": lessor_id, "number__iexact": number.strip()}
    payments = Payment.objects.visible_to(user).select_related("site__lessor")
    notes = Invoice.objects.visible_to(user).select_related("site__lessor")
    return (
        payments.filter(**here).first()
        or notes.filter(**here, kind=InvoiceKind.CREDIT_NOTE).first()
    )


def last_step() -> Subquery:
    """Of a payment, how far its cheque has come; nothing of one that is only received."""
    steps = ChequeStep.objects.filter(payment=OuterRef("pk")).order_by("-id")
    return Subquery(steps.values("state")[:1])


@dataclass(frozen=True, slots=True)
class Settled:
    """What a payment, or credit note, settles of an invoice."""

    invoice: Invoice
    amount: Decimal


def settled_by(rows: Sequence[Allocation]) -> list[Settled]:
    """Of allocations of one source with their invoices at hand, what still stands, in the order of
    the invoices' days."""
    sums: dict[int, Decimal] = {}
    invoices: dict[int, Invoice] = {}
    for row in rows:
        sums[row.invoice_id] = sums.get(row.invoice_id, ZERO) + row.amount
        invoices[row.invoice_id] = row.invoice
    found = [Settled(invoices[pk], amount) for pk, amount in sums.items() if amount > ZERO]
    return sorted(found, key=lambda each: (each.invoice.due_on, each.invoice.pk))


def withheld_with(payment: Payment) -> list[Any]:
    """The payments that were withheld with it, the older first, with their certificates, or that
    they are `awaited`."""
    rows = payment.withheld.select_related("certificate").annotate(awaited=awaited())
    return list(rows.order_by("pk"))


def awaited() -> Exists:
    """Of a payment, whether its certificate is still to come."""
    return Exists(Payment.objects.awaiting_certificate().filter(pk=OuterRef("pk")))


def mistaken() -> Exists:
    """Of a payment, whether it was entered by mistake, and taken out of the books again."""
    return Exists(Refund.objects.filter(payment=OuterRef("pk"), by_mistake=True))
