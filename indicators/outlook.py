"""Occupancy in the months to come, from what is known of them, pure.

Space by space, at the end of each month: out of service, under a contract, held for an applicant;
else what the contract that ended there leaves open. What counts is what had been signed, offered,
given up or given notice of by the day; that signed late, or since corrected, counts as it stands.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from core.periods import add_months, first_of_month
from indicators.contracts import left, of_stays
from indicators.floorspace import Pieces
from indicators.intervals import found_in
from indicators.lines import Lines, millionths
from indicators.scope import Scope
from indicators.tables import OPEN, Bools, Contracts, Holds, Ints

MONTHS: Final = 24
STATES: Final = ("contracted", "held", "holding_over", "renewable", "leaving")
"""What a space in service may be; of two that are true at once it is the first."""
MAY_BE_LET: Final = STATES[:-1]
MEASURES: Final = (
    "low_millionths",
    "high_millionths",
    "in_service_centi_m2",
    *(f"{state}_centi_m2" for state in STATES),
    "out_of_service_centi_m2",
)


@dataclass(frozen=True, eq=False)
class Periods:
    """Spaces (positions) over periods, some of them empty."""

    space: Ints
    start: Ints
    end: Ints

    @classmethod
    def of(cls, pieces: Pieces) -> Self:
        return cls(pieces.space, pieces.start, pieces.end)


def outlook(scope: Scope) -> Lines:
    """24 months from the day's on, each on its last day: low is what is under contract then, high
    adds renewals of every term that ends by itself, and what is held for applicants."""
    this_month = first_of_month(dt.date.fromordinal(scope.low))
    firsts = [add_months(this_month, ahead).toordinal() for ahead in range(MONTHS + 1)]
    states = _states(scope)
    values: dict[str, Ints] = {code: np.zeros(MONTHS, np.int64) for code in MEASURES}
    for line, following in enumerate(firsts[1:]):
        for code, centi_m2 in _on(scope, states, following - 1).items():
            values[code][line] = centi_m2
    may_be_let = sum(values[f"{state}_centi_m2"] for state in MAY_BE_LET)
    in_service = values["in_service_centi_m2"]
    values["low_millionths"] = millionths(values["contracted_centi_m2"], in_service)
    values["high_millionths"] = millionths(may_be_let, in_service)
    return Lines(firsts[:-1], values)


def _on(scope: Scope, states: dict[str, Periods], day: int) -> dict[str, int]:
    """The area in each state on one day: a space is in one of them at most."""
    book = scope.portfolio
    low, high = book.spaces_of(scope.site)
    lettable = book.area.lettable
    today = (lettable.start <= day) & (lettable.end > day)
    area = np.zeros(len(book.spaces), np.int64)
    area[lettable.space[today]] = lettable.centi_m2[today]
    area = area[low:high]
    taken = _flags(Periods.of(book.area.out), len(book.spaces), day)[low:high]
    found = {"out_of_service_centi_m2": int(area[taken].sum())}
    found["in_service_centi_m2"] = int(area.sum()) - found["out_of_service_centi_m2"]
    for state in STATES:
        here = _flags(states[state], len(book.spaces), day)[low:high] & ~taken
        found[f"{state}_centi_m2"] = int(area[here].sum())
        taken |= here
    return found


def _flags(periods: Periods, spaces: int, day: int) -> Bools:
    found = np.zeros(spaces, np.bool_)
    found[periods.space[(periods.start <= day) & (periods.end > day)]] = True
    return found


def _states(scope: Scope) -> dict[str, Periods]:
    """What each letting that was signed by the day comes to."""
    book, day = scope.portfolio, scope.low
    stays, placed, contracts = book.stays, book.placed, book.table(Contracts)
    known, gone = book.agreed_on(day), left(stays, contracts)
    # What goes on in another letting of its lease (other m² or walls) does so from its end on.
    goes_on = (stays.end < np.minimum(book.agreed.term, gone)) & (book.agreed.early == OPEN)
    goes_on &= stays.end < np.minimum(known.term, known.notice)
    contract_end = np.where(goes_on, stays.end, np.minimum(known.own, known.notice))
    goes = np.where(goes_on, stays.end, np.minimum(known.early, known.notice))
    signed, assigned = (
        of_stays(stays, contracts, column, 0) for column in (contracts.signed, contracts.assigned)
    )
    counts = (signed <= day) & (stays.end > day)
    # Whoever left that day is known to; another company goes on in its own lease.
    counts &= (gone > day + 1) | (assigned != 0)
    row = placed.source
    row, space = row[counts[row]], placed.space[counts[row]]
    is_over = known.term[row] <= day
    last = np.maximum(contract_end, stays.start)[row]
    forever = np.full(len(row), OPEN)
    return {
        "contracted": Periods(space, stays.start[row], last),
        "held": _held(scope),
        "holding_over": Periods(space[is_over], last[is_over], goes[row][is_over]),
        "renewable": Periods(space[~is_over], last[~is_over], goes[row][~is_over]),
        "leaving": Periods(space, np.maximum(goes, stays.start)[row], forever),
    }


def _held(scope: Scope) -> Periods:
    """What stood on the day."""
    holds = scope.portfolio.table(Holds)
    space = found_in(scope.portfolio.space_ids, holds.space)
    stands = (holds.made <= scope.low) & (holds.over > scope.low) & (space >= 0)
    return Periods(space[stands], holds.start[stands], holds.end[stands])
