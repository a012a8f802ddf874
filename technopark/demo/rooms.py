"""The rooms of the demo's hubs: how many, how large, lettable since when. Pure."""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

# What a room is for, in the story; its kind in the books follows.
SMALL, MEDIUM, LARGE, DESK, SHOP, STORAGE, SUPPORT, MEETING = [
    "small",
    "medium",
    "large",
    "desk",
    "shop",
    "storage",
    "support",
    "meeting",
]
KINDS: Final = {
    SMALL: "office",
    MEDIUM: "office",
    LARGE: "open_floor",
    DESK: "desk",
    SHOP: "shop",
    STORAGE: "storage",
    SUPPORT: "office",
    MEETING: "meeting_room",
}
# m², from and to. Start-ups take 12–19, small companies 24–68.
_SIZES: Final = {
    SMALL: (12, 19),
    MEDIUM: (24, 68),
    LARGE: (140, 320),
    DESK: (5, 5),
    SHOP: (30, 60),
    STORAGE: (10, 30),
    SUPPORT: (60, 180),
}


@dataclass(frozen=True, slots=True)
class Room:
    """A leaf of a site; `since` is the first day it may be let."""

    site: str
    floor: str
    code: str
    use: str
    area_m2: Decimal
    since: dt.date


@dataclass(frozen=True, slots=True)
class Hub:
    """What a site has: `lettable_m2` in all, once every stage is open."""

    code: str
    lettable_m2: int
    floors: Sequence[str]
    stages: Sequence[tuple[dt.date, float]]  # (first day, share of the rooms open from then)
    rooms: Sequence[tuple[str, int]]  # (use, how many)


HUBS: Final = (
    Hub(
        "CAS",
        15_000,
        ("RDC", "1", "2", "3", "4"),
        (
            (dt.date(2001, 10, 1), 0.25),
            (dt.date(2002, 7, 1), 0.45),
            (dt.date(2003, 7, 1), 0.62),
            (dt.date(2005, 1, 1), 0.8),
            (dt.date(2008, 1, 1), 0.9),
            (dt.date(2012, 1, 1), 1.0),
        ),
        (
            (SMALL, 150),
            (MEDIUM, 106),
            (LARGE, 24),
            (SUPPORT, 7),
            (SHOP, 6),
            (STORAGE, 18),
            (DESK, 40),
        ),
    ),
    Hub(
        "RAB",
        2_000,
        ("RDC", "1", "2"),
        ((dt.date(2012, 1, 1), 0.6), (dt.date(2014, 1, 1), 1.0)),
        ((SMALL, 52), (MEDIUM, 20), (SUPPORT, 1), (DESK, 10)),
    ),
    Hub(
        "TNG",
        5_000,
        ("RDC", "1", "2", "3", "4", "5", "6"),
        ((dt.date(2015, 1, 1), 0.4), (dt.date(2016, 1, 1), 0.75), (dt.date(2017, 7, 1), 1.0)),
        ((SMALL, 66), (MEDIUM, 52), (LARGE, 5), (SUPPORT, 1), (STORAGE, 6), (DESK, 20)),
    ),
    Hub(
        "AGA",
        4_000,
        ("RDC", "1", "2", "3", "4"),
        ((dt.date(2021, 1, 1), 0.5), (dt.date(2023, 1, 1), 1.0)),
        ((SMALL, 54), (MEDIUM, 36), (LARGE, 5), (SUPPORT, 1), (DESK, 20)),
    ),
)


def rooms_of(hub: Hub, chance: random.Random) -> list[Room]:
    """The hub's rooms, floor by floor; their areas add up to `lettable_m2` exactly."""
    uses = [use for use, count in hub.rooms for _room in range(count)]
    sizes = [
        Decimal(chance.randint(low * 10, high * 10)) / 10
        for low, high in (_SIZES[use] for use in uses)
    ]
    _make_exact(uses, sizes, Decimal(hub.lettable_m2))
    order = sorted(range(len(uses)), key=lambda index: (uses[index] == DESK, chance.random()))
    per_floor = -(-len(order) // len(hub.floors))
    rooms = []
    for place, index in enumerate(order):
        floor = hub.floors[place // per_floor]
        letter = {DESK: "P", STORAGE: "S", SHOP: "M"}.get(uses[index], "B")
        rooms.append(
            Room(
                site=hub.code,
                floor=floor,
                code=f"{letter}{floor}-{place % per_floor + 1:02d}",
                use=uses[index],
                area_m2=sizes[index],
                since=_since(hub, place / len(order)),
            )
        )
    return rooms


def _make_exact(uses: list[str], sizes: list[Decimal], wanted: Decimal) -> None:
    """Stretch the medium and large rooms, whose size says least, until the sum is right."""
    elastic = [index for index, use in enumerate(uses) if use in {MEDIUM, LARGE, SUPPORT}]
    given = sum(sizes)
    soft = sum(sizes[index] for index in elastic)
    factor = (wanted - (given - soft)) / soft
    for index in elastic:
        sizes[index] = (sizes[index] * factor).quantize(Decimal("0.1"))
    sizes[elastic[-1]] += wanted - sum(sizes)


def _since(hub: Hub, share: float) -> dt.date:
    return next(day for day, open_share in hub.stages if share < open_share)
