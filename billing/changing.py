"""Why a lease is billed something else than the month before, and what looks wrong. Pure."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Final, NamedTuple

from billing.choices import Anomaly, Change
from billing.proposing import Proposal
from billing.reconciling import Billed, Side
from core.money import ZERO
from core.periods import Period, add_months
from leases.proration import months_in, term_of
from leases.rent import DISCOUNT, ONCE, RENT, Line
from leases.terms import LeaseTerms, LettingTerms
from sites.choices import TenantKind

MONTH: Final = 1
JUMP: Final = Fraction(1, 5)
"""Of the month before: a difference above it is to be looked at."""
_CHANGES: Final = tuple(Change)
_ANOMALIES: Final = tuple(Anomaly)


@dataclass(frozen=True, slots=True)
class About:
    """What else is known of a lease when a run looks at it."""

    has_ice: bool
    has_address: bool
    deposit_missing: bool
    holding_over: bool


class _Part(NamedTuple):
    """What days of a charge come to, DH without tax."""

    side: Side
    once: bool
    period: Period
    net: Decimal


def was(billed: Sequence[Billed], month: dt.date) -> Decimal:
    """What fell due in the month before, as far as it stands. DH without tax."""
    return _sum(_before(billed, month))


def now(proposal: Proposal, billed: Sequence[Billed], month: dt.date) -> Decimal:
    """What falls due in the month itself: proposed, or billed already."""
    return _sum(_of_month(proposal, billed, month))


def _before(billed: Sequence[Billed], month: dt.date) -> list[_Part]:
    before = add_months(month, -1)
    return [_billed(each) for each in billed if before <= each.due_on < month]


def _of_month(proposal: Proposal, billed: Sequence[Billed], month: dt.date) -> list[_Part]:
    days = Period(month, add_months(month, 1))
    gone = {each.id for each in (*_taken(proposal), *proposal.again, *proposal.settled)}
    late = [one.line for credit in proposal.credits for one in credit.lessened]
    return [
        *(_line(line, line.amount) for line in (*proposal.bill, *late) if line.due_on in days),
        *(_line(one.line, -one.net) for one in proposal.kept if one.line.due_on in days),
        *(_billed(each) for each in billed if each.due_on in days and each.id not in gone),
    ]


def _line(line: Line, net: Decimal) -> _Part:
    assert line.charge_id is not None
    side = line.charge_id, line.kind == DISCOUNT
    return _Part(side, line.unit == ONCE, line.period, net)


def _billed(each: Billed) -> _Part:
    return _Part(each.side, each.unit == ONCE, each.period, each.net)


def _sum(parts: Iterable[_Part]) -> Decimal:
    return sum((part.net for part in parts), ZERO)


def _jumps(before: Sequence[_Part], due: Sequence[_Part]) -> bool:
    """Whether the two differ by much, both as they are and for whole months: a month that is
    billed in part, since the lease begins or ends in it, is no jump."""
    if not _differ(_sum(before), _sum(due)):
        return False
    return _differ(_whole(before), _whole(due))


def _differ(was: Decimal | Fraction, now: Decimal | Fraction) -> bool:
    return bool(was and now) and abs(Fraction(now) / Fraction(was) - 1) > JUMP


def _whole(parts: Iterable[_Part]) -> Fraction:
    """What they would come to, were the months in which they lie whole."""
    months: dict[Side, Fraction] = defaultdict(Fraction)
    nets: dict[Side, Fraction] = defaultdict(Fraction)
    total = Fraction(0)
    for part in parts:
        if part.once:
            total += Fraction(part.net)
        else:
            months[part.side] += months_in(part.period)
            nets[part.side] += Fraction(part.net)
    return total + sum(
        (net * ceil(months[side]) / months[side] for side, net in nets.items()), Fraction(0)
    )


def changes(proposal: Proposal, billed: Sequence[Billed], month: dt.date) -> tuple[Change, ...]:
    """In the order of `Change`; empty where the month is billed as the one before."""
    found = set[Change]()
    before = [each for each in billed if add_months(month, -1) <= each.due_on < month]
    current = [line for line in proposal.bill if line.due_on >= month]
    if any(line.due_on < month for line in proposal.bill):
        found.add(Change.LATE)
    if proposal.credits or proposal.again or proposal.settled:
        found.add(Change.BACK)
    if not billed and proposal.bill:
        found.add(Change.NEW)
    if before and not current and not any(each.due_on >= month for each in billed):
        found.add(Change.ENDED)
    elif before and current:
        found |= _differences(before, current)
    return tuple(change for change in _CHANGES if change in found)


def _differences(before: Sequence[Billed], current: Sequence[Line]) -> set[Change]:
    found = set[Change]()
    rates = {each.charge_id: each.rate for each in before if not each.discount}
    rents = [line for line in current if line.kind == RENT]
    for line in rents:
        assert line.charge_id is not None
        if line.charge_id not in rates:
            found.add(Change.AMENDED)
        elif rates[line.charge_id] != line.rate:
            found.add(Change.STEP)
    if any(_in_part(line) for line in rents):
        found.add(Change.PART)
    known = {each.charge_id for each in before}
    added = {line.charge_id for line in current if line.kind != RENT} - known
    gone = known - {line.charge_id for line in current}
    if added or (gone and Change.AMENDED not in found):
        found.add(Change.OTHER)
    return found


def _in_part(line: Line) -> bool:
    return line.period != term_of(line.period.start, line.rhythm.months)


def anomalies(
    terms: LeaseTerms | None,
    proposal: Proposal,
    billed: Sequence[Billed],
    month: dt.date,
    about: About,
) -> tuple[Anomaly, ...]:
    """In the order of `Anomaly`."""
    found = set[Anomaly]()
    if terms is not None and any(_unasked(each, month) for each in terms.lettings):
        found.add(Anomaly.NO_RENT)
    if _jumps(_before(billed, month), _of_month(proposal, billed, month)):
        found.add(Anomaly.JUMP)
    if proposal.bill or proposal.again:
        if not about.has_ice:
            found.add(Anomaly.NO_ICE)
        if not about.has_address:
            found.add(Anomaly.NO_ADDRESS)
        if about.deposit_missing:
            found.add(Anomaly.NO_DEPOSIT)
        if about.holding_over:
            found.add(Anomaly.HOLDING_OVER)
    if any(line.vat_rate is None for line in proposal.bill):
        found.add(Anomaly.NO_VAT_RULE)
    if proposal.invoiced < 0 or proposal.invoiced_vat < 0:
        found.add(Anomaly.NEGATIVE)
    return tuple(anomaly for anomaly in _ANOMALIES if anomaly in found)


def _taken(proposal: Proposal) -> Iterator[Billed]:
    return (each for credit in proposal.credits for each in credit.taken)


def _unasked(letting: LettingTerms, month: dt.date) -> bool:
    """A letting of the month that costs nothing, though nobody says what its rent would be."""
    days = letting.period.intersection(term_of(month, MONTH))
    if days is None or letting.tenant_kind == TenantKind.SUPPORT or letting.list_rate is not None:
        return False
    return all(step.rate == 0 for step in letting.steps if step.period.overlaps(days))
