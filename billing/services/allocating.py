"""What settles what: allocations of payments, credit notes and write-offs, and taking them back."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum
from django.utils import timezone

from accounts.models import User
from accounts.rights import Action
from billing.choices import InvoiceKind
from billing.errors import BadAmount, MoreThanFree, MoreThanOpen, NotSettledBy, OtherAccount
from billing.models import Allocation, Invoice, Payment, WriteOff
from billing.selectors.open_items import notes_with_free, open_of, with_free
from billing.selectors.withholding import open_items
from billing.services.accounts import locked
from billing.services.announcing import announce_settled
from core.history import recorded
from core.money import ZERO, rounded
from core.periods import today
from leases.errors import ReasonNeeded
from sites.permissions import require

Source = Payment | Invoice | WriteOff


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
    MoreThanFree, OtherAccount, BadAmount, NotAllowed.
    """
    with recorded(acting_user):
        account = locked(*_account_of(source))
        free = free_of(source)
        wanted = sum((share.amount for share in shares), ZERO)
        if any(share.amount <= ZERO or share.amount != rounded(share.amount) for share in shares):
            raise BadAmount(field="shares")
        if wanted > free:
            raise MoreThanFree(number=str(source), free=free)
        invoices = Invoice.objects.in_bulk([share.invoice_id for share in shares])
        opened = dict(open_of(invoices.keys()))
        for share in shares:
            invoice = invoices[share.invoice_id]
            if (invoice.lessor_id, invoice.company_id, invoice.kind) != (
                account.lessor_id,
                account.company_id,
                InvoiceKind.INVOICE,
            ):
                raise OtherAccount(number=invoice.number)
            if share.amount > opened[invoice.pk]:
                raise MoreThanOpen(number=invoice.number, open=opened[invoice.pk])
            opened[invoice.pk] -= share.amount
        for site_id in {invoice.site_id for invoice in invoices.values()} | {_site_of(source)}:
            require(acting_user, Action.CHANGE, _resource(source), site_id)
        return write_allocations(
            [(source, share, on or today()) for share in shares], acting_user=acting_user
        )


def allocate_oldest_first(*, source: Source, acting_user: User | None) -> list[Allocation]:
    """What is free of it settles what is due longest. Nothing is withheld with it. Raises
    NotAllowed."""
    with recorded(acting_user):
        lessor_id, company_id = _account_of(source)
        locked(lessor_id, company_id)
        left, shares = free_of(source), []
        for item in open_items(lessor_id, company_id, today()):
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

    A new row: the old ones stay. Raises NotSettledBy, BadAmount, ReasonNeeded, NotAllowed.
    """
    if not reason.strip():
        raise ReasonNeeded
    with recorded(acting_user, reason=reason):
        locked(*_account_of(source))
        for site_id in {invoice.site_id, _site_of(source)}:
            require(acting_user, Action.CHANGE, _resource(source), site_id)
        rows = Allocation.objects.filter(invoice=invoice, **_by(source))
        given = rows.aggregate(sum=Sum("amount"))["sum"] or ZERO
        back = given if amount is None else amount
        if amount is not None and (amount <= ZERO or amount != rounded(amount)):
            raise BadAmount
        if back > given or given == ZERO:
            raise NotSettledBy(number=invoice.number, amount=given)
        (row,) = write_allocations(
            [(source, Share(invoice.pk, -back), on or today())],
            acting_user=acting_user,
            reason=reason.strip(),
        )
    return row


def settle_corrected(notes: Sequence[Invoice], *, acting_user: User | None) -> list[Allocation]:
    """Credit notes, just issued, settle what is open of the invoices that they correct; what is
    over is the company's credit. Their accounts are locked already."""
    opened = dict(open_of({note.corrects_id for note in notes if note.corrects_id is not None}))
    given = []
    for note in notes:
        assert note.corrects_id is not None
        amount = min(note.net + note.vat, opened[note.corrects_id])
        if amount > ZERO:
            opened[note.corrects_id] -= amount
            given.append((note, Share(note.corrects_id, amount), note.issued_on))
    return write_allocations(given, acting_user=acting_user)


def free_of(source: Source) -> Decimal:
    """What of it settles nothing yet and was not given back. Of a bounced cheque nothing is."""
    free: Decimal
    if isinstance(source, WriteOff):
        free = source.amount - (source.allocations.aggregate(sum=Sum("amount"))["sum"] or ZERO)
    elif isinstance(source, Invoice):
        free = notes_with_free(Invoice.objects.filter(pk=source.pk)).get().free
    elif source.cheque_steps.bounced().exists():
        free = ZERO
    else:
        free = with_free(Payment.objects.filter(pk=source.pk)).get().free
    return free


def write_allocations(
    rows: Iterable[tuple[Source, Share, dt.date]], *, acting_user: User | None, reason: str = ""
) -> list[Allocation]:
    """In one statement, as it is said; accounts are locked and amounts are checked already, and the
    triggers check again."""
    now = timezone.now()
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
