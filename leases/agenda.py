"""What comes of a lease, day by day: it starts, ends, steps up, needs notice, has lasted. Pure."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, pairwise
from typing import Final

from core.periods import ONE_DAY, Period, add_months
from leases.choices import AgendaKind
from leases.notice import last_day_to_give
from sites.choices import TenantKind
from sites.rates import Step

STAY_WARNINGS: Final = (12, 6, 3)
"""Months before the maximum stay is reached."""


@dataclass(frozen=True, slots=True)
class Let:
    """A letting, as far as its dates go; `space` is a code, None for domiciliation."""

    space: str | None
    tenant_kind: str
    period: Period
    unit: str
    steps: tuple[Step, ...]
    discounts: tuple[Period, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """A signed or active lease. `leaves` is the last day of the notice that stands."""

    term: Period
    active: bool
    notice_months: int
    tacit_months: int | None
    leaves: dt.date | None
    stays_from: dt.date | None
    """The company's first start-up day in the network."""
    maximum_stay_months: int | None
    lets: tuple[Let, ...]

    def stands_on(self, day: dt.date, today: dt.date) -> bool:
        """Whether the tenant is still there on a day to come, as far as anybody knows."""
        if self.leaves is not None and self.leaves >= today:
            return day <= self.leaves
        end = self.term.end
        return end is None or day < end or self.tacit_months is not None or end <= today

    def is_startup_on(self, day: dt.date) -> bool:
        """By its lettings; one that runs to the term's end is what a lease that goes on has."""
        return any(
            let.tenant_kind == TenantKind.STARTUP
            and (day in let.period or (let.period.is_past(day) and self.runs_out(let)))
            for let in self.lets
        )

    def runs_out(self, let: Let) -> bool:
        """Whether it ends with the term, or after it: not a space that was given up before."""
        end = self.term.end
        return let.period.end is None or (end is not None and let.period.end >= end)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something on a day. What the rest means depends on `kind`."""

    day: dt.date
    kind: AgendaKind
    spaces: tuple[str, ...] = ()
    rates: tuple[Decimal, Decimal] | None = None
    """Before and after, by `unit`, where the rent changes."""
    unit: str = ""
    months: int | None = None
    """Left of the maximum stay (0: none), or of a tacit renewal (None: there is no such clause)."""
    about: dt.date | None = None
    """The last day of the term, or of the maximum stay."""
    amount: Decimal | None = None
    """Of a deposit: what is missing, or still held."""


def entries(facts: Facts, window: Period, today: dt.date) -> list[Entry]:
    """In the order of their days: those of the window, and whatever is late or holding over."""
    found = chain(
        _starts(facts, today),
        _ends(facts),
        _steps(facts),
        _discounts(facts),
        _notice(facts, today),
        _stay(facts, today),
    )
    shown = [entry for entry in found if entry.day in window or is_late(facts, entry, today)]
    order = list(AgendaKind)
    return sorted(shown, key=lambda entry: (entry.day, order.index(entry.kind)))


def is_late(facts: Facts, entry: Entry, today: dt.date) -> bool:
    """What stays on the agenda although its day is over."""
    if entry.kind in {AgendaKind.HOLDING_OVER, AgendaKind.NO_KEYS}:
        return True
    if entry.day >= today or not facts.active:
        return False
    return entry.kind == AgendaKind.LEAVES or (
        entry.kind == AgendaKind.MAXIMUM_STAY and entry.months == 0
    )


def stay_ends(facts: Facts) -> dt.date | None:
    """The day after the last one of the maximum stay; None: there is none."""
    if facts.stays_from is None or facts.maximum_stay_months is None:
        return None
    return add_months(facts.stays_from, facts.maximum_stay_months)


def warning_due(facts: Facts, today: dt.date) -> int | None:
    """The newest of the warnings (months before) whose day has come, of a start-up that is not
    about to leave; None: none is, or the stay is over and the agenda says so."""
    end = stay_ends(facts)
    if end is None or end <= today or not _stays(facts, today, today):
        return None
    due = [months for months in STAY_WARNINGS if _warned_on(facts, months) <= today]
    return min(due, default=None)


def _starts(facts: Facts, today: dt.date) -> Iterator[Entry]:
    if not facts.active and facts.term.start < today:
        yield Entry(facts.term.start, AgendaKind.NO_KEYS, _codes(facts.lets))
    by_day = defaultdict(list)
    for let in facts.lets:
        if _before(facts, let) is None:
            by_day[let.period.start].append(let)
    for day, lets in by_day.items():
        yield Entry(day, AgendaKind.STARTS, _codes(lets))


def _ends(facts: Facts) -> Iterator[Entry]:
    """The term's last day, the notice's instead where one stands, and spaces given back before."""
    given_up = defaultdict(list)
    for let in facts.lets:
        last = let.period.last_day
        if last is not None and not facts.runs_out(let) and _after(facts, let) is None:
            given_up[last].append(let)
    for day, lets in given_up.items():
        yield Entry(day, AgendaKind.ENDS, _codes(lets))
    kept = _kept(facts)
    if facts.leaves is not None:
        yield Entry(facts.leaves, AgendaKind.LEAVES, kept)
    elif facts.term.last_day is not None:
        last = facts.term.last_day
        yield Entry(last, AgendaKind.TERM_ENDS, kept, months=facts.tacit_months)


def _steps(facts: Facts) -> Iterator[Entry]:
    """Rents that change while the space stays the tenant's."""
    changed = defaultdict(list)
    for let in facts.lets:
        before = _before(facts, let)
        known = [] if before is None or before.unit != let.unit else before.steps[-1:]
        for one, other in pairwise([*known, *let.steps]):
            if one.rate != other.rate and not _gone(facts, other.period.start):
                changed[other.period.start, one.rate, other.rate, let.unit].append(let)
    for (day, was, rate, unit), lets in changed.items():
        yield Entry(day, AgendaKind.STEPS, _codes(lets), rates=(was, rate), unit=unit)


