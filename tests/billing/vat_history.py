"""A company's account at random, and how its VAT on collection stands at the end of a day.

`rows` is what the product says of it; `stands` is the oracle, which looks at the whole anew.
"""

import datetime as dt
import random
from collections import defaultdict
from decimal import Decimal
from typing import Any

from billing.vat_returns import (
    Advance,
    Counted,
    Document,
    OwnCredit,
    Party,
    Row,
    Settling,
    Taxed,
    advanced,
    collected,
    given_away,
)
from core.periods import Period

D = Decimal
FIRST = dt.date(2026, 1, 1)
EVER = Period(FIRST)
PARTY = Party("Argan Démo", "001")


class History:
    """A company's account, at random: nothing that the triggers would refuse."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.invoices: list[dict[str, Any]] = []
        self.notes: list[dict[str, Any]] = []
        self.payments: list[dict[str, Any]] = []
        self.given: list[tuple[int, str, int, int, Decimal]] = []
        """Day, source, its place, the invoice's, how much."""
        self.back: list[tuple[int, str, int, Decimal]] = []
        for today in range(12):
            for _act in range(3):
                act = self.chance.choice((self.bill, self.pay, self.credit, self.settle,
                                          self.settle, self.refund, self.clear, self.bounce,
                                          self.undo))  # fmt: skip
                act(today)

    def bill(self, today: int) -> None:
        taxed = {
            D(rate): (net, (net * rate / 100).quantize(D("0.01")))
            for rate in self.chance.sample((0, 7, 10, 20), self.chance.randint(1, 3))
            for net in [D(self.chance.randint(1, 99_999)) / 100]
        }
        self.invoices.append({"taxed": taxed, "day": today})

    def credit(self, today: int) -> None:
        """All of one rate of an invoice, once; it settles the invoice as far as that is open."""
        free = [(i, rate) for i, one in enumerate(self.invoices) for rate in one["taxed"]
                if (i, rate) not in [(n["of"], n["rate"]) for n in self.notes]]  # fmt: skip
        if free:
            i, rate = self.chance.choice(free)
            taxed = {rate: self.invoices[i]["taxed"][rate]}
            self.notes.append({"of": i, "rate": rate, "taxed": taxed, "day": today})
            own = min(self.open(i), self.free("note", len(self.notes) - 1))
            if own:
                self.given.append((today, "note", len(self.notes) - 1, i, own))

    def pay(self, today: int) -> None:
        amount = D(self.chance.randint(1, 150_000)) / 100
        cheque = self.chance.random() < 0.5
        window = (None, None) if cheque else (today, None)
        paid = {"amount": amount, "cheque": cheque, "window": window, "day": today}
        self.payments.append(paid)
        if cheque and self.chance.random() < 0.5:  # counts as its cheque does
            kept = D(self.chance.randint(1, 20_000)) / 100
            cheque_at = len(self.payments) - 1
            self.payments.append({**paid, "amount": kept, "cheque": False, "with": cheque_at})

    def settle(self, today: int) -> None:
        kind = self.chance.choice(("note", "pay"))
        sources = self.notes if kind == "note" else self.payments
        if sources and self.invoices:
            place = self.chance.randrange(len(sources))
            i = self.chance.randrange(len(self.invoices))
            most = min(self.open(i), self.free(kind, place))
            part = self.chance.choice((most, (most / 3).quantize(D("0.01"))))
            if most and D(0) < part <= most:
                self.given.append((today, kind, place, i, part))

    def undo(self, today: int) -> None:
        sums: dict[tuple[str, int, int], Decimal] = defaultdict(lambda: D(0))
        for _day, kind, place, i, amount in self.given:
            sums[kind, place, i] += amount
        some = [key for key, amount in sums.items() if amount > 0]
        if some:
            kind, place, i = key = self.chance.choice(some)
            self.given.append((today, kind, place, i, -sums[key]))

    def refund(self, today: int) -> None:
        kind = self.chance.choice(("note", "pay"))
        sources = self.notes if kind == "note" else self.payments
        if sources:
            place = self.chance.randrange(len(sources))
            if kind == "pay" and sources[place]["window"][0] is None:
                return  # no money yet
            if free := self.free(kind, place):
                self.back.append((today, kind, place, free))

    def clear(self, today: int) -> None:
        for place, one in enumerate(self.payments):
            if one["cheque"] and one["window"] == (None, None) and self.chance.random() < 0.5:
                for with_it in self.together(place):
                    self.payments[with_it]["window"] = (today, None)

    def bounce(self, today: int) -> None:
        for place, one in enumerate(self.payments):
            all_of = self.together(place)
            returned = any(kind == "pay" and at in all_of for _d, kind, at, _a in self.back)
            if one["cheque"] and one["window"][1] is None and not returned:
                sums: dict[tuple[int, int], Decimal] = defaultdict(lambda: D(0))
                for _day, kind, at, i, amount in self.given:
                    if kind == "pay" and at in all_of:
                        sums[at, i] += amount
                for with_it in all_of:
                    self.payments[with_it]["window"] = (one["window"][0], today)
                self.given += [(today, "pay", at, i, -a) for (at, i), a in sums.items() if a]
                return

    def together(self, place: int) -> list[int]:
        """A cheque, and what was withheld with it."""
        return [at for at, one in enumerate(self.payments)
                if at == place or one.get("with") == place]  # fmt: skip

    def open(self, i: int) -> Decimal:
        total = sum((n + v for n, v in self.invoices[i]["taxed"].values()), D(0))
        return total - sum((a for _d, _k, _p, to, a in self.given if to == i), D(0))

    def free(self, kind: str, place: int) -> Decimal:
        if kind == "pay" and self.payments[place]["window"][1] is not None:
            return D(0)
        one = (self.notes if kind == "note" else self.payments)[place]
        whole = one["amount"] if kind == "pay" else sum(sum(t) for t in one["taxed"].values())
        used = [a for _d, k, p, _i, a in self.given if (k, p) == (kind, place)]
        used += [a for _d, k, p, a in self.back if (k, p) == (kind, place)]
        left: Decimal = whole - sum(used, D(0))
        return left

    # --- As the module takes it ------------------------------------------------------------
    def rows(self, within: Period) -> list[Row]:
        found: list[Row] = []
        for i, one in enumerate(self.invoices):
            mine = [each for each in self.given if each[3] == i]
            found += collected(
                _document(f"F{i}", one),
                [
                    Settling(day_of(on), amount, f"{kind}{at}", self.counted(kind, at))
                    for on, kind, at, _i, amount in mine
                    if kind == "pay" or self.notes[at]["of"] != i
                ],
                [
                    OwnCredit(day_of(on), amount, _document(f"A{at}", self.notes[at]))
                    for on, kind, at, _i, amount in mine
                    if kind == "note" and self.notes[at]["of"] == i
                ],
                within,
            )
        for at, note in enumerate(self.notes):
            mine_ = [(on, i, a) for on, k, p, i, a in self.given if (k, p) == ("note", at)]
            own = [(day_of(on), amount) for on, i, amount in mine_ if i == note["of"]]
            rest = [(day_of(on), amount) for on, i, amount in mine_ if i != note["of"]]
            rest += [(day_of(on), a) for on, k, p, a in self.back if (k, p) == ("note", at)]
            found += given_away(_document(f"A{at}", note), own, rest, within)
        for at, one in enumerate(self.payments):
            used = [(day_of(on), a) for on, k, p, _i, a in self.given if (k, p) == ("pay", at)]
            used += [(day_of(on), a) for on, k, p, a in self.back if (k, p) == ("pay", at)]
            came = Advance(f"P{at}", day_of(one["day"]), PARTY, one["amount"], D(20),
                           self.counted("pay", at))  # fmt: skip
            found += advanced(came, used, within)
        return found

    def counted(self, kind: str, at: int) -> Counted:
        if kind == "note":
            return Counted(day_of(self.notes[at]["day"]))
        first, until = self.payments[at]["window"]
        return Counted(*(None if on is None else day_of(on) for on in (first, until)))

    # --- The oracle: how it stands at the end of a day ----------------------------------------
    def stands(self, at: int) -> dict[Decimal, tuple[Decimal, Decimal]]:
        sums: dict[Decimal, list[Decimal]] = defaultdict(lambda: [D(0), D(0)])

        def add(sign: int, shares: dict[Decimal, tuple[Decimal, Decimal]]) -> None:
            for rate, (net, vat) in shares.items():
                sums[rate][0] += sign * net
                sums[rate][1] += sign * vat

        def is_money(place: int) -> bool:
            first, until = self.payments[place]["window"]
            return first is not None and first <= at and (until is None or at < until)

        for i, one in enumerate(self.invoices):
            left = dict(one["taxed"])
            paid = D(0)
            own: dict[int, Decimal] = defaultdict(lambda: D(0))
            for on, kind, place, to, amount in self.given:
                if on > at or to != i:
                    continue
                if kind == "note" and self.notes[place]["of"] == i:
                    own[place] += amount
                elif kind == "note" or is_money(place):
                    paid += amount
            for place, amount in own.items():
                for rate, (net, vat) in _shared(self.notes[place]["taxed"], amount).items():
                    left[rate] = left[rate][0] - net, left[rate][1] - vat
            add(1, _shared(left, paid))
        for place, note in enumerate(self.notes):
            mine = [(i, a) for on, k, p, i, a in self.given
                    if on <= at and (k, p) == ("note", place)]  # fmt: skip
            first = sum((a for i, a in mine if i == note["of"]), D(0))
            rest = sum((a for i, a in mine if i != note["of"]), D(0))
            rest += sum((a for on, k, p, a in self.back if on <= at and (k, p) == ("note", place)),
                        D(0))  # fmt: skip
            add(-1, _shared(note["taxed"], first + rest))
            add(1, _shared(note["taxed"], first))
        for place, one in enumerate(self.payments):
            if is_money(place):
                used = [
                    a for on, k, p, _i, a in self.given if on <= at and (k, p) == ("pay", place)
                ]
                used += [a for on, k, p, a in self.back if on <= at and (k, p) == ("pay", place)]
                free = one["amount"] - sum(used, D(0))
                net = (free / D("1.2")).quantize(D("0.01"), rounding="ROUND_HALF_UP")
                add(1, {D(20): (net, free - net)})
        return {rate: (net, vat) for rate, (net, vat) in sums.items() if net or vat}


