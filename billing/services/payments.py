"""Money that comes in: entered once, shared among what is open, what is withheld beside it."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from django.utils import timezone

from accounts.models import User
from accounts.rights import Action
from billing.choices import WITHHELD, PaymentMethod
from billing.errors.money import BadAmount, MoreThanFree, NothingFree, ReceivedLater
from billing.models import Account, BankLine, Payment
from billing.selectors.open_items import with_free
from billing.selectors.withholding import METHODS, items_for
from billing.services import numbers
from billing.services.accounts import locked
from billing.services.allocating import (
    Row,
    Share,
    free_of,
    invoices_to_settle,
    write_allocations,
)
from billing.services.closing import check_open
from billing.sharing import Portion, oldest_first
from core.history import recorded
from core.money import ZERO, rounded
from core.periods import today
from sites.models import Site
from sites.permissions import require
from sites.scopes import Scope, scope_of
from tenants.models import Company

STAMP_DUTY: Final = Fraction(25, 10_000)
"""Of what is paid in cash (CGI, droits de timbre)."""


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
    """Money of a company that came in at a site, DH; stamp duty on cash is collected beside it.

    `shares`: what of it settles which invoice and what is withheld with that; None: the oldest
    first, with what the company withholds by the rules of the day, at the sites where the user may;
    empty: it stays credit. What is withheld becomes a payment of its own, which awaits its
    certificate. Raises BadAmount, ReceivedLater, MonthClosed, MoreThanOpen, MoreThanFree,
    OtherAccount, CashLimit, NotAllowed.
    """
    with recorded(acting_user):
        require(acting_user, Action.ADD, "payment", site.pk)
        if amount <= ZERO or amount != rounded(amount):
            raise BadAmount
        if received_on > today():
            raise ReceivedLater
        check_open(site.lessor_id, received_on, field="received_on")
        account = locked(site.lessor_id, company.pk)
        if shares is None:
            scope = None if acting_user is None else scope_of(acting_user, Action.ADD, "payment")
            shares = proposed(site.lessor_id, company.pk, method, amount, received_on, scope=scope)
        payment = Payment(
            lessor_id=site.lessor_id,
            site=site,
            company=company,
            method=method,
            received_on=received_on,
            amount=amount,
            stamp_duty=stamp_duty_on(amount) if method == PaymentMethod.CASH else ZERO,
            reference=reference.strip(),
            bank=bank.strip(),
            payer=payer.strip(),
            note=note.strip(),
            bank_line=bank_line,
            made_at=timezone.now(),
            acting_user=acting_user,
        )
        _settle(
            account, payment, shares, day=received_on, right=Action.ADD, acting_user=acting_user
        )
    return payment


def settle_with(
    *, payment: Payment, shares: Sequence[Portion] | None, acting_user: User | None
) -> None:
    """What is free of a payment settles invoices, from today on, with what is withheld of them at
    the rate of the day on which it was received: how an advance is used up.

    `shares`: None: the oldest first. What was withheld with it before and is free is used first.
    Raises NothingFree, BadAmount, MoreThanOpen, MoreThanFree, OtherAccount, CashLimit, NotAllowed.
    """
    with recorded(acting_user):
        account = locked(payment.lessor_id, payment.company_id)
        free = free_of(payment)
        if free <= ZERO:
            raise NothingFree(number=payment.number)
        if shares is None:
            scope = None if acting_user is None else scope_of(acting_user, Action.CHANGE, "payment")
            of = (payment.lessor_id, payment.company_id, PaymentMethod(payment.method))
            shares = proposed(*of, free, payment.received_on, scope=scope)
        _settle(account, payment, shares, day=today(), right=Action.CHANGE, acting_user=acting_user)


def proposed(
    lessor_id: int,
    company_id: int,
    method: PaymentMethod,
    amount: Decimal,
    received_on: dt.date,
    *,
    scope: Scope | None = None,
) -> list[Portion]:
    """How a payment would be shared where nobody says it: the oldest first; an amount withheld
    among the invoices of which something may be."""
    items = items_for(method, lessor_id, company_id, received_on, scope=scope)
    return oldest_first(amount, items)


def stamp_duty_on(amount: Decimal) -> Decimal:
    """Collected on top of so much cash, DH."""
    return rounded(Fraction(amount) * STAMP_DUTY)


def _settle(
    account: Account,
    payment: Payment,
    shares: Sequence[Portion],
    *,
    day: dt.date,
    right: Action,
    acting_user: User | None,
) -> None:
    """Check the shares, write the payment where it is new, and what is withheld with it, and settle
    from the day on."""
    parts = [part for share in shares for part in (share.paid, *share.withheld)]
    if any(part < ZERO or part != rounded(part) for part in parts):
        raise BadAmount(field="shares")
    if payment.method in WITHHELD and any(any(share.withheld) for share in shares):
        raise BadAmount(field="shares")
    free = payment.amount if payment.pk is None else free_of(payment)
    if sum((share.paid for share in shares), ZERO) > free:
        raise MoreThanFree(number=payment.number or payment.get_method_display(), free=free)
    invoices = invoices_to_settle(
        account,
        [Share(each.invoice_id, each.paid + sum(each.withheld, ZERO)) for each in shares],
    )
    for site_id in {invoice.site_id for invoice in invoices.values()} | {payment.site_id}:
        require(acting_user, right, "payment", site_id)
    now = payment.made_at if payment.pk is None else timezone.now()
    if payment.pk is None:
        _number(payment)
    rows: list[tuple[Payment, Share]] = [
        (payment, Share(share.invoice_id, share.paid)) for share in shares if share.paid
    ]
    for place, method in enumerate(METHODS.values()):
        wanted = [
            Share(share.invoice_id, share.withheld[place])
            for share in shares
            if len(share.withheld) > place and share.withheld[place]
        ]
        if wanted:
            rows += _keep_back(payment, method, wanted, day, now=now, acting_user=acting_user)
    dated: list[Row] = [
        (source, share, max(day, invoices[share.invoice_id].issued_on)) for source, share in rows
    ]
    write_allocations(dated, acting_user=acting_user, made_at=now)


def _keep_back(
    payment: Payment,
    method: PaymentMethod,
    wanted: Sequence[Share],
    day: dt.date,
    *,
    now: dt.datetime,
    acting_user: User | None,
) -> list[tuple[Payment, Share]]:
    """What of the withheld payments settles what: those that are there and free, then a new one."""
    known: Any = with_free(Payment.objects.filter(withheld_with=payment, method=method))
    sources = [(one, one.free) for one in known.order_by("pk") if one.free > ZERO]
    missing = sum((share.amount for share in wanted), ZERO) - sum((f for _one, f in sources), ZERO)
    if missing > ZERO:
        made = Payment(
            lessor_id=payment.lessor_id,
            site=payment.site,
            company=payment.company,
            method=method,
            received_on=day,
            amount=missing,
            payer=payment.payer,
            withheld_with=payment,
            made_at=now,
            acting_user=acting_user,
        )
        _number(made)
        sources.append((made, missing))
    rows = []
    for share in wanted:
        left = share.amount
        while left > ZERO:
            source, free = sources[0]
            part = min(left, free)
            rows.append((source, Share(share.invoice_id, part)))
            left -= part
            sources[:1] = [(source, free - part)] if free > part else []
    return rows


def _number(payment: Payment) -> None:
    payment.number = numbers.next_number(payment.site.lessor, numbers.PAYMENT)
    payment.save()
