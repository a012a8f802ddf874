"""What may be done to a lease, by the real services, out of a few random values."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Protocol

from core.periods import ONE_DAY, Period, add_months, today
from leases import changes
from leases.choices import DepositAct, ExitReason, NoticeBy, SettlementLineKind
from leases.models import DepositEntry, Lease
from leases.selectors.amending import Rates, with_category, with_space
from leases.services.deposits import enter_deposit, take_back_entry, waive_deposit
from leases.services.drafts import cancel_lease
from leases.services.exits import end_lease
from leases.services.handover import hand_over
from leases.services.notices import give_notice, withdraw_notice
from leases.services.reversals import take_back_end, take_back_handover
from leases.services.settlements import (
    add_line,
    begin_settlement,
    close_settlement,
    drop_settlement,
    take_back_settlement,
)
from leases.services.signing import sign_lease
from leases.terms import ChargeTerms, DiscountTerms, LeaseTerms, LettingTerms, Rhythm
from sites.models import Space
from sites.rates import Step


@dataclass(frozen=True)
class Wish:
    """What an act is made of: a day, an amount, and a number that chooses among what there is."""

    day: dt.date
    amount: Decimal
    pick: int


class Hub(Protocol):
    spaces: list[Space]


Act = Callable[[Lease, Wish], object]
Change = Callable[[Hub, Lease, LeaseTerms, Wish], tuple[dt.date, LeaseTerms]]
"""The day from which something else is wanted, and the terms that are."""


def _sign(lease: Lease, _wish: Wish) -> object:
    day = min(lease.period.start, today())
    return sign_lease(lease=lease, signed_on=day, acting_user=None)


def _hand_over(lease: Lease, wish: Wish) -> object:
    day = lease.period.start if wish.pick % 2 else wish.day
    return hand_over(lease=lease, on=day, acting_user=None)


def _end(lease: Lease, wish: Wish) -> object:
    day = min(max(wish.day, lease.period.start), today())
    whys = [why for why in ExitReason if why != ExitReason.ASSIGNED]
    return end_lease(
        lease=lease,
        last_day=day,
        reason="x",
        exit_reason=whys[wish.pick % len(whys)],
        forwarding_address="12, rue Demo" * (wish.pick % 2),
        acting_user=None,
    )


def _give_notice(lease: Lease, wish: Wish) -> object:
    return give_notice(
        lease=lease,
        given_by=NoticeBy.TENANT,
        given_on=min(wish.day, today()),
        last_day=wish.day if wish.pick % 2 else None,
        reason="x",
        acting_user=None,
    )


def _take_back_entry(lease: Lease, wish: Wish) -> object:
    entries = DepositEntry.objects.filter(lease=lease, reverses=None)
    entry = entries[wish.pick % len(entries)] if entries else None
    return entry and take_back_entry(entry=entry, reason="x", acting_user=None)


def _deposit(act: DepositAct) -> Act:
    return lambda lease, wish: enter_deposit(
        lease=lease, act=act, amount=wish.amount, on=today(), note="x", acting_user=None
    )


def _settle(lease: Lease, wish: Wish) -> object:
    """Some lines are written, and sometimes it is closed."""
    draft = begin_settlement(lease=lease, acting_user=None)
    for part in range(wish.pick % 3):
        add_line(
            settlement=draft,
            kind=SettlementLineKind.DAMAGE,
            words="x",
            amount=wish.amount + part,
            acting_user=None,
        )
    if wish.pick % 4 == 0:
        return drop_settlement(settlement=draft, acting_user=None)
    return close_settlement(settlement=draft, on=today(), acting_user=None)


def _take_back_settlement(lease: Lease, wish: Wish) -> object:
    closed = lease.settlements.standing().order_by("id")
    one = closed[wish.pick % len(closed)] if closed else None
    return one and take_back_settlement(settlement=one, reason="x", acting_user=None)


ACTS: Final[dict[str, Act]] = {
    "sign": _sign,
    "waive the deposit": lambda lease, wish: waive_deposit(
        lease=lease, reason="x" * (wish.pick % 2), acting_user=None
    ),
    "hand over": _hand_over,
    "end": _end,
    "cancel": lambda lease, _wish: cancel_lease(lease=lease, reason="x", acting_user=None),
    "take the handover back": lambda lease, _wish: take_back_handover(
        lease=lease, reason="x", acting_user=None
    ),
    "take the end back": lambda lease, _wish: take_back_end(
        lease=lease, reason="x", acting_user=None
    ),
    "give notice": _give_notice,
    "withdraw notice": lambda lease, _wish: withdraw_notice(
        lease=lease, on=today(), reason="x", acting_user=None
    ),
    "receive": _deposit(DepositAct.RECEIVED),
    "return": _deposit(DepositAct.RETURNED),
    "settle the deposit": _settle,
    "take a settlement back": _take_back_settlement,
    "take an entry back": _take_back_entry,
}
AHEAD: Final = ("sign", "waive the deposit", "hand over")
"""The way of most leases, so that amendments and ends are reached."""
BACK: Final = {
    "end": "take the end back",
    "give notice": "withdraw notice",
    "hand over": "take the handover back",
    "receive": "return",
}
"""What is undone by another act."""


def _let(hub: Hub, lease: Lease, terms: LeaseTerms, wish: Wish) -> tuple[dt.date, LeaseTerms]:
    since = max(wish.day, terms.period.start)
    if terms.period.is_past(since):
        return since, terms
    rates = Rates("per_m2", [(since, wish.amount)]) if wish.pick % 2 else None
    space = hub.spaces[wish.pick % len(hub.spaces)]
    return since, with_space(lease, terms, space, since, rates=rates)


def _give_up(_hub: Hub, _lease: Lease, terms: LeaseTerms, wish: Wish) -> tuple[dt.date, LeaseTerms]:
    position, _letting = _one(terms, wish)
    return wish.day, changes.give_up(terms, position, wish.day)


def _resize(_hub: Hub, _lease: Lease, terms: LeaseTerms, wish: Wish) -> tuple[dt.date, LeaseTerms]:
    position, letting = _one(terms, wish)
    since = _within(letting, wish)
    if letting.space_id is None:
        return since, terms
    return since, changes.resize(terms, position, since, wish.amount / 4 + 1)


def _reprice(_hub: Hub, _lease: Lease, terms: LeaseTerms, wish: Wish) -> tuple[dt.date, LeaseTerms]:
    position, letting = _one(terms, wish)
    since = _within(letting, wish)
    rest = Period(since, letting.period.end)
    later = since + dt.timedelta(days=1 + wish.pick)
    steps = [Step(rest, wish.amount)]
    if later in rest:
        first, second = Period(since, later), Period(later, rest.end)
        steps = [Step(first, wish.amount), Step(second, wish.amount + 7)]
    unit = "flat" if letting.area_m2 is None or wish.pick % 3 == 0 else "per_m2"
    return since, changes.reprice(terms, position, since, unit, steps)


def _recategorise(
    _hub: Hub, lease: Lease, terms: LeaseTerms, wish: Wish
) -> tuple[dt.date, LeaseTerms]:
    since = max(wish.day, terms.period.start)
    kind = ("startup", "sme", "large")[wish.pick % 3]
    rates = dict.fromkeys(range(wish.pick % 3), wish.amount)
    return since, with_category(lease, terms, kind, since, rates=rates)


def _move_end(
    _hub: Hub, _lease: Lease, terms: LeaseTerms, wish: Wish
) -> tuple[dt.date, LeaseTerms]:
    end = None if wish.pick % 5 == 0 else max(wish.day, terms.period.start + ONE_DAY)
    ends = [day for day in (end, terms.period.end) if day is not None]
    return min(ends, default=terms.period.start), changes.move_end(terms, end)


def _renew(_hub: Hub, _lease: Lease, terms: LeaseTerms, wish: Wish) -> tuple[dt.date, LeaseTerms]:
    end = terms.period.end
    if end is None:
        return wish.day, terms
    return end, changes.move_end(terms, add_months(end, 1 + wish.pick % 24))


def _add_charge(
    _hub: Hub, _lease: Lease, terms: LeaseTerms, wish: Wish
) -> tuple[dt.date, LeaseTerms]:
    position, letting = _one(terms, wish)
    owner: LeaseTerms | LettingTerms = letting if wish.pick % 2 else terms
    unit = ("flat", "per_term", "once", "per_m2")[wish.pick % 4]
    if unit == "per_m2" and letting.area_m2 is None:
        unit = "flat"
    since = wish.day if wish.day in owner.period else owner.period.start
    days = Period(since, owner.period.end)
    charge = ChargeTerms(
        id=None,
        kind="service",
        label=f"n° {wish.pick}",
        period=Period.through(since, since) if unit == "once" else days,
        unit=unit,
        rate=wish.amount,
        rhythm=Rhythm((1, 3, 12)[wish.pick % 3], bool(wish.pick % 2), "service"),
    )
    return since, changes.add_charge(terms, position if owner is letting else None, charge)


def _end_charge(
    _hub: Hub, _lease: Lease, terms: LeaseTerms, wish: Wish
) -> tuple[dt.date, LeaseTerms]:
    there = [*terms.charges, *(each for letting in terms.lettings for each in letting.charges)]
    if not there:
        return wish.day, terms
    charge = there[wish.pick % len(there)]
    assert charge.id is not None
    return wish.day, changes.end_charge(terms, charge.id, wish.day)


def _discount(
    _hub: Hub, _lease: Lease, terms: LeaseTerms, wish: Wish
) -> tuple[dt.date, LeaseTerms]:
    position, letting = _one(terms, wish)
    since = _within(letting, wish)
    last = since + dt.timedelta(days=wish.pick)
    days = Period.through(since, last if last in letting.period else letting.period.last_day)
    unit = ("percent", "flat")[wish.pick % 2]
    granted = DiscountTerms(days, unit, wish.amount / 4 + 1, "Remise")
    return since, changes.discount(terms, position, granted)


def _deposit_due(
    _hub: Hub, _lease: Lease, terms: LeaseTerms, wish: Wish
) -> tuple[dt.date, LeaseTerms]:
    return wish.day, changes.with_deposit(terms, wish.amount)


def _tacit(_hub: Hub, _lease: Lease, terms: LeaseTerms, wish: Wish) -> tuple[dt.date, LeaseTerms]:
    return wish.day, changes.with_tacit_renewal(terms, wish.pick % 13 or None)


CHANGES: Final[dict[str, Change]] = {
    "let another space": _let,
    "give a space up": _give_up,
    "other m²": _resize,
    "another rent": _reprice,
    "another kind": _recategorise,
    "another end": _move_end,
    "renew": _renew,
    "add a charge": _add_charge,
    "end a charge": _end_charge,
    "grant a discount": _discount,
    "another deposit": _deposit_due,
    "renew tacitly": _tacit,
}


def _one(terms: LeaseTerms, wish: Wish) -> tuple[int, LettingTerms]:
    position = wish.pick % len(terms.lettings)
    return position, terms.lettings[position]


def _within(letting: LettingTerms, wish: Wish) -> dt.date:
    return wish.day if wish.day in letting.period else letting.period.start
