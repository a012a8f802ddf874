"""Invoices outside any lease: meeting rooms, badges, sponsors; in the same series."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from accounts.models import User
from accounts.rights import Action
from billing.choices import InvoiceKind
from billing.errors.invoices import BadSale, NoVatRule
from billing.models import Invoice
from billing.selectors.invoices import last_sale
from billing.services.accounts import locked
from billing.services.documents import Draft, DraftLine, write_one
from billing.services.runs import settings_of
from core.errors import Stale
from core.history import recorded
from core.money import rounded
from core.periods import today
from leases.rent import vat_on
from sites.choices import VatSubject
from sites.models import Site, VatRule
from sites.permissions import require
from tenants.models import Company

SALE: Final = "sale"


@dataclass(frozen=True, slots=True)
class SaleLine:
    """So many of something at a price without tax, DH; VAT as the lessor's rule for the subject."""

    label: str
    price: Decimal
    quantity: Decimal = Decimal(1)
    vat_subject: str = VatSubject.SERVICE


def drafted_sale(*, site: Site, company: Company, lines: Sequence[SaleLine]) -> Draft:
    """What would be issued today; nothing is written. Raises BadSale, NoVatRule."""
    draft = Draft(InvoiceKind.INVOICE, company.pk)
    for line in lines:
        draft.lines.append(_line(site, line))
    if not draft.lines or draft.net <= 0:
        raise BadSale
    return draft


def issue_sale(
    *,
    site: Site,
    company: Company,
    lines: Sequence[SaleLine],
    acting_user: User | None,
    after: int | None = None,
) -> Invoice:
    """`after`: the id of the last sale of the account that the user knew of (`last_sale`; 0: none),
    so that one sent twice is issued once.

    Raises BadSale, SumTooLarge, NoVatRule, SellerIncomplete, BillingNotSet, Stale, NotAllowed.
    """
    with recorded(acting_user):
        require(acting_user, Action.ISSUE, "invoice", site.pk)
        settings = settings_of(site)
        draft = drafted_sale(site=site, company=company, lines=lines)
        locked(site.lessor_id, company.pk)
        if after is not None and after != last_sale(site.lessor_id, company.pk):
            raise Stale
        return write_one(
            draft, site=site, payment_days=settings.payment_days, acting_user=acting_user
        )


def _line(site: Site, line: SaleLine) -> DraftLine:
    if not line.label.strip() or line.quantity <= 0 or line.price < 0:
        raise BadSale
    rules = VatRule.objects.filter(lessor=site.lessor_id, subject=line.vat_subject)
    rule = rules.filter(period__contains=today()).first()
    if rule is None:
        raise NoVatRule(subject=VatSubject(line.vat_subject).label)
    amount = rounded(Fraction(line.price) * Fraction(line.quantity))
    return DraftLine(
        kind=SALE,
        label=line.label.strip(),
        unit=SALE,
        rate=line.price,
        quantity=line.quantity,
        amount=amount,
        vat_rate=rule.rate,
        vat_ground=rule.exemption_ground,
        vat=vat_on(amount, rule.rate),
    )
