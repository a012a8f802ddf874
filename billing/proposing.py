"""From the difference of a lease to the documents that make up for it. Pure.

What is due goes on one invoice. Days that are taken back go on a credit note for each invoice that
bore them. A discount granted for days that are billed already lessens the invoice; where there is
not enough on it to lessen, those days of it are credited on the rent's own line. A discount that is
taken back is charged on the invoice.

Goodwill that was given for days that are billed anew goes on: a credit note of the new invoice
gives it again. So what was given once is not asked for by a change for the past.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import orjson

from billing.crediting import Left, outside
from billing.reconciling import Billed, Difference, Gift
from core.money import ZERO, rounded
from core.periods import Period
from leases.rent import DISCOUNT, Line, narrowed, vat_on


@dataclass(frozen=True, slots=True)
class Lessened:
    """A discount for days that `of` bears: `line` has its amount, which is negative."""

    line: Line
    of: Billed


@dataclass(frozen=True, slots=True)
class Credit:
    """A credit note for one invoice: days taken back, and discounts granted late."""

    invoice_id: int
    taken: tuple[Billed, ...] = ()
    lessened: tuple[Lessened, ...] = ()

    @property
    def net(self) -> Decimal:
        """What the client gets back, DH without tax."""
        return _sum(each.net for each in self.taken) - _sum(
            one.line.amount for one in self.lessened
        )

    @property
    def vat(self) -> Decimal:
        return _sum(each.vat for each in self.taken) - _sum(one.line.vat for one in self.lessened)


@dataclass(frozen=True, slots=True)
class Kept:
    """Goodwill that goes on, of some days of the line of the invoice at `position` (from 0)."""

    position: int
    line: Line
    days: Period
    net: Decimal
    vat: Decimal


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be issued for a lease: an invoice of `bill` and `again`, `credits` of others, and
    one of goodwill, `kept`, of the invoice itself.

    `again` are discounts that are taken back; `settled` are forgotten without a document: nothing
    is left of them to give back.
    """

    bill: tuple[Line, ...] = ()
    again: tuple[Billed, ...] = ()
    credits: tuple[Credit, ...] = ()
    settled: tuple[Billed, ...] = ()
    kept: tuple[Kept, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.bill or self.again or self.credits or self.settled)

    @property
    def invoiced(self) -> Decimal:
        """Of the invoice, DH without tax."""
        return _sum(line.amount for line in self.bill) - _sum(each.net for each in self.again)

    @property
    def invoiced_vat(self) -> Decimal:
        return _sum(line.vat for line in self.bill) - _sum(each.vat for each in self.again)

    @property
    def given(self) -> Decimal:
        """Of goodwill that goes on, DH without tax."""
        return _sum(one.net for one in self.kept)

    @property
    def net(self) -> Decimal:
        """All documents together."""
        return self.invoiced - _sum(credit.net for credit in self.credits) - self.given

    @property
    def vat(self) -> Decimal:
        given = _sum(one.vat for one in self.kept)
        return self.invoiced_vat - _sum(credit.vat for credit in self.credits) - given


def propose(found: Difference, billed: Sequence[Billed]) -> Proposal:
    """`billed`: all that is billed of the lease, for the rent that a late discount lessens.

    An invoice below nothing, or whose VAT is, means that more is to be taken back than there is:
    nobody can issue it, and it shows.
    """
    back: dict[int, list[Billed]] = defaultdict(list)
    for each in found.undue:
        back[each.invoice_id].append(each)
    taken, again, nothing = dict[int, list[Billed]](), list[Billed](), list[Billed]()
    for invoice_id, rows in back.items():
        gives, asks = _sides(rows)
        if gives and _comes_to(gives):
            taken[invoice_id] = gives
        else:
            nothing += gives
        again += asks
    bill, late = list(found.due), list[Lessened]()
    undue = {each.id for each in found.undue}
    standing = [each for each in billed if not each.discount and each.id not in undue]
    for line in found.due:
        so_far = Proposal(tuple(bill), tuple(again))
        if so_far.invoiced >= 0 and so_far.invoiced_vat >= 0:
            break
        parts = _lessening(line, standing, late) if line.kind == DISCOUNT else []
        if parts:
            at = bill.index(line)
            bill[at : at + 1] = _rest(line, parts)
            late += [part for part in parts if part.line.amount]
    if not again and Proposal(tuple(bill)).invoiced == 0:
        bill = []  # all of the rent is discounted: there is nothing to ask for
    lessened: dict[int, list[Lessened]] = defaultdict(list)
    for one in late:
        lessened[one.of.invoice_id].append(one)
    credits = tuple(
        Credit(invoice_id, tuple(taken.get(invoice_id, ())), tuple(lessened.get(invoice_id, ())))
        for invoice_id in sorted({*taken, *lessened})
    )
    proposal = Proposal(tuple(bill), tuple(again), credits, (*found.settled, *nothing))
    return replace(proposal, kept=tuple(_kept(proposal, found.undue)))


