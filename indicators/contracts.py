"""What was agreed of each letting: until when, and what ended it, pure.

A term that a renewal made longer had an end of its own: the tenant could have gone then, whether
the renewal was signed before that day or after it. A correction makes no end, and an end that a
shorter term made void never came.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from indicators.intervals import distinct, found_in
from indicators.tables import DAY_BITS, OPEN, Contracts, Ints, Renewals, Stays, Terms


@dataclass(frozen=True, eq=False)
class Agreed:
    """The ends of the stays (by row, shape (stays,)) as they stood on one day, as `Terms` has them;
    of a stay of which nothing is agreed nothing ends."""

    term: Ints
    early: Ints
    notice: Ints

    @classmethod
    def on(cls, day: int, stays: Stays, terms: Terms) -> Self:
        stood = terms.only((terms.start <= day) & (terms.end > day))
        return cls(
            term=of_stays(stays, stood, stood.term, OPEN),
            early=of_stays(stays, stood, stood.early, OPEN),
            notice=of_stays(stays, stood, stood.notice, OPEN),
        )

    @property
    def own(self) -> Ints:
        """The end of the letting itself, without a notice."""
        return np.where(self.early < OPEN, self.early, self.term)


def ends(
    stays: Stays, agreed: Agreed, contracts: Contracts, renewals: Renewals
) -> tuple[Ints, Ints]:
    """Every end that a tenant came to, by a term, a notice or an exit before both: the stay's row,
    and the day after; `agreed` is what stands now.

    A letting given up before, or let after, did not come to it. An assigned lease goes on.
    """
    last = np.minimum(np.minimum(agreed.term, agreed.notice), left(stays, contracts))
    now = np.flatnonzero((last != OPEN) & (of_stays(stays, contracts, contracts.assigned, 0) == 0))
    renewed = found_in(stays.letting, renewals.letting)
    known = np.flatnonzero(renewed >= 0)
    # Who renewed early and left at the old end all the same came to one end, not to two.
    keys = (now << DAY_BITS) | last[now], (renewed[known] << DAY_BITS) | renewals.term[known]
    key = distinct(np.concatenate(keys))
    stay, end = key >> DAY_BITS, key & ((1 << DAY_BITS) - 1)
    came = (stays.start[stay] < end) & (stays.end[stay] >= end)
    return stay[came], end[came]


def left(stays: Stays, contracts: Contracts) -> Ints:
    """The day after each stay's exit, OPEN where there was none."""
    return of_stays(stays, contracts, contracts.left, OPEN)


def of_stays(stays: Stays, table: Terms | Contracts, column: Ints, otherwise: int) -> Ints:
    """The column of a table with one row a letting, by row of the stays."""
    row = found_in(table.letting, stays.letting)
    found: Ints = np.append(column, otherwise)[row]
    return found
