"""What was agreed of each letting: when its lease was signed, and when it ends by what, pure.

A term that a renewal made longer had an end of its own: the tenant could have gone then, whether
the renewal was signed before that day or after it. A correction makes no end, and an end that a
shorter term made void never came.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from indicators.tables import DAY_BITS, OPEN, Contracts, Ints, Renewals, Stays


@dataclass(frozen=True, eq=False)
class Agreed:
    """The contracts by row of the stays (shape (stays,)), as `Contracts` has them; of a stay
    without one nothing ends. And the ends that were made later: the stay's row, the old end, the
    day on which that was signed."""

    signed: Ints
    term: Ints
    noticed: Ints
    notice: Ints
    left: Ints
    assigned: Ints
    renewed_stay: Ints
    renewed_term: Ints
    renewed_on: Ints

    @classmethod
    def of(cls, stays: Stays, contracts: Contracts, renewals: Renewals) -> Self:
        row, known = _rows_of(stays, contracts.letting)

        def of_stay(column: Ints, otherwise: int) -> Ints:
            found = np.full(len(stays), otherwise)
            found[row] = column[known]
            return found

        renewed, which = _rows_of(stays, renewals.letting)
        return cls(
            signed=of_stay(contracts.signed, 0),
            term=of_stay(contracts.term, OPEN),
            noticed=of_stay(contracts.noticed, OPEN),
            notice=of_stay(contracts.notice, OPEN),
            left=of_stay(contracts.left, OPEN),
            assigned=of_stay(contracts.assigned, 0),
            renewed_stay=renewed,
            renewed_term=renewals.term[which],
            renewed_on=renewals.renewed[which],
        )

    def ends(self, stays: Stays) -> tuple[Ints, Ints]:
        """Every end that a tenant came to, by a term, a notice or an exit before both: the stay's
        row, and the day after.

        A letting given up before, or let after, did not come to it. An assigned lease goes on.
        """
        last = np.minimum(np.minimum(self.term, self.notice), self.left)
        now = np.flatnonzero((last != OPEN) & (self.assigned == 0))
        # Who renewed early and left at the old end all the same came to one end, not to two.
        keys = (now << DAY_BITS) | last[now], (self.renewed_stay << DAY_BITS) | self.renewed_term
        key = np.unique(np.concatenate(keys))
        stay, end = key >> DAY_BITS, key & ((1 << DAY_BITS) - 1)
        came = (stays.start[stay] < end) & (stays.end[stay] >= end)
        return stay[came], end[came]

    def term_on(self, day: int) -> Ints:
        """The ends of the terms as they had been signed by the day."""
        term = self.term.copy()
        later = self.renewed_on > day
        np.minimum.at(term, self.renewed_stay[later], self.renewed_term[later])
        return term


def _rows_of(stays: Stays, lettings: Ints) -> tuple[Ints, Ints]:
    """Of the lettings that are among the stays: the stay's row, and which of the lettings it is."""
    if not len(stays):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    order = np.argsort(stays.letting, kind="stable")
    place = np.searchsorted(stays.letting[order], lettings)
    row = order[np.minimum(place, len(stays) - 1)]
    known = np.flatnonzero(stays.letting[row] == lettings)
    return row[known], known