def _kept(proposal: Proposal, undue: Sequence[Billed]) -> list[Kept]:
    """By day, of what was given for them; no more of a line, or of the invoice, than it asks."""
    found: list[Kept] = []
    for position, line in enumerate(proposal.bill):
        left = line.amount
        for gift in _gifts(line, undue):
            net = min(gift.net, left) if left > 0 else max(gift.net, left)
            if net:
                left -= net
                vat = vat_on(net, line.vat_rate)
                found.append(Kept(position, line, gift.period, net, vat))
    while found and not _fits(found, proposal):
        found.pop()
    return found


def _gifts(line: Line, undue: Iterable[Billed]) -> Iterator[Gift]:
    """What was given before for days that the line bears."""
    for each in undue:
        if (each.charge_id, each.discount) != (line.charge_id, line.kind == DISCOUNT):
            continue
        for gift in each.gifts:
            shared = gift.period.intersection(each.period)
            shared = shared and shared.intersection(line.period)
            if shared is not None and shared.days and gift.period.days:
                part = Fraction(shared.days, gift.period.days)
                yield Gift(shared, rounded(Fraction(gift.net) * part))


def _fits(found: Sequence[Kept], proposal: Proposal) -> bool:
    net, vat = _sum(one.net for one in found), _sum(one.vat for one in found)
    return 0 <= net <= proposal.invoiced and 0 <= vat <= proposal.invoiced_vat


def _sides(rows: Sequence[Billed]) -> tuple[list[Billed], list[Billed]]:
    """What goes on a credit note of the invoice, and what is asked for again: all of it together,
    unless that is more of one kind in net and of the other in VAT, over a change of the rate."""
    net, vat = _sum(each.net for each in rows), _sum(each.vat for each in rows)
    if net >= 0 and vat >= 0:
        return list(rows), []
    if net <= 0 and vat <= 0:
        return [], list(rows)
    gives = [each for each in rows if each.net >= 0]
    return gives, [each for each in rows if each.net < 0]


def _comes_to(rows: Iterable[Billed]) -> bool:
    """Whether there is anything to write a document of: all may have been given back before."""
    each = list(rows)
    return bool(_sum(one.net for one in each) or _sum(one.vat for one in each))


def _lessening(line: Line, standing: Sequence[Billed], late: Sequence[Lessened]) -> list[Lessened]:
    """The discount over those of its days for which rent is billed, at most what is left of that:
    goodwill may have given of it before. Its VAT is that of the rent."""
    parts: list[Lessened] = []
    for each in standing:
        shared = each.period.intersection(line.period)
        if each.charge_id == line.charge_id and shared is not None:
            left = Left(each.net, each.vat, each.vat_rate)
            for one in (*late, *parts):
                if one.of is each:
                    left = left.without(Left(-one.line.amount, -one.line.vat, each.vat_rate))
            part = narrowed(line, shared)
            less = left.at_most(-part.amount)
            cut = replace(part, amount=-less.net, vat_rate=each.vat_rate, vat=-less.vat)
            parts.append(Lessened(cut, each))
    return parts


def _rest(line: Line, parts: Sequence[Lessened]) -> list[Line]:
    """The discount over the days for which rent is on the invoice itself."""
    left = [line.period]
    for one in parts:
        left = [rest for period in left for rest in outside(period, one.line.period)]
    return [narrowed(line, period) for period in left]


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)


# --- What is kept of it -------------------------------------------------------------------------
def as_json(proposal: Proposal) -> dict[str, Any]:
    """Decimals as strings, days as ISO, `end` excluded."""
    return {
        "bill": [_line(line) for line in proposal.bill],
        "again": [_billed(each) for each in proposal.again],
        "credits": [
            {
                "invoice": credit.invoice_id,
                "taken": [_billed(each) for each in credit.taken],
                "lessened": [{**_line(one.line), "of": one.of.id} for one in credit.lessened],
            }
            for credit in proposal.credits
        ],
        "settled": [each.id for each in proposal.settled],
        "kept": [
            {
                **_line(one.line),
                "position": one.position,
                **_days(one.days),
                "net": f"{one.net:f}",
                "vat": f"{one.vat:f}",
            }
            for one in proposal.kept
        ],
    }


def digest(kept: dict[str, Any]) -> str:
    """SHA-256 of what `as_json` gave: the same proposal, and no other, has it."""
    return hashlib.sha256(orjson.dumps(kept, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _line(line: Line) -> dict[str, Any]:
    return {
        "charge": line.charge_id,
        "kind": line.kind,
        "label": line.label,
        "space": line.space,
        **_days(line.period),
        "unit": line.unit,
        "rate": f"{line.rate:f}",
        "area_m2": None if line.area_m2 is None else f"{line.area_m2:f}",
        "per_months": line.per_months,
        "due_on": line.due_on.isoformat(),
        "amount": f"{line.amount:f}",
        "vat_rate": None if line.vat_rate is None else f"{line.vat_rate:f}",
        "vat_ground": line.vat_ground,
        "vat": f"{line.vat:f}",
    }


def _billed(each: Billed) -> dict[str, Any]:
    return {
        "id": each.id,
        "line": each.line_id,
        "kind": each.kind,
        "label": each.label,
        "space": each.space,
        "invoice": each.number,
        **_days(each.period),
        "net": f"{each.net:f}",
        "vat": f"{each.vat:f}",
    }


def _days(period: Period) -> dict[str, str]:
    assert period.end is not None
    return {"start": period.start.isoformat(), "end": period.end.isoformat()}
