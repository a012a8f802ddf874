"""Success since entry and since exit: what became of companies n months later, pure.

A company is followed from n months after its event for twelve months, so that each day counts the
companies whose event was n to n + 12 months ago. Outcomes are those known of the day itself.
"""

from dataclasses import dataclass

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


@dataclass(frozen=True, eq=False)
class Followed:
    """The companies of a scope while they are counted, in pieces of one outcome.

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
    from_day = months_after(event, milestone.months)
    until = np.minimum(until, months_after(event, milestone.until))
    asked = np.flatnonzero(from_day < until)
    outcomes = scope.portfolio.outcomes
    piece, known, start, end = intersect(
        Spans(chosen.company[asked], from_day[asked], until[asked]),
        Spans(outcomes.company, outcomes.start, outcomes.end),
    )
    row = asked[piece]
    outcome, declared_on = outcomes.outcome[known], outcomes.declared_on[known]
    # That it traded before the n-th month says nothing of that month.
    early = (outcome == TRADING) & (declared_on != NEVER) & (declared_on < from_day[row])
    return Followed(
        residencies=chosen,
        residency=row,
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
        ended &= np.isin(_finish(found), _finish(here))
    left = found.only(ended)
    return left, left.end - 1, back[ended]


def _finish(residencies: Residencies) -> Ints:
    return (residencies.company << DAY_BITS) | residencies.end
