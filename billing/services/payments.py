"""Money that comes in: entered once, shared among what is open, what is withheld beside it."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.utils import timezone

from accounts.models import User
from accounts.rights import Action
from billing.choices import InvoiceKind, PaymentMethod
from billing.errors import BadAmount, MoreThanFree, MoreThanOpen, OtherAccount, ReceivedLater
from billing.models import BankLine, Invoice, Payment
from billing.selectors.open_items import open_of
from billing.selectors.withholding import METHODS, open_items
from billing.services import numbers
from billing.services.accounts import locked
from billing.services.allocating import Share, write_allocations
from billing.sharing import Portion, oldest_first
from core.history import recorded
from core.money import ZERO, rounded
from core.periods import today
from sites.models import Site
from sites.permissions import require
from tenants.models import Company


def record_payment(
    *,
    site: Site,
    company: Company,
    method: PaymentMethod,
    received_on: dt.date,
    amount: Decimal,
    acting_user: User | None,
    shares: Sequence[Portion] | None = None,
    reference: str = "",
    bank: str = "",
    payer: str = "",
    note: str = "",
    bank_line: BankLine | None = None,
) -> Payment:
    """Money of a company that came in at a site, DH.

    `shares`: what of it settles which invoice and what is withheld with that; None: the oldest
    first, with what the company withholds by the rules of the day; empty: it stays credit. What is
    withheld becomes a payment of its own, which awaits its certificate. Raises BadAmount,
    ReceivedLater, MoreThanOpen, MoreThanFree, OtherAccount, NotAllowed.
    """
    with recorded(acting_user):
        require(acting_user, Action.ADD, "payment", site.pk)
        if amount <= ZERO or amount != rounded(amount):
            raise BadAmount
        if received_on > today():
            raise ReceivedLater
        locked(site.lessor_id, company.pk)
        if shares is None:
            shares = oldest_first(amount, open_items(site.lessor_id, company.pk, received_on))
        invoices = Invoice.objects.in_bulk([share.invoice_id for share in shares])
        for invoice in invoices.values():
            require(acting_user, Action.ADD, "payment", invoice.site_id)
        payment = Payment(
            lessor_id=site.lessor_id,
            site=site,
            company=company,
            method=method,
            received_on=received_on,
            amount=amount,
            reference=reference.strip(),
            bank=bank.strip(),
            payer=payer.strip(),
            note=note.strip(),
            bank_line=bank_line,
            made_at=timezone.now(),
            acting_user=acting_user,
        )
        _check(payment, shares, invoices)
        _save([payment], site)
        kept = _withheld(payment, shares)
        _save(kept, site)
        rows = [(payment, Share(share.invoice_id, share.paid)) for share in shares if share.paid]
        for position, one in enumerate(kept_kinds(shares)):
            rows += [
                (kept[position], Share(share.invoice_id, share.withheld[one]))
                for share in shares
                if len(share.withheld) > one and share.withheld[one]
            ]
        write_allocations(
            [
                (source, share, max(received_on, invoices[share.invoice_id].issued_on))
                for source, share in rows
            ],
            acting_user=acting_user,
        )
    return payment


def kept_kinds(shares: Sequence[Portion]) -> list[int]:
    """Which kinds of withholding, by their place in `METHODS`, are among the shares."""
    return [
        place
        for place in range(len(METHODS))
        if any(len(share.withheld) > place and share.withheld[place] for share in shares)
    ]


def _check(payment: Payment, shares: Sequence[Portion], invoices: dict[int, Invoice]) -> None:
    parts = [part for share in shares for part in (share.paid, *share.withheld)]
    if any(part < ZERO or part != rounded(part) for part in parts):
        raise BadAmount(field="shares")
    if sum((share.paid for share in shares), ZERO) > payment.amount:
        raise MoreThanFree(number=payment.get_method_display(), free=payment.amount)
    opened = dict(open_of(invoices.keys()))
    for share in shares:
        invoice = invoices[share.invoice_id]
        if (invoice.lessor_id, invoice.company_id, invoice.kind) != (
            payment.lessor_id,
            payment.company_id,
            InvoiceKind.INVOICE,
        ):
            raise OtherAccount(number=invoice.number)
        asked = share.paid + sum(share.withheld, ZERO)
        if asked > opened[invoice.pk]:
            raise MoreThanOpen(number=invoice.number, open=opened[invoice.pk])
        opened[invoice.pk] -= asked


def _withheld(payment: Payment, shares: Sequence[Portion]) -> list[Payment]:
    """What was kept back with a payment, one row for each kind."""
    methods = list(METHODS.values())
    return [
        Payment(
            lessor_id=payment.lessor_id,
            site=payment.site,
            company=payment.company,
            method=methods[place],
            received_on=payment.received_on,
            amount=sum((s.withheld[place] for s in shares if len(s.withheld) > place), ZERO),
            payer=payment.payer,
            withheld_with=payment,
            made_at=payment.made_at,
            acting_user=payment.acting_user,
        )
        for place in kept_kinds(shares)
    ]


def _save(payments: Sequence[Payment], site: Site) -> None:
    for payment in payments:
        payment.number = numbers.next_number(site.lessor, numbers.PAYMENT)
        payment.save()
