"""What a line of a bank's statement is held against: what a lessor's books know. Pure."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Final

from billing.bank_texts import number_key
from billing.sharing import OpenItem
from core.money import ZERO

MAY_BOUNCE: Final = dt.timedelta(days=90)
"""After it was cleared."""


@dataclass(frozen=True, slots=True)
class Line:
    id: int
    day: dt.date
    amount: Decimal
    counterparty: str = ""
    reference: str = ""
    words: str = ""
    reversal: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """An invoice; of those that are settled only such as a line names."""

    invoice_id: int
    number: str
    company_id: int
    open: Decimal
    due_on: dt.date
    lease: str = ""
    year: int = 0
    sequence: int | None = None


@dataclass(frozen=True, slots=True)
class Entered:
    """A payment, or a refund, that is in the books and on no line yet."""

    id: int
    company_id: int
    amount: Decimal
    on: dt.date
    number: str = ""
    """Its reference; of a cheque its number."""


@dataclass(frozen=True, slots=True)
class Cheque(Entered):
    """`on`: the day on which it was banked; of one that nobody banked, received."""

    banked: bool = True
    cleared: dt.date | None = None

    def may_bounce_on(self, day: dt.date) -> bool:
        return self.on <= day and (
            self.cleared is None or self.cleared <= day <= self.cleared + MAY_BOUNCE
        )


Came = tuple[int, Decimal, dt.date]
"""Company, amount, day of booking."""


def _keeps_nothing(_invoice_id: int, _day: dt.date) -> tuple[Decimal, ...]:
    return ()


@dataclass(frozen=True)
class Book:
    """What lines are looked for in: of one lessor."""

    claims: Sequence[Claim] = ()
    names: Mapping[str, Set[int]] = field(default_factory=dict)
    """By name key, also former ones, the companies."""
    cheques: Sequence[Cheque] = ()
    entered: Sequence[Entered] = ()
    came: Set[Came] = frozenset()
    """What lines brought already: the same once more is perhaps one line of two files."""
    refunds: Sequence[Entered] = ()
    keeps: Callable[[int, dt.date], tuple[Decimal, ...]] = _keeps_nothing
    """What is to be withheld of an open invoice when paid on a day, by kind."""

    @cached_property
    def by_key(self) -> Mapping[str, Claim]:
        keys = Counter(number_key(claim.number) for claim in self.claims)
        return {
            key: claim
            for claim in self.claims
            if (key := number_key(claim.number)) and keys[key] == 1
        }

    @cached_property
    def by_sequence(self) -> Mapping[tuple[int, int], Claim]:
        return {(c.year, c.sequence): c for c in self.claims if c.sequence is not None}

    @cached_property
    def by_lease(self) -> Mapping[str, Sequence[Claim]]:
        found = defaultdict(list)
        for claim in self.claims:
            if key := number_key(claim.lease):
                found[key].append(claim)
        return found

    @cached_property
    def by_company(self) -> Mapping[int, Sequence[Claim]]:
        """The open ones, the oldest due first."""
        found = defaultdict(list)
        for claim in sorted(self.claims, key=lambda claim: (claim.due_on, claim.invoice_id)):
            if claim.open > ZERO:
                found[claim.company_id].append(claim)
        return found

    def asking(self, day: dt.date) -> Mapping[Decimal, Set[int]]:
        """By amount, the companies that it would settle an invoice of, or all, on a day."""
        if day not in self._asking:
            found = defaultdict(set)
            for company in self.by_company:
                items = self.items(company, day)
                for asked in ([item.open for item in items], [item.to_pay for item in items]):
                    for amount in (*asked, sum(asked, ZERO)):
                        found[amount].add(company)
            self._asking[day] = found
        return self._asking[day]

    @cached_property
    def _asking(self) -> dict[dt.date, Mapping[Decimal, Set[int]]]:
        """Found once for a day: most lines of a statement name nobody."""
        return {}

    def items(self, company: int, day: dt.date) -> Sequence[OpenItem]:
        """What is open of a company, the oldest due first, as paid on the day."""
        if (company, day) not in self._items:
            self._items[company, day] = [
                OpenItem(claim.invoice_id, claim.open, self.keeps(claim.invoice_id, day))
                for claim in self.by_company.get(company, ())
            ]
        return self._items[company, day]

    @cached_property
    def _items(self) -> dict[tuple[int, dt.date], Sequence[OpenItem]]:
        return {}

    @cached_property
    def waiting_cheques(self) -> Mapping[Decimal, Sequence[Cheque]]:
        """By amount, those that are not cleared."""
        found = defaultdict(list)
        for cheque in self.cheques:
            if cheque.cleared is None:
                found[cheque.amount].append(cheque)
        return found

    @cached_property
    def remittances(self) -> Mapping[Decimal, Sequence[Sequence[Cheque]]]:
        """By their sum, cheques that were banked on one day, several of them."""
        by_day = defaultdict(list)
        for cheque in self.cheques:
            if cheque.cleared is None and cheque.banked:
                by_day[cheque.on].append(cheque)
        found = defaultdict(list)
        for cheques in by_day.values():
            if len(cheques) > 1:
                found[sum((cheque.amount for cheque in cheques), ZERO)].append(cheques)
        return found
