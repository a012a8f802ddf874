"""Pieces of the journals: what each event is in the books of a lessor. Pure.

A piece is made of rows that are never changed, so that it is the same whenever it is looked at: an
allocation made with its payment stands in the payment's piece, a later one in a piece of its own.
Debits and credits of a piece are equal, or it cannot be made.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from billing.choices import Journal, LedgerKey, PaymentMethod, PieceKind
from core.money import ZERO

ACCOUNTS: Final[Mapping[LedgerKey, str]] = {
    LedgerKey.CLIENTS: "34211",
    LedgerKey.DOUBTFUL: "3424",
    LedgerKey.ADVANCES: "4421",
    LedgerKey.VAT: "4455",
    LedgerKey.RENT: "71271",
    LedgerKey.SERVICES: "71243",
    LedgerKey.BANK: "5141",
    LedgerKey.CARD: "5141",
    LedgerKey.CHEQUES: "51111",
    LedgerKey.CASH: "51611",
    LedgerKey.STAMP: "4457",
    LedgerKey.WITHHELD: "3453",
    LedgerKey.VAT_WITHHELD: "3458",
    LedgerKey.AWAITED: "3497",
    LedgerKey.LOSSES: "6182",
    LedgerKey.DEPOSITS: "1487",
    LedgerKey.OPENING: "3497",
}
"""The usual accounts of the Moroccan chart (CGNC, law 9-88); a lessor may have others.

As finance officers of hubs name them (domain.md), beside: 4457 taxes to be paid, 3453 payments on
account of income tax, 3458 other debts of the State, 6182 losses on claims, 3497 suspense accounts.
"""

TREASURY: Final[Mapping[PaymentMethod, LedgerKey]] = {
    PaymentMethod.TRANSFER: LedgerKey.BANK,
    PaymentMethod.CHEQUE: LedgerKey.CHEQUES,
    PaymentMethod.CASH: LedgerKey.CASH,
    PaymentMethod.CARD: LedgerKey.CARD,
    PaymentMethod.WITHHOLDING: LedgerKey.WITHHELD,
    PaymentMethod.VAT_WITHHOLDING: LedgerKey.VAT_WITHHELD,
    PaymentMethod.BALANCE: LedgerKey.OPENING,
    PaymentMethod.DEPOSIT: LedgerKey.DEPOSITS,
}
"""Where the money is once it has come."""


class Unbalanced(ValueError):
    """Debits and credits of a piece differ."""


@dataclass(frozen=True, slots=True)
class Event:
    """What a piece is of: a row by its id, the day, the document's number, the company."""

    id: int
    day: dt.date
    number: str
    company_id: int
    company: str

    @classmethod
    def of(cls, row: Sequence[Any]) -> "Event":
        """Of the columns of a row, in this order."""
        return cls(*row)


@dataclass(frozen=True, slots=True)
class Entry:
    """One of both is nothing. `vat_rate`: of VAT, percent."""

    key: LedgerKey
    debit: Decimal
    credit: Decimal
    vat_rate: Decimal | None = None

    @property
    def of_third_party(self) -> bool:
        """Whether the account is kept by company."""
        return self.key in _BY_COMPANY


_BY_COMPANY: Final = frozenset({LedgerKey.CLIENTS, LedgerKey.DOUBTFUL, LedgerKey.ADVANCES})


@dataclass(frozen=True, slots=True)
class Piece:
    """Raises Unbalanced. `settled`: nothing that may still happen changes it."""

    journal: Journal
    kind: PieceKind
    key: str
    event: Event
    entries: tuple[Entry, ...]
    settled: bool = True

    def __post_init__(self) -> None:
        if self.debit != self.credit:
            raise Unbalanced(f"{self.key}: {self.debit} against {self.credit}")

    @property
    def debit(self) -> Decimal:
        return sum((entry.debit for entry in self.entries), ZERO)

    @property
    def credit(self) -> Decimal:
        return sum((entry.credit for entry in self.entries), ZERO)


Amount = tuple[LedgerKey, Decimal]
"""More than nothing: debit."""


def invoiced(
    event: Event,
    *,
    rent: Decimal,
    services: Decimal,
    vat: Mapping[Decimal, Decimal],
    is_credit: bool = False,
) -> Piece:
    """An invoice: the client owes, income and VAT (by rate) are earned; a credit note reversed."""
    sign = -1 if is_credit else 1
    total = rent + services + sum(vat.values(), ZERO)
    entries = _entries(
        [
            (LedgerKey.CLIENTS, sign * total),
            (LedgerKey.RENT, -sign * rent),
            (LedgerKey.SERVICES, -sign * services),
        ]
    )
    for rate, amount in sorted(vat.items()):
        entries += _entries([(LedgerKey.VAT, -sign * amount)], vat_rate=rate)
    kind = PieceKind.CREDIT_NOTE if is_credit else PieceKind.INVOICE
    return _piece(Journal.SALES, kind, event, entries)


def imported(event: Event, total: Decimal) -> Piece:
    """An open invoice of the old system: no sale of ours, only what the client owes."""
    amounts = [(LedgerKey.CLIENTS, total), (LedgerKey.OPENING, -total)]
    return _piece(Journal.RECEIPTS, PieceKind.OPENING, event, _entries(amounts))


