"""What is known of each company on every day: hosted, or as last declared, pure."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from indicators.intervals import distinct
from indicators.residency import Residencies
from indicators.tables import DAY_BITS, NEVER, OPEN, TRADING, UNKNOWN, Declarations, Ints

_DAY = (1 << DAY_BITS) - 1


@dataclass(frozen=True, eq=False)
class Outcomes:
    """The days of each company in pieces of one outcome, sorted by company and start, without a
    gap from the first day that something is known of it. Shape (pieces,) throughout.

    `outcome` is UNKNOWN, TRADING, MERGED, ACQUIRED or CLOSED; `declared_on` is the day of the
    declaration that says so, NEVER where none does: the company is hosted, or unknown.
    """

    company: Ints
    start: Ints
    end: Ints
    outcome: Ints
    declared_on: Ints

    @classmethod
    def of(cls, hosted: Residencies, declarations: Declarations) -> Self:
        """From the residencies in the network and the declarations that stand.

        The latest declaration wins, of two for one day the one made later; "unknown" says nothing
        and takes nothing back. A hosted company is trading, unless declared otherwise since this
        residency began: who was declared closed and comes back is trading.
        """
        said, status = _said(declarations)
        begins = (hosted.company << DAY_BITS) | hosted.start
        leaves = hosted.end != OPEN
        ends = (hosted.company[leaves] << DAY_BITS) | hosted.end[leaves]
        points = distinct(np.concatenate((begins, ends, said)))
        company, day = points >> DAY_BITS, points & _DAY
        end = np.full(len(points), OPEN)
        end[:-1] = np.where(company[1:] == company[:-1], day[1:], OPEN)

        declaration, stay = _latest(said, points), _latest(begins, points)
        outcome = _at(status, declaration, UNKNOWN)
        declared_on = _at(said & _DAY, declaration, NEVER)
        is_hosted = _at(hosted.end, stay, NEVER) > day
        since_then = (outcome > TRADING) & (declared_on >= _at(hosted.start, stay, OPEN))
        by_hosting = is_hosted & ~since_then
        outcome[by_hosting] = TRADING
        declared_on[by_hosting] = NEVER
        return cls(company, day, end, outcome, declared_on)

    def known_on(self, company: Ints, day: int) -> Ints:
        """The outcome of each company on the day."""
        begins = (self.company << DAY_BITS) | self.start
        place = _latest(begins, (company << DAY_BITS) | day)
        return _at(self.outcome, place, UNKNOWN)


def _said(declarations: Declarations) -> tuple[Ints, Ints]:
    """The keys (company, day) of what was declared, ascending, each with its status."""
    telling = declarations.status != UNKNOWN
    key = (declarations.company[telling] << DAY_BITS) | declarations.on[telling]
    order = np.argsort(key, kind="stable")
    key, status = key[order], declarations.status[telling][order]
    last = np.ones(len(key), np.bool_)
    last[:-1] = key[1:] != key[:-1]
    return key[last], status[last]


def _latest(keys: Ints, points: Ints) -> Ints:
    """The place of the company's last key up to each point, -1 where it has none."""
    place = np.searchsorted(keys, points, side="right") - 1
    own = _at(keys, place, -1) >> DAY_BITS == points >> DAY_BITS
    return np.where(own, place, -1)


def _at(column: Ints, place: Ints, otherwise: int) -> Ints:
    """The column at these places; at -1 the value given."""
    return np.append(column, otherwise)[place]