def _discounts(facts: Facts) -> Iterator[Entry]:
    """Days from which on less is asked, and the last of them. One that begins with its letting is
    no news: it is how the letting begins."""
    changed = defaultdict(list)
    for let in facts.lets:
        for period in let.discounts:
            if period.start > let.period.start:
                changed[period.start, AgendaKind.DISCOUNT_BEGINS].append(let)
            last = period.last_day
            if last is not None and last != let.period.last_day:
                changed[last, AgendaKind.DISCOUNT_ENDS].append(let)
    for (day, kind), lets in changed.items():
        if not _gone(facts, day):
            yield Entry(day, kind, _codes(lets))


def _notice(facts: Facts, today: dt.date) -> Iterator[Entry]:
    last = facts.term.last_day
    if last is None or facts.leaves is not None:
        return
    kept = _kept(facts)
    if facts.active and last < today:
        yield Entry(today, AgendaKind.HOLDING_OVER, kept, about=last)
        return
    day = last_day_to_give(last, facts.notice_months)
    yield Entry(day, AgendaKind.NOTICE_DUE, kept, months=facts.tacit_months, about=last)


def _stay(facts: Facts, today: dt.date) -> Iterator[Entry]:
    end = stay_ends(facts)
    if end is None:
        return
    days = [(_warned_on(facts, months), months) for months in STAY_WARNINGS]
    for day, months in [*days, (end - ONE_DAY, 0)]:
        if _stays(facts, max(day, today), today):
            last = end - ONE_DAY
            yield Entry(day, AgendaKind.MAXIMUM_STAY, _kept(facts), months=months, about=last)


def _stays(facts: Facts, day: dt.date, today: dt.date) -> bool:
    """Whether it is a start-up's on the day, and no notice says that it leaves before its time. A
    term that ends before may be renewed: that is when the warning is of use."""
    end = stay_ends(facts)
    assert end is not None
    leaving = facts.leaves is not None and today <= facts.leaves < end - ONE_DAY
    return not leaving and facts.is_startup_on(day) and facts.stands_on(day, today)


def _warned_on(facts: Facts, months: int) -> dt.date:
    assert facts.stays_from is not None
    assert facts.maximum_stay_months is not None
    return add_months(facts.stays_from, facts.maximum_stay_months - months)


def _gone(facts: Facts, day: dt.date) -> bool:
    return facts.leaves is not None and day > facts.leaves


def _before(facts: Facts, let: Let) -> Let | None:
    """The letting of the same space that this one goes on from (other m², another kind)."""
    same = (each for each in facts.lets if each.space == let.space and each is not let)
    return next((each for each in same if each.period.end == let.period.start), None)


def _after(facts: Facts, let: Let) -> Let | None:
    same = (each for each in facts.lets if each.space == let.space and each is not let)
    return next((each for each in same if each.period.start == let.period.end), None)


def _kept(facts: Facts) -> tuple[str, ...]:
    """The spaces that go with the term to its end."""
    return _codes([let for let in facts.lets if facts.runs_out(let)])


def _codes(lets: Sequence[Let]) -> tuple[str, ...]:
    return tuple(sorted({let.space for let in lets if let.space is not None}))
