"""Success since entry and since exit: what became of companies n months later, pure.

A company is followed from n months after its event for twelve months, so that each day counts the
companies whose event was n to n + 12 months ago. Outcomes are those known of the day itself.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from indicators.choices import Event, Milestone
from indicators.daily import Daily
from indicators.intervals import Spans, intersect, months_after, stock
from indicators.residency import Residencies
from indicators.scope import Scope
from indicators.tables import (
    ACQUIRED,
    DAY_BITS,
    MERGED,
    NEVER,
    OPEN,
    TRADING,
    UNKNOWN,
    Bools,
    Ints,
)

_SHORTEST_MONTH: Final = 28
_LONGEST_MONTH: Final = 31


@dataclass(frozen=True, eq=False)
class Followed:
    """The companies counted on some day of a scope, while they are, in pieces of one outcome.

    Shape (pieces,) throughout. `residency` is the row, in `residencies`, of the one that began or
    ended with the event; `outcome` and `declared_on` are as in `Outcomes`.
    """

    residencies: Residencies
    residency: Ints
    start: Ints
    end: Ints
    outcome: Ints
    declared_on: Ints

    @property
    def known(self) -> Bools:
        return np.not_equal(self.outcome, UNKNOWN)

    @property
    def succeeded(self) -> Bools:
        """Whether the company trades, or has merged or been acquired."""
        return np.isin(self.outcome, (TRADING, MERGED, ACQUIRED))


def success(scope: Scope, milestone: Milestone) -> Daily:
    """Trading, merged or acquired over those with a known outcome; beside, the unknown."""
    found = followed(scope, milestone)

    def alive(chosen: Bools) -> Ints:
        return stock(found.start[chosen], found.end[chosen], scope.low, scope.high)

    return Daily(alive(found.succeeded), alive(found.known), {"unknown": alive(~found.known)})


def followed(scope: Scope, milestone: Milestone) -> Followed:
    """Who is counted when, with what is known of them.

    Residencies are taken as they are, without bridging: who comes back has not left, and an absence
    that is bridged is over long before anybody asks what became of the company.
    """
    if milestone.event is Event.ENTRY:
        chosen, event, until = _entries(scope)
    else:
        chosen, event, until = _exits(scope)
    # Only those that may be counted on a day that is asked for: most events are years away.
    near = event + _SHORTEST_MONTH * milestone.months < scope.high
    near &= event + _LONGEST_MONTH * milestone.until > scope.low
    row = np.flatnonzero(near)
    from_day = months_after(event[row], milestone.months)
    until = np.minimum(until[row], months_after(event[row], milestone.until))
    counted = np.flatnonzero((from_day < until) & (from_day < scope.high) & (until > scope.low))
    row, from_day, until = row[counted], from_day[counted], until[counted]
    outcomes = scope.portfolio.outcomes
    piece, known, start, end = intersect(
        Spans(chosen.company[row], from_day, until),
        Spans(outcomes.company, outcomes.start, outcomes.end),
    )
    outcome, declared_on = outcomes.outcome[known], outcomes.declared_on[known]
    # That it traded before the n-th month says nothing of that month.
    early = (outcome == TRADING) & (declared_on != NEVER) & (declared_on < from_day[piece])
    return Followed(
        residencies=chosen,
        residency=row[piece],
        start=start,
        end=end,
        outcome=np.where(early, UNKNOWN, outcome),
        declared_on=np.where(early, NEVER, declared_on),
    )


def _entries(scope: Scope) -> tuple[Residencies, Ints, Ints]:
    """Each company's first residency in the scope, its first day, and for how long that counts."""
    all_of_them = scope.residencies()
    first = all_of_them.only(all_of_them.is_first)
    return first, first.start, np.full(len(first.start), OPEN)


def _exits(scope: Scope) -> tuple[Residencies, Ints, Ints]:
    """Each residency in the network that ends, its last day, and the day the company is back.

    At a site: those that ended there. A company that moved on to another site has not left.
    """
    found = scope.portfolio.residencies(network=True)
    back = np.full(len(found.start), OPEN)
    back[:-1] = np.where(found.is_first[1:], OPEN, found.start[1:])
    ended = found.end != OPEN
    if scope.site is not None:
        here = scope.residencies()
        ended &= _among(_finish(found), _finish(here))
    left = found.only(ended)
    return left, left.end - 1, back[ended]


def _among(keys: Ints, known: Ints) -> Bools:
    """Whether each key is one of the known ones, which ascend."""
    if not len(known):
        return np.zeros(len(keys), np.bool_)
    found: Bools = known[np.minimum(np.searchsorted(known, keys), len(known) - 1)] == keys
    return found


def _finish(residencies: Residencies) -> Ints:
    return (residencies.company << DAY_BITS) | residencies.end
