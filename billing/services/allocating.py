"""What settles what: allocations of payments, credit notes and write-offs, and taking them back."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db.models import Q, Sum
from django.utils import timezone

from accounts.models import User
from accounts.rights import Action
from billing.choices import InvoiceKind, PaymentMethod
from billing.errors.money import (
    BadAmount,
    CashLimit,
    MoreThanFree,
    MoreThanOpen,
    NotSettledBy,
    OtherAccount,
)
from billing.models import Account, Allocation, Invoice, Payment, WriteOff
from billing.selectors.open_items import notes_with_free, open_of, with_free
from billing.selectors.withholding import open_items
from billing.services.accounts import locked
from billing.services.announcing import announce_settled
from billing.services.closing import check_open
from core.history import recorded
from core.money import ZERO, rounded
from core.periods import today
from leases.errors import ReasonNeeded
from sites.permissions import require
from sites.scopes import Scope, scope_of

Source = Payment | Invoice | WriteOff
Row = tuple[Source, "Share", dt.date]

CASH_LIMIT: Final = Decimal(20_000)
"""DH of cash for one invoice, in any number of payments: less than this (CGI)."""


@dataclass(frozen=True, slots=True)
class Share:
    """So much, DH, for an invoice."""

    invoice_id: int
    amount: Decimal


def allocate(
    *, source: Source, shares: Sequence[Share], acting_user: User | None, on: dt.date | None = None
) -> list[Allocation]:
    """Settle invoices by what is free of a payment, a credit note or a write-off.

    `on`: the day from which on it counts; today where none is said. Raises MoreThanOpen,
    MoreThanFree, OtherAccount, BadAmount, MonthClosed, NotAllowed.
    """
    with recorded(acting_user):
        if on is not None:
            check_open(_account_of(source)[0], on, field="on")
        account = locked(*_account_of(source))
        free = free_of(source)
        wanted = sum((share.amount for share in shares), ZERO)
        if any(share.amount <= ZERO or share.amount != rounded(share.amount) for share in shares):
            raise BadAmount(field="shares")
        if wanted > free:
            raise MoreThanFree(number=str(source), free=free)
        invoices = invoices_to_settle(account, shares)
        for site_id in {invoice.site_id for invoice in invoices.values()} | {_site_of(source)}:
            require(acting_user, Action.CHANGE, _resource(source), site_id)
        return write_allocations(
            [(source, share, on or today()) for share in shares], acting_user=acting_user
        )


def allocate_oldest_first(*, source: Source, acting_user: User | None) -> list[Allocation]:
    """What is free of it settles what is due longest, of the sites where the user may. Nothing is
    withheld with it: for that, `payments.settle_with`. Raises NotAllowed."""
    with recorded(acting_user):
        lessor_id, company_id = _account_of(source)
        locked(lessor_id, company_id)
        scope = _scope(acting_user, _resource(source))
        left, shares = free_of(source), []
        for item in open_items(lessor_id, company_id, today(), scope=scope):
            amount = min(left, item.open)
            if amount <= ZERO:
                break
            shares.append(Share(item.invoice_id, amount))
            left -= amount
        return allocate(source=source, shares=shares, acting_user=acting_user)


def take_back(
    *,
    invoice: Invoice,
    source: Source,
    reason: str,
    acting_user: User | None,
    amount: Decimal | None = None,
    on: dt.date | None = None,
) -> Allocation:
    """What a source settled of an invoice, or so much of it, is open again, and free of the source.

    A new row: the old ones stay. All of a payment taken back, what was withheld with it on the
    invoice comes back too. Raises NotSettledBy, BadAmount, MonthClosed, ReasonNeeded, NotAllowed.
    """
    if not reason.strip():
        raise ReasonNeeded
    with recorded(acting_user, reason=reason):
        if on is not None:
            check_open(_account_of(source)[0], on, field="on")
        locked(*_account_of(source))
        for site_id in {invoice.site_id, _site_of(source)}:
            require(acting_user, Action.CHANGE, _resource(source), site_id)
        given = given_to(invoice, source)
        back = given if amount is None else amount
        if amount is not None and (amount <= ZERO or amount != rounded(amount)):
            raise BadAmount
        if back > given or given == ZERO:
            raise NotSettledBy(number=invoice.number, amount=given)
        rows: list[Row] = [(source, Share(invoice.pk, -back), on or today())]
        if isinstance(source, Payment) and back == given:
            for kept in source.withheld.all():
                if with_it := given_to(invoice, kept):
                    rows.append((kept, Share(invoice.pk, -with_it), on or today()))
        made = write_allocations(rows, acting_user=acting_user, reason=reason.strip())
    return made[0]


def take_all_back(
    sources: Sequence[Payment],
    *,
    on: dt.date,
    made_at: dt.datetime,
    reason: str,
    acting_user: User | None,
) -> None:
    """All that the payments settle is open again, by new rows that say why. Their account is locked
    and rights are checked already."""
    by_id = {source.pk: source for source in sources}
    rows: list[Row] = [
        (by_id[source], Share(pk, -amount), on) for source, pk, amount in given_by(*sources)
    ]
    write_allocations(rows, acting_user=acting_user, reason=reason, made_at=made_at)


def given_to(invoice: Invoice, source: Source) -> Decimal:
    """What the source settles of the invoice now."""
    rows = Allocation.objects.filter(invoice=invoice, **_by(source))
    return rows.aggregate(sum=Sum("amount"))["sum"] or ZERO


def given_by(*payments: Payment) -> list[tuple[int, int, Decimal]]:
    """What payments settle now: payment, invoice, how much."""
    rows = Allocation.objects.filter(payment__in=payments).order_by()
    sums = rows.values_list("payment", "invoice").annotate(sum=Sum("amount")).filter(sum__gt=0)
    return list(sums.order_by("invoice", "payment"))


def invoices_to_settle(account: Account, shares: Iterable[Share]) -> dict[int, Invoice]:
    """The invoices of the shares, which are of the account and open for them. Raises OtherAccount,
    MoreThanOpen."""
    wanted = list(shares)
    rows = Invoice.objects.filter(lessor=account.lessor_id, company=account.company_id)
    invoices = rows.filter(kind=InvoiceKind.INVOICE).in_bulk([each.invoice_id for each in wanted])
    opened = dict(open_of(invoices.keys()))
    for share in wanted:
        invoice = invoices.get(share.invoice_id)
        if invoice is None:
            known = Invoice.objects.filter(pk=share.invoice_id).first()
            raise OtherAccount(number=known or share.invoice_id)
        if share.amount > opened[invoice.pk]:
            raise MoreThanOpen(number=invoice.number, open=opened[invoice.pk])
        opened[invoice.pk] -= share.amount
    return invoices


def settle_corrected(notes: Sequence[Invoice], *, acting_user: User | None) -> list[Allocation]:
    """Credit notes, just issued, settle what is open of the invoices that they correct; what is
    over is the company's credit. Before, what was given up of them is asked for again: nobody is
    credited for what they never paid. Their accounts are locked already."""
    corrected = {note.corrects_id for note in notes if note.corrects_id is not None}
    opened, given_up = dict(open_of(corrected)), _given_up(corrected)
    given = []
    for note in notes:
        assert note.corrects_id is not None
        back: list[Row] = []
        for write_off, left in given_up.get(note.corrects_id, {}).items():
            part = min(left, note.net + note.vat - opened[note.corrects_id])
            if part > ZERO:
                opened[note.corrects_id] += part
                given_up[note.corrects_id][write_off] -= part
                back.append((write_off, Share(note.corrects_id, -part), note.issued_on))
        if back:
            write_allocations(back, acting_user=acting_user, reason=note.number)
        amount = min(note.net + note.vat, opened[note.corrects_id])
        if amount > ZERO:
            opened[note.corrects_id] -= amount
            given.append((note, Share(note.corrects_id, amount), note.issued_on))
    return write_allocations(given, acting_user=acting_user)


def _given_up(invoice_ids: Collection[int]) -> dict[int, dict[WriteOff, Decimal]]:
    """By invoice and write-off, what of it is given up now."""
    rows: Any = WriteOff.objects.filter(allocations__invoice__in=invoice_ids).order_by("pk")
    found: dict[int, dict[WriteOff, Decimal]] = {}
    for row in rows.annotate(given=Sum("allocations__amount")).filter(given__gt=0):
        found.setdefault(row.invoice_id, {})[row] = row.given
    return found


def free_of(source: Source) -> Decimal:
    """What of it settles nothing yet and was not given back. Of a bounced cheque nothing is."""
    free: Decimal
    if isinstance(source, WriteOff):
        free = source.amount - (source.allocations.aggregate(sum=Sum("amount"))["sum"] or ZERO)
    elif isinstance(source, Invoice):
        free = notes_with_free(Invoice.objects.filter(pk=source.pk)).get().free
    else:
        free = with_free(Payment.objects.filter(pk=source.pk)).get().free
    return free


def write_allocations(
    rows: Iterable[Row],
    *,
    acting_user: User | None,
    reason: str = "",
    made_at: dt.datetime | None = None,
) -> list[Allocation]:
    """In one statement, as it is said; accounts are locked and amounts are checked already, and the
    triggers check again. `made_at`: the moment of what they were made with: the journals make one
    piece of it.

    A day that would say on some day in between that more is settled than there is, is moved on:
    what was taken back is there for others from that day on, and is taken back of what was there.
    Raises CashLimit.
    """
    rows = _in_order_of_days(list(rows))
    _check_cash(rows)
    now = made_at or timezone.now()
    made = Allocation.objects.bulk_create(
        Allocation(
            invoice_id=share.invoice_id,
            amount=share.amount,
            on=on,
            reason=reason,
            made_at=now,
            acting_user=acting_user,
            **_by(source),
        )
        for source, share, on in rows
    )
    if given := {row.invoice_id for row in made if row.amount > ZERO}:
        announce_settled(given)
    return made


def _in_order_of_days(rows: Sequence[Row]) -> list[Row]:
    if not rows:
        return []
    back = Q(amount__lt=0) & (
        Q(invoice__in={share.invoice_id for _source, share, _on in rows})
        | Q(payment__in=[source for source, *_ in rows if isinstance(source, Payment)])
        | Q(credit_note__in=[source for source, *_ in rows if isinstance(source, Invoice)])
    )
    given = Q(invoice__in={share.invoice_id for _source, share, _on in rows if share.amount < ZERO})
    known = Allocation.objects.filter(back | given).order_by()
    days = known.values_list("invoice", "payment", "credit_note", "write_off", "amount", "on")
    last: dict[Any, dt.date] = {}
    for invoice, payment, note, write_off, amount, on in days:
        of = (payment, note, write_off)
        keys: list[Any] = [(invoice, of)] if amount > ZERO else [invoice, of]
        for key in keys:
            last[key] = max(last.get(key, on), on)
    found = []
    for source, share, on in rows:
        me = _key(source)
        keys = [share.invoice_id, me] if share.amount > ZERO else [(share.invoice_id, me)]
        found.append((source, share, max([on, *(last[key] for key in keys if key in last)])))
    return found


def _key(source: Source) -> tuple[int | None, int | None, int | None]:
    return (
        source.pk if isinstance(source, Payment) else None,
        source.pk if isinstance(source, Invoice) else None,
        source.pk if isinstance(source, WriteOff) else None,
    )


def _check_cash(rows: Sequence[Row]) -> None:
    cash: dict[int, Decimal] = {}
    for source, share, _on in rows:
        if isinstance(source, Payment) and source.method == PaymentMethod.CASH:
            cash[share.invoice_id] = cash.get(share.invoice_id, ZERO) + share.amount
    if not cash:
        return
    before = Allocation.objects.filter(invoice__in=cash, payment__method=PaymentMethod.CASH)
    for pk, amount in before.order_by().values_list("invoice").annotate(Sum("amount")):
        cash[pk] += amount
    for pk, amount in cash.items():
        if amount >= CASH_LIMIT:
            number = Invoice.objects.values_list("number", flat=True).get(pk=pk)
            raise CashLimit(number=number, cash=amount, limit=CASH_LIMIT)


def _scope(user: User | None, resource: str) -> Scope | None:
    return None if user is None else scope_of(user, Action.CHANGE, resource)


def _by(source: Source) -> dict[str, Source]:
    if isinstance(source, Payment):
        return {"payment": source}
    return {"credit_note": source} if isinstance(source, Invoice) else {"write_off": source}


def _account_of(source: Source) -> tuple[int, int]:
    of = source.invoice if isinstance(source, WriteOff) else source
    return of.lessor_id, of.company_id


def _site_of(source: Source) -> int:
    return source.invoice.site_id if isinstance(source, WriteOff) else source.site_id


def _resource(source: Source) -> str:
    return "dunning" if isinstance(source, WriteOff) else "payment"
