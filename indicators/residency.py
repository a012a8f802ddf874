"""Residencies: how long a company has been hosted at a site, or anywhere in the network, pure.

A residency is the union of a company's counting stays in its scope, so that a renewal, a second
room or a move within the scope is neither an exit nor an entry (domain definition).
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from indicators.intervals import Spans, union
from indicators.tables import ID_BITS, Bools, Ints


@dataclass(frozen=True, eq=False)
class Residencies:
    """Unions of stays, sorted by site, company and start. Shape (residencies,) throughout.

    `site` is the site's position in the portfolio's ascending ids, 0 for all in a network's.
    """

    site: Ints
    company: Ints
    start: Ints
    end: Ints

    @classmethod
    def of_stays(cls, site: Ints, company: Ints, start: Ints, end: Ints) -> Self:
        """Melts stays into residencies per site and company; only touching stays are joined."""
        return cls._melted((site << ID_BITS) | company, start, end, 0)

    def bridging(self, gap_days: int) -> Self:
        """The same with absences of up to `gap_days` days bridged."""
        if gap_days == 0:
            return self
        return self._melted((self.site << ID_BITS) | self.company, self.start, self.end, gap_days)

    def across_sites(self) -> Self:
        """The residencies in the network: the sites' ones melted together per company."""
        return self._melted(self.company, self.start, self.end, 0)

    @classmethod
    def _melted(cls, group: Ints, start: Ints, end: Ints, gap_days: int) -> Self:
        group, start, end = union(Spans(group, start, end), gap_days)
        return cls(group >> ID_BITS, group & ((1 << ID_BITS) - 1), start, end)

    def at(self, site: int) -> Self:
        """Those of one site (by position): a view, nothing is copied."""
        low, high = np.searchsorted(self.site, (site, site + 1))
        return self.only(slice(low, high))

    def only(self, chosen: Bools | Ints | slice) -> Self:
        return type(self)(
            self.site[chosen], self.company[chosen], self.start[chosen], self.end[chosen]
        )

    @property
    def is_first(self) -> Bools:
        """Whether each is its company's first in its scope: a new company, not a returning one."""
        first = np.ones(len(self.company), np.bool_)
        first[1:] = (self.company[1:] != self.company[:-1]) | (self.site[1:] != self.site[:-1])
        return first
