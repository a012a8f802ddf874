"""Rooms that walls parted or joined between two days: which of them go on from which, pure."""

from dataclasses import dataclass

import numpy as np

from indicators.causes.matching import Matched
from indicators.tables import Bools, Ints, Walls


@dataclass(frozen=True, eq=False)
class Rooms:
    """The spaces of the keys. Arrays of shape (keys,).

    `room` is one number for all spaces that go on from each other by what walls did between the two
    days; `rebuilt` are those of which some are there on the first day alone and some on the last.
    """

    room: Ints
    rebuilt: Bools


def rooms_of(matched: Matched) -> Rooms:
    spaces = matched.column("space")
    first, last = matched.days
    walls = matched.scopes[0].portfolio.table(Walls)
    room = _joined(spaces, walls.only((walls.since > first) & (walls.since <= last)))
    gone = ~np.isin(spaces, spaces[~matched.vanished])
    come = ~np.isin(spaces, spaces[~matched.appeared])
    both = np.isin(room, room[gone]) & np.isin(room, room[come])
    return Rooms(room, both & (gone | come))


def _joined(spaces: Ints, walls: Walls) -> Ints:
    """Each space, or the least id of those that the walls join it with."""
    known, ends = np.unique(np.concatenate((walls.old, walls.new)), return_inverse=True)
    old, new = ends[: len(walls)], ends[len(walls) :]
    least = np.arange(len(known))
    while np.any(least[old] != least[new]):
        lower = np.minimum(least[old], least[new])
        np.minimum.at(least, old, lower)
        np.minimum.at(least, new, lower)
    found = spaces.copy()
    joined = np.isin(spaces, known)
    found[joined] = known[least[np.searchsorted(known, spaces[joined])]]
    return found