def _shared(
    taxed: dict[Decimal, tuple[Decimal, Decimal]], amount: Decimal
) -> dict[Decimal, tuple[Decimal, Decimal]]:
    """Centime by centime to whoever lacks most of its exact share."""
    whole = [part for pair in taxed.values() for part in pair]
    total = sum(whole, D(0))
    if not total:
        return dict.fromkeys(taxed, (D(0), D(0)))
    cents = [int(amount * 100) * int(part * 100) // int(total * 100) for part in whole]
    lacking = [int(amount * 100) * int(part * 100) - have * int(total * 100)
               for part, have in zip(whole, cents, strict=True)]  # fmt: skip
    for _centime in range(int(amount * 100) - sum(cents)):
        most = lacking.index(max(lacking))
        cents[most] += 1
        lacking[most] = -1
    pairs = [D(cent) / 100 for cent in cents]
    return {rate: (pairs[2 * at], pairs[2 * at + 1]) for at, rate in enumerate(taxed)}


def _document(number: str, one: dict[str, Any]) -> Document:
    taxed = tuple(Taxed(rate, net, vat) for rate, (net, vat) in one["taxed"].items())
    return Document(number, day_of(one["day"]), PARTY, taxed)


def day_of(number: int) -> dt.date:
    return FIRST + dt.timedelta(days=number)
