"""What money does to accounts, in plain Python: no database, no code of the product.

Invoices, credit notes and payments are told to it as they were asked for; it says what is open of
each invoice and free of each source, and what must be refused.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

CENT = Decimal("0.01")
NONE = Decimal(0)
CASH_LIMIT = Decimal(20_000)
KINDS = ("rent_wht", "vat_wht")


def cents(amount: Fraction) -> Decimal:
    return (Decimal(amount.numerator) / Decimal(amount.denominator)).quantize(CENT, ROUND_HALF_UP)


@dataclass
class Line:
    net: Decimal
    vat: Decimal
    rate: Decimal
    is_rent: bool


@dataclass
class Bill:
    """An invoice: its lines, less what was credited of them."""

    company: int
    due: tuple[dt.date, int]
    total: Decimal
    lines: dict[int, Line]
    of_lease: bool = False


@dataclass
class Source:
    """A payment or a credit note."""

    company: int
    amount: Decimal
    method: str = "note"
    day: dt.date = dt.date.min
    parent: int | None = None
    refunded: Decimal = NONE
    mistaken: bool = False
    void: bool = False


Key = tuple[str, int]
"""« payment » or « note », and its id."""
Portion = tuple[int, Decimal, tuple[Decimal, ...]]
"""Of an invoice: paid, and withheld of rent and of VAT."""


@dataclass
class Accounts:
    bills: dict[int, Bill] = field(default_factory=dict)
    sources: dict[Key, Source] = field(default_factory=dict)
    given: dict[tuple[int, Key], Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    rules: dict[int, list[tuple[int, Decimal, dt.date]]] = field(default_factory=dict)
    """By company: which kind of withholding, percent, since when."""

    # --- What stands ----------------------------------------------------------------------------
    def open_of(self, bill: int) -> Decimal:
        settled = sum((amount for (pk, _by), amount in self.given.items() if pk == bill), NONE)
        return self.bills[bill].total - settled

    def free_of(self, key: Key) -> Decimal:
        source = self.sources[key]
        if source.void:
            return NONE
        used = sum((amount for (_pk, by), amount in self.given.items() if by == key), NONE)
        return source.amount - used - source.refunded

    def balance_of(self, company: int) -> Decimal:
        """What it owes, less than nothing where it is owed: open less free credit."""
        opened = sum((self.open_of(pk) for pk in self.bills if self._of(pk, company)), NONE)
        free = (self.free_of(key) for key, each in self.sources.items() if each.company == company)
        return opened - sum(free, NONE)

    def _of(self, pk: int, company: int) -> bool:
        return self.bills[pk].company == company

    # --- Credits ----------------------------------------------------------------------------------
    def left_of(self, bill: int) -> Decimal:
        return sum((line.net for line in self.bills[bill].lines.values()), NONE)

    def shared(self, bill: int, net: Decimal) -> list[tuple[Decimal, Decimal]]:
        """An amount by line, with its VAT: largest remainder, ties to the earlier."""
        lines = list(self.bills[bill].lines.values())
        whole = self.left_of(bill)
        exact = [Fraction(net) * Fraction(line.net) / Fraction(whole) for line in lines]
        floors = [Decimal(int(each * 100)) / 100 for each in exact]
        order = sorted(range(len(lines)), key=lambda i: (Fraction(floors[i]) - exact[i], i))
        for i in order[: int((net - sum(floors)) * 100)]:
            floors[i] += CENT
        found = []
        for line, share in zip(lines, floors, strict=True):
            vat = cents(Fraction(share) * Fraction(line.rate) / 100)
            found.append((share, line.vat if share == line.net else min(vat, line.vat)))
        return [each for each in found if any(each)]

    def credited(self, bill: int, note: int, lines: Iterable[tuple[int, Decimal, Decimal]]) -> None:
        """A credit note was issued: by line of the invoice, net and VAT."""
        total = NONE
        for line, net, vat in lines:
            self.bills[bill].lines[line].net -= net
            self.bills[bill].lines[line].vat -= vat
            total += net + vat
        key = ("note", note)
        self.sources[key] = Source(self.bills[bill].company, total)
        if settled := min(total, self.open_of(bill)):
            self.given[bill, key] += settled

    # --- Payments ---------------------------------------------------------------------------------
    def to_withhold(self, bill: int, day: dt.date) -> tuple[Decimal, ...]:
        lines = self.bills[bill].lines.values()
        rent = sum((line.net for line in lines if line.is_rent), NONE)
        vat = sum((line.vat for line in lines), NONE)
        asked = self.left_of(bill) + vat
        rates = [NONE, NONE]
        for kind, rate, since in self.rules.get(self.bills[bill].company, []):
            if day >= since:
                rates[kind] = rate
        rest, found = self.open_of(bill), []
        for base, rate in zip((rent, vat), rates, strict=True):
            part = Fraction(self.open_of(bill)) / Fraction(asked) if asked else Fraction(0)
            part = min(part, Fraction(1))
            found.append(min(cents(Fraction(base) * part * Fraction(rate) / 100), rest))
            rest -= found[-1]
        return tuple(found)

    def oldest_first(
        self, company: int, amount: Decimal, day: dt.date, method: str
    ) -> list[Portion]:
        found: list[Portion] = []
        bills = sorted((b.due, pk) for pk, b in self.bills.items() if b.company == company)
        items = []
        for _due, pk in bills:
            opened = self.open_of(pk)
            if not opened or (method in KINDS and not self._has_base(pk, method)):
                continue
            kept = (NONE, NONE) if method in KINDS else self.to_withhold(pk, day)
            items.append((pk, opened, kept))
        # Just what is open of the first ones: nothing was kept back.
        wholes, lesser = [NONE], [NONE]
        for _pk, opened, kept in items:
            wholes.append(wholes[-1] + opened)
            lesser.append(lesser[-1] + opened - sum(kept))
        if amount in wholes and amount not in lesser:
            return [
                (pk, opened, (NONE, NONE)) for pk, opened, _kept in items[: wholes.index(amount)]
            ]
        for pk, opened, kept in items:
            if amount <= 0:
                break
            asked = opened - sum(kept)
            paid = min(amount, asked)
            part = Fraction(paid) / Fraction(asked) if paid < asked else Fraction(1)
            found.append((pk, paid, tuple(cents(Fraction(each) * part) for each in kept)))
            amount -= paid
        return found

    def by_deposit(self, company: int, amount: Decimal) -> list[Portion]:
        """What is kept of its lease's deposit: its invoices first, nothing is withheld."""
        found: list[Portion] = []
        bills = [(not b.of_lease, b.due, pk) for pk, b in self.bills.items()
                 if b.company == company]  # fmt: skip
        for _other, _due, pk in sorted(bills):
            if paid := min(amount, self.open_of(pk)):
                found.append((pk, paid, (NONE, NONE)))
                amount -= paid
        return found

    def put_back(self, key: Key) -> None:
        for pk, by in list(self.given):
            if by == key:
                self.given[pk, by] = NONE
        self.sources[key].refunded = self.sources[key].amount

    def _has_base(self, pk: int, method: str) -> bool:
        lines = self.bills[pk].lines.values()
        if method == "rent_wht":
            return sum((line.net for line in lines if line.is_rent), NONE) > 0
        return sum((line.vat for line in lines), NONE) > 0

    def refused(self, key: Key, shares: Iterable[Portion]) -> bool:
        """Too much cash on one invoice."""
        if self.sources[key].method != "cash":
            return False
        cash: dict[int, Decimal] = defaultdict(Decimal)
        for (pk, by), amount in self.given.items():
            cash[pk] += amount if self.sources[by].method == "cash" else NONE
        for pk, paid, _kept in shares:
            cash[pk] += paid
        return any(cash[pk] >= CASH_LIMIT for pk, *_rest in shares)

    def settle(
        self, key: Key, shares: Iterable[Portion], made: Mapping[str, list[tuple[int, Decimal]]]
    ) -> None:
        """`made`: the payments that were written for what is withheld, by method: id and amount.
        They must be what the shares say, less what was withheld before and is free."""
        shares = list(shares)
        source = self.sources[key]
        for pk, paid, _kept in shares:
            self.given[pk, key] += paid
        for place, method in enumerate(KINDS):
            wanted = [(pk, kept[place]) for pk, _paid, kept in shares if kept[place]]
            known = [
                each
                for each, one in self.sources.items()
                if (one.parent, one.method) == (key[1], method) and self.free_of(each) > 0
            ]
            missing = sum((amount for _pk, amount in wanted), NONE) - sum(
                (self.free_of(each) for each in known), NONE
            )
            expected = [missing] if missing > 0 else []
            assert [amount for _id, amount in made.get(method, [])] == expected
            for pk, amount in made.get(method, []):
                known.append(("payment", pk))
                self.sources[known[-1]] = Source(
                    source.company, amount, method, source.day, parent=key[1]
                )
            for pk, amount in wanted:
                left = amount
                while left:
                    part = min(left, self.free_of(known[0]))
                    self.given[pk, known[0]] += part
                    left -= part
                    if not self.free_of(known[0]):
                        known.pop(0)

    def take_back(self, bill: int, key: Key, amount: Decimal) -> None:
        if amount == self.given[bill, key] and key[0] == "payment":
            for other, one in self.sources.items():
                if one.parent == key[1]:
                    self.given[bill, other] = NONE
        self.given[bill, key] -= amount

    def of_one(self, key: Key) -> list[Key]:
        """A payment and what was withheld with it."""
        return [key, *(each for each, one in self.sources.items()
                       if key[0] == each[0] == "payment" and one.parent == key[1])]  # fmt: skip

    def may_be_undone(self, key: Key) -> bool:
        """Nothing bounced, nothing of it went back as credit; what was withheld with it may have
        been found a mistake before, whole."""
        all_of = [self.sources[each] for each in self.of_one(key)]
        kept = all(one.mistaken or not one.refunded for one in all_of[1:])
        itself = all_of[0]
        return not (itself.void or itself.refunded) and itself.method != "deposit" and kept

    def undo(self, key: Key) -> None:
        for each in self.of_one(key):
            self.sources[each].refunded = self.sources[each].amount
            self.sources[each].mistaken = True
            for pk, by in list(self.given):
                if by == each:
                    self.given[pk, by] = NONE

    def bounce(self, key: Key) -> None:
        for other, one in self.sources.items():
            if other == key or (key[0] == "payment" and one.parent == key[1]):
                one.void = True
                for pk, by in list(self.given):
                    if by == other:
                        self.given[pk, by] = NONE
