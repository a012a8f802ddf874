"""Floor space as dated pieces: what is in service, what of it is let, pure.

A piece is a period during which one space counts with one area. Only what is lettable that day
counts (and measured, for areas), on both sides of the fraction, so that no occupancy exceeds
one: a room measured anew is full with the new area, not with the old one over the new.
"""

from dataclasses import dataclass

import numpy as np

from indicators.intervals import Spans, intersect
from indicators.tables import Bools, Ints


@dataclass(frozen=True, eq=False)
class Pieces:
    """Dated pieces of spaces, sorted by space. Shape (pieces,) throughout.

    `space` and `source` are positions: of the space in the portfolio's order by site, and of the
    row in the table the pieces were cut from. `centi_m2` is 0 where areas play no part.
    """

    space: Ints
    start: Ints
    end: Ints
    centi_m2: Ints
    source: Ints

    def __len__(self) -> int:
        return len(self.space)

    @property
    def spans(self) -> Spans:
        return Spans(self.space, self.start, self.end)

    def within(self, other: "Pieces") -> "Pieces":
        """The parts of these pieces that lie in the other's, which do not overlap in a space.

        They keep our sources and take the other's areas.
        """
        row, piece, start, end = intersect(self.spans, other.spans)
        return Pieces(self.space[row], start, end, other.centi_m2[piece], self.source[row])

    def followed_by(self, other: "Pieces") -> "Pieces":
        """Both, no longer sorted by space."""
        columns = ("space", "start", "end", "centi_m2", "source")
        return Pieces(
            *(np.concatenate((getattr(self, name), getattr(other, name))) for name in columns)
        )

    def only(self, chosen: Bools | Ints | slice) -> "Pieces":
        return Pieces(
            self.space[chosen],
            self.start[chosen],
            self.end[chosen],
            self.centi_m2[chosen],
            self.source[chosen],
        )

    def of_spaces(self, low: int, high: int) -> "Pieces":
        """Those of the spaces in positions [low, high), a site's: a view."""
        first, last = np.searchsorted(self.space, (low, high))
        return self.only(slice(first, last))


@dataclass(frozen=True, eq=False)
class SpaceUse:
    """What is lettable, and what of it is out of service or let (the stay's row as the source).

    Out of service and let never overlap, so that what is in service is `lettable` less `out`.
    """

    lettable: Pieces
    out: Pieces
    let: Pieces

    def only(self, space_chosen: Bools) -> "SpaceUse":
        """The part on the chosen spaces, given a flag for each space in its inner order."""
        lettable, out, let = (
            pieces.only(space_chosen[pieces.space])
            for pieces in (self.lettable, self.out, self.let)
        )
        return SpaceUse(lettable, out, let)

    def of_spaces(self, low: int, high: int) -> "SpaceUse":
        """The part on the spaces in positions [low, high), a site's: views."""
        return SpaceUse(
            self.lettable.of_spaces(low, high),
            self.out.of_spaces(low, high),
            self.let.of_spaces(low, high),
        )
