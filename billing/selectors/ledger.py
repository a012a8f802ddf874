"""A tenant's account, line by line: what raised what the company owes and what lowered it.

Its balance is never stored: invoices less credit notes, payments and what was withheld (each on
its day), plus what bounced or was given back, less what was written off. What settles what plays
no part in it: allocations only say which invoices are left open.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.db.models import Case, CharField, DateField, F, QuerySet, Value, When
from django.db.models.functions import Coalesce, NullIf

from billing.choices import WITHHELD, EntryKind, InvoiceKind
from billing.models import Account, Allocation, ChequeStep, Invoice, Payment, Refund
from core.fields import MoneyField
from core.money import ZERO

_INVOICE: Final = Value("invoice", output_field=CharField())
_PAYMENT: Final = Value("payment", output_field=CharField())
_ORDER: Final = [kind.value for kind in EntryKind]
_COLUMNS: Final = (
    "day", "what", "row", "said", "site_code", "moved", "way", "about", "last", "page", "key",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """A line. `amount`, DH: what the company owes more by it, or less. It is told on the `page` of
    an invoice or credit note, or of a payment, with this `key`: a refund on that of what it was
    given back of, a write-off on that of its invoice, whose number it bears too."""

    on: dt.date
    kind: EntryKind
    number: str
    site: str
    amount: Decimal
    balance: Decimal
    method: str = ""
    """Of money: how it came or went (`PaymentMethod`)."""
    about: str = ""
    """A reference; of a credit note the number that it corrects."""
    due_on: dt.date | None = None
    page: str = "invoice"
    key: int = 0

    @property
    def debit(self) -> Decimal | None:
        return self.amount if self.amount > ZERO else None

    @property
    def credit(self) -> Decimal | None:
        return -self.amount if self.amount < ZERO else None


@dataclass(frozen=True, slots=True)
class Ledger:
    """Of the days from `first` to `last`. `elsewhere`: the account has lines at sites that the user
    does not see, and the balance is without them."""

    first: dt.date
    last: dt.date
    opening: Decimal
    entries: list[Entry] = field(default_factory=list)
    elsewhere: bool = False

    @property
    def closing(self) -> Decimal:
        return self.entries[-1].balance if self.entries else self.opening

    @property
    def sites(self) -> int:
        """Of how many its lines are."""
        return len({entry.site for entry in self.entries})

    @property
    def debit(self) -> Decimal:
        return sum((entry.debit or ZERO for entry in self.entries), ZERO)

    @property
    def credit(self) -> Decimal:
        return sum((entry.credit or ZERO for entry in self.entries), ZERO)


def ledger(user: Any, account: Account, *, first: dt.date, last: dt.date) -> Ledger:
    """What the user may see of it; in three queries, however long it is."""
    opening, entries, balance = ZERO, [], ZERO
    for row in _rows(user, account, last):
        day, what, _row, number, site, amount, *rest = row
        balance += amount
        if day < first:
            opening = balance
            continue
        entries.append(Entry(day, EntryKind(what), number, site, amount, balance, *rest))
    return Ledger(first, last, opening, entries, elsewhere=_elsewhere(user, account))


def awaited(user: Any, account: Account) -> QuerySet[Payment]:
    """What was withheld and still awaits its certificate: a task, never arrears."""
    rows = Payment.objects.visible_to(user).filter(**_of(account))
    return rows.awaiting_certificate().select_related("site").order_by("received_on", "pk")


Part = QuerySet[Any, tuple[Any, ...]]
"""Lines of one kind, as `_COLUMNS`."""


def _rows(user: Any, account: Account, last: dt.date) -> Iterable[tuple[Any, ...]]:
    """All lines up to the day, as `_COLUMNS`, in their order."""
    paid = Payment.objects.visible_to(user).filter(**_of(account), received_on__lte=last)
    back = Refund.objects.visible_to(user).filter(on__lte=last)
    parts = [
        _papers(Invoice.objects.visible_to(user).filter(**_of(account), issued_on__lte=last)),
        _paid(paid),
        # With a cheque goes what was said to be withheld with it.
        _bounced(paid, "", last),
        _bounced(paid, "withheld_with__", last),
        _given_back(back.filter(**_of(account, "payment__")), "payment__", _PAYMENT),
        _given_back(back.filter(**_of(account, "credit_note__")), "credit_note__", _INVOICE),
        _given_up(
            Allocation.objects.visible_to(user).filter(
                **_of(account, "invoice__"), write_off__isnull=False, on__lte=last
            )
        ),
    ]
    found = parts[0].union(*parts[1:], all=True)
    return sorted(found, key=lambda row: (row[0], _ORDER.index(row[1]), row[2]))


def _papers(invoices: QuerySet[Invoice]) -> Part:
    """Invoices and credit notes."""
    is_note = {"kind": InvoiceKind.CREDIT_NOTE}
    return _part(
        invoices,
        day=F("issued_on"),
        what=_either(EntryKind.CREDIT_NOTE, EntryKind.INVOICE, **is_note),
        moved=Case(
            When(**is_note, then=-F("total")), default=F("total"), output_field=MoneyField()
        ),
        said=F("number"),
        about=Coalesce("corrects__number", Value("")),
        last=Case(When(kind=InvoiceKind.INVOICE, then=F("due_on"))),
    )


def _paid(payments: QuerySet[Payment]) -> Part:
    return _part(
        payments,
        day=F("received_on"),
        what=_either(EntryKind.WITHHELD, EntryKind.PAYMENT, method__in=sorted(WITHHELD)),
        moved=-F("amount"),
        said=F("number"),
        way=F("method"),
        about=F("reference"),
        page=_PAYMENT,
    )


def _bounced(payments: QuerySet[Payment], path: str, last: dt.date) -> Part:
    """`path`: from a payment to its cheque."""
    steps = ChequeStep.objects.bounced().filter(on__lte=last).values("pk")
    return _part(
        payments.filter(**{f"{path}cheque_steps__in": steps}),
        day=F(f"{path}cheque_steps__on"),
        what=Value(EntryKind.BOUNCED.value),
        moved=F("amount"),
        said=F("number"),
        way=F("method"),
        about=F(f"{path}cheque_steps__reason"),
        page=_PAYMENT,
    )


def _given_back(refunds: QuerySet[Refund], path: str, page: Value) -> Part:
    """`path`: from a refund to what it was given back of."""
    return _part(
        refunds,
        day=F("on"),
        what=Value(EntryKind.REFUND.value),
        moved=F("amount"),
        said=F("number"),
        way=F("method"),
        about=F(f"{path}number"),
        site=f"{path}site__code",
        key=f"{path}pk",
        page=page,
    )


def _given_up(allocations: QuerySet[Allocation]) -> Part:
    """By write-offs."""
    return _part(
        allocations,
        day=F("on"),
        what=Value(EntryKind.WRITE_OFF.value),
        moved=-F("amount"),
        said=F("invoice__number"),
        # Why it was given up, or is asked for again.
        about=Coalesce(NullIf("reason", Value("")), "write_off__reason"),
        site="invoice__site__code",
        key="invoice_id",
    )


def _part(rows: QuerySet[Any], *, site: str = "site__code", key: str = "pk", **told: Any) -> Part:
    nothing = {
        "way": Value("", output_field=CharField()),
        "about": Value("", output_field=CharField()),
        "last": Value(None, output_field=DateField()),
        "page": _INVOICE,
    }
    shown = {**nothing, **told, "row": F("pk"), "key": F(key), "site_code": F(site)}
    part: Part = rows.order_by().annotate(**shown).values_list(*_COLUMNS)
    return part


def _either(then: EntryKind, otherwise: EntryKind, **when: Any) -> Case:
    return Case(
        When(**when, then=Value(then.value)),
        default=Value(otherwise.value),
        output_field=CharField(),
    )


def _of(account: Account, path: str = "") -> dict[str, int]:
    return {f"{path}lessor": account.lessor_id, f"{path}company": account.company_id}


def _elsewhere(user: Any, account: Account) -> bool:
    """Whether the account has lines at sites that the user does not see."""
    for every, seen in (
        (Invoice.objects.all(), Invoice.objects.visible_to(user)),
        (Payment.objects.all(), Payment.objects.visible_to(user)),
    ):
        rows: QuerySet[Any] = every.filter(**_of(account))
        if rows.exclude(pk__in=seen.filter(**_of(account))).exists():
            return True
    return False
