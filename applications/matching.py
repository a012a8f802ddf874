"""Whom a space that frees up suits, among those who wait for one. Pure.

Nobody is left out in silence: whoever does not fit is told apart with the reasons.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from applications.labels import Misfit
from sites.choices import SpaceKind, TenantKind

TOLERANCE: Final = Decimal("0.25")
"""How far from the wanted area a space may be, as a share of it, either way."""

_ROOMS: Final = frozenset({SpaceKind.OFFICE, SpaceKind.OPEN_FLOOR, SpaceKind.SHOP})
SUITS: Final[Mapping[str, frozenset[str]]] = {
    TenantKind.STARTUP: _ROOMS,
    TenantKind.SME: _ROOMS,
    TenantKind.LARGE: _ROOMS,
    TenantKind.SUPPORT: _ROOMS,
    TenantKind.COWORKING: frozenset({SpaceKind.DESK, SpaceKind.OPEN_FLOOR}),
    TenantKind.DOMICILIATION: frozenset(),  # needs no space
}
"""The kinds of space in which each kind of tenant is put."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody on the list waits for; `rank` from 1, areas in m²."""

    key: int
    rank: int
    tenant_kind: str
    wanted_m2: Decimal
    wanted_start: dt.date


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A space that is free from `frees_on` on, or has been since."""

    kind: str
    area_m2: Decimal
    frees_on: dt.date


@dataclass(frozen=True, slots=True)
class Match:
    """Fits when there is no misfit."""

    wish: Wish
    misfits: tuple[Misfit, ...]

    @property
    def fits(self) -> bool:
        return not self.misfits


def match(wishes: Iterable[Wish], vacancy: Vacancy, *, on: dt.date) -> list[Match]:
    """Everybody on the list, those who fit first, each group by rank. `on`: today."""
    matches = [Match(wish, _misfits(wish, vacancy, on)) for wish in wishes]
    return sorted(matches, key=lambda found: (not found.fits, found.wish.rank))


def _misfits(wish: Wish, vacancy: Vacancy, on: dt.date) -> tuple[Misfit, ...]:
    found = []
    slack = wish.wanted_m2 * TOLERANCE
    if vacancy.area_m2 < wish.wanted_m2 - slack:
        found.append(Misfit.TOO_SMALL)
    if vacancy.area_m2 > wish.wanted_m2 + slack:
        found.append(Misfit.TOO_LARGE)
    if vacancy.kind not in SUITS[wish.tenant_kind]:
        found.append(Misfit.KIND)
    if wish.wanted_start > max(vacancy.frees_on, on):
        found.append(Misfit.LATER)
    return tuple(found)
