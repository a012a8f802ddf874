"""What differs between two terms of one lease, and what it costs month by month. Pure."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from core.periods import Period, add_months, first_of_month
from leases.rent import NO_RULES, VatTable, rent_due
from leases.terms import ChargeTerms, LeaseTerms, LettingTerms


@dataclass(frozen=True, slots=True)
class Pair:
    """A letting before and after; None where it is new, or gone."""

    before: LettingTerms | None
    after: LettingTerms | None

    @property
    def changed(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class ChargePair:
    before: ChargeTerms | None
    after: ChargeTerms | None

    @property
    def changed(self) -> bool:
        return _unnamed(self.before) != _unnamed(self.after)


@dataclass(frozen=True, slots=True)
class Month:
    """What a month brings before and after, DH without tax."""

    month: dt.date
    before: Decimal
    after: Decimal

    @property
    def difference(self) -> Decimal:
        return self.after - self.before


def letting_pairs(before: LeaseTerms, after: LeaseTerms) -> list[Pair]:
    """Each letting of either side once, in the order of the terms after, then what is gone."""
    known: dict[int | None, LettingTerms] = {
        letting.id: letting for letting in before.lettings if letting.id is not None
    }
    pairs = [Pair(known.pop(let.id, None), let) for let in after.lettings]
    # What takes the place of a letting of the same space from its first day on.
    instead: dict[int | None, LettingTerms] = {gone.space_id: gone for gone in known.values()}
    for at, pair in enumerate(pairs):
        if pair.before is None and pair.after is not None and pair.after.space_id in instead:
            gone = instead.pop(pair.after.space_id)
            pairs[at] = Pair(known.pop(gone.id), pair.after)
    return [*pairs, *(Pair(letting, None) for letting in known.values())]


def charge_pairs(before: LeaseTerms, after: LeaseTerms) -> list[ChargePair]:
    """The same of all charges beside rent, those of lettings included."""
    known: dict[int | None, ChargeTerms] = {
        charge.id: charge for charge in _charges(before) if charge.id is not None
    }
    pairs = [ChargePair(known.pop(each.id, None), each) for each in _charges(after)]
    instead = {_name(gone): gone for gone in known.values()}
    for at, pair in enumerate(pairs):
        if pair.before is None and pair.after is not None and _name(pair.after) in instead:
            gone = instead.pop(_name(pair.after))
            pairs[at] = ChargePair(known.pop(gone.id), pair.after)
    return [*pairs, *(ChargePair(charge, None) for charge in known.values())]


def months_compared(
    before: LeaseTerms,
    after: LeaseTerms,
    *,
    first: dt.date,
    count: int,
    vat: VatTable = NO_RULES,
) -> Sequence[Month]:
    """The whole months from `first`'s on, with what each brings before and after."""
    start = first_of_month(first)
    months = (add_months(start, n) for n in range(count))
    return [
        Month(
            month,
            rent_due(before, Period(month, add_months(month, 1)), vat).net,
            rent_due(after, Period(month, add_months(month, 1)), vat).net,
        )
        for month in months
    ]


def _name(charge: ChargeTerms) -> tuple[str, str, dt.date]:
    return charge.kind, charge.label, charge.period.start


def _unnamed(charge: ChargeTerms | None) -> ChargeTerms | None:
    """A charge that another letting takes over as it was is no other charge to its reader."""
    return charge and replace(charge, id=None, continues=None)


def _charges(terms: LeaseTerms) -> Iterator[ChargeTerms]:
    for letting in terms.lettings:
        yield from letting.charges
    yield from terms.charges