def paid(
    event: Event,
    *,
    method: PaymentMethod,
    amount: Decimal,
    allocated: Decimal,
    stamp_duty: Decimal = ZERO,
    awaited: bool = False,
) -> Piece:
    """A payment: `allocated` settles what the client owes, the rest is an advance. Stamp duty comes
    on top and settles nothing. `awaited`: withheld with a cheque, it counts once that is money."""
    amounts = [
        (LedgerKey.AWAITED if awaited else TREASURY[method], amount + stamp_duty),
        (LedgerKey.CLIENTS, -allocated),
        (LedgerKey.ADVANCES, allocated - amount),
        (LedgerKey.STAMP, -stamp_duty),
    ]
    return _piece(_journal_of(method), PieceKind.PAYMENT, event, _entries(amounts))


def allocated_later(event: Event, amount: Decimal) -> Piece:
    """An advance settles what the client owes; less than nothing: it does so no more."""
    amounts = [(LedgerKey.ADVANCES, amount), (LedgerKey.CLIENTS, -amount)]
    return _piece(Journal.RECEIPTS, PieceKind.ALLOCATION, event, _entries(amounts))


def cleared(event: Event, amount: Decimal) -> Piece:
    """A cheque's money is at the bank."""
    amounts = [(LedgerKey.BANK, amount), (LedgerKey.CHEQUES, -amount)]
    return _piece(Journal.RECEIPTS, PieceKind.CLEARED, event, _entries(amounts))


def counted(event: Event, amount: Decimal, *, method: PaymentMethod) -> Piece:
    """What was withheld with a cheque counts from now on."""
    amounts = [(TREASURY[method], amount), (LedgerKey.AWAITED, -amount)]
    return _piece(Journal.RECEIPTS, PieceKind.WITHHELD, event, _entries(amounts))


def bounced(event: Event, amount: Decimal, *, taken_back: Decimal, held_on: LedgerKey) -> Piece:
    """A cheque, or what was said to be withheld with it, is worth nothing: `taken_back` is owed
    again, the rest was an advance. `held_on`: where the money was thought to be."""
    amounts = [
        (LedgerKey.CLIENTS, taken_back),
        (LedgerKey.ADVANCES, amount - taken_back),
        (held_on, -amount),
    ]
    return _piece(Journal.RECEIPTS, PieceKind.BOUNCED, event, _entries(amounts))


def refunded(
    event: Event,
    amount: Decimal,
    *,
    method: PaymentMethod,
    out_of: LedgerKey,
    of_note: bool,
    stamp_duty: Decimal = ZERO,
) -> Piece:
    """Credit goes back: of a payment it was an advance, of a credit note it is on the client.
    `stamp_duty`: of cash that was entered by mistake, which was not collected either."""
    amounts = [
        (LedgerKey.CLIENTS if of_note else LedgerKey.ADVANCES, amount),
        (LedgerKey.STAMP, stamp_duty),
        (out_of, -amount - stamp_duty),
    ]
    return _piece(_journal_of(method), PieceKind.REFUND, event, _entries(amounts))


def written_off(event: Event, amount: Decimal, *, vat: Decimal) -> Piece:
    """A claim is given up. `vat`: what of it is VAT that will never fall due, since it is due when
    the money comes; of a lessor that owes it from the invoice on, nothing."""
    amounts = [
        (LedgerKey.LOSSES, amount - vat),
        (LedgerKey.VAT, vat),
        (LedgerKey.CLIENTS, -amount),
    ]
    return _piece(Journal.SALES, PieceKind.WRITTEN_OFF, event, _entries(amounts))


def doubted(event: Event, change: Decimal, *, settled: bool, time: int = 1) -> Piece:
    """At the end of a month, by how much what is doubtful of an invoice has changed; `settled`:
    the month is closed. `time`: of a month that was reopened, how often it was closed."""
    entries = _entries([(LedgerKey.DOUBTFUL, change), (LedgerKey.CLIENTS, -change)])
    key = f"{PieceKind.DOUBTFUL}:{event.id}:{event.day:%Y-%m}"
    if time > 1:
        key += f":{time}"
    return Piece(Journal.SALES, PieceKind.DOUBTFUL, key, event, tuple(entries), settled)


def deposit(event: Event, amount: Decimal, against: LedgerKey) -> Piece:
    """A deposit comes (more than nothing), goes back or is kept, against another account."""
    amounts = [(against, amount), (LedgerKey.DEPOSITS, -amount)]
    amounts.sort(key=lambda one: -one[1])  # what is debited comes first
    return _piece(Journal.DEPOSITS, PieceKind.DEPOSIT, event, _entries(amounts))


def balances(pieces: Iterable[Piece]) -> dict[LedgerKey, Decimal]:
    """Debit less credit of each account."""
    found: dict[LedgerKey, Decimal] = {}
    for piece in pieces:
        for entry in piece.entries:
            found[entry.key] = found.get(entry.key, ZERO) + entry.debit - entry.credit
    return found


def _entries(amounts: Iterable[Amount], *, vat_rate: Decimal | None = None) -> list[Entry]:
    return [
        Entry(key, max(amount, ZERO), max(-amount, ZERO), vat_rate)
        for key, amount in amounts
        if amount
    ]


def _journal_of(method: PaymentMethod) -> Journal:
    """What is kept of a deposit, or put back into it, is no receipt."""
    return Journal.DEPOSITS if method == PaymentMethod.DEPOSIT else Journal.RECEIPTS


def _piece(journal: Journal, kind: PieceKind, event: Event, entries: Sequence[Entry]) -> Piece:
    return Piece(journal, kind, f"{kind}:{event.id}", event, tuple(entries))
