"""The map of the hubs: circles as great as the companies they host, on a coast without frontiers.

Where a hub lies is data: the map shows as much of the coast as holds them all.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from core import formats
from indicators.labels import BESIDE, NAMES
from indicators.selectors.shown import ShownFigure
from indicators.views.coast import LANDS
from indicators.wording import language, part, value
from sites.models import Site

WIDTH: Final = 460
_ROOM: Final = 0.9
"""Degrees left free around the outermost hubs."""
_LEAST: Final = 3.0
"""Degrees of latitude that are shown at least: of one hub alone, its part of the coast."""
_GREATEST: Final = 26
_SMALLEST: Final = 4
_LINES: Final = 30
"""The height of a label of two lines."""
_RAISED: Final = 6
"""So much higher than its circle's middle a label's first line stands: the second is below."""
_GAP: Final = 6
_LETTER: Final = 7.5
"""About the width of a letter of a label."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A hub on the map, in its pixels. The label stands at its left, or where there is no room for
    it at its right."""

    name: str
    told: str
    address: str
    x: float
    y: float
    radius: float
    label_x: float
    label_y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class SiteMap:
    """`rows` say the same as a table; `apart` names the hubs that have no coordinates."""

    width: int
    height: int
    lands: Sequence[str]
    spots: Sequence[Spot]
    heads: Sequence[str]
    rows: Sequence[tuple[str, str, Sequence[str]]]
    apart: Sequence[str]


class _Projection:
    """Degrees to pixels: north above, as wide as high at the map's middle."""

    def __init__(self, places: Sequence[tuple[float, float]]) -> None:
        longitudes, latitudes = zip(*places, strict=True)
        middle = (min(latitudes) + max(latitudes)) / 2
        squeezed = math.cos(math.radians(middle))
        half = max((max(latitudes) - min(latitudes)) / 2 + _ROOM, _LEAST / 2)
        # Names stand west of the coast: twice the room there.
        west = min(longitudes) - 2.2 * _ROOM
        east = max(max(longitudes) + 1.2 * _ROOM, west + 2 * half / squeezed * 0.7)
        self.west, self.north = west, middle + half
        self.scale = WIDTH / (east - west)
        self.stretch = self.scale / squeezed
        self.height = round(2 * half * self.stretch)

    def __call__(self, longitude: float, latitude: float) -> tuple[float, float]:
        x, y = (longitude - self.west) * self.scale, (self.north - latitude) * self.stretch
        return round(x, 1), round(y, 1)


def site_map(
    sites: Sequence[Site],
    hosted: Mapping[str, ShownFigure],
    occupancy: Mapping[str, ShownFigure],
    addresses: Mapping[str, str],
) -> SiteMap | None:
    """By the sites' codes; None where there is no hub to show."""
    if not sites:
        return None
    there = {
        site.code: (float(site.longitude), float(site.latitude))
        for site in sites
        if site.longitude is not None and site.latitude is not None
    }
    rows = [
        (
            site.name,
            addresses[site.code],
            [
                value(hosted[site.code]),
                part(hosted[site.code].beside["others"], "others"),
                value(occupancy[site.code]),
            ],
        )
        for site in sites
    ]
    heads = [str(NAMES["hosted"]), str(BESIDE["others"]), str(NAMES["occupancy_area"])]
    apart = [site.name for site in sites if site.code not in there]
    if not there:
        return SiteMap(0, 0, (), (), heads, rows, apart)
    projected = _Projection(list(there.values()))
    most = max(hosted[code].numerator for code in there)
    spots = _spots(
        [
            (site, *projected(*there[site.code]), _radius(hosted[site.code].numerator, most))
            for site in sites
            if site.code in there
        ],
        hosted,
        occupancy,
        addresses,
    )
    lands = [" ".join("{},{}".format(*projected(*place)) for place in outline) for outline in LANDS]
    return SiteMap(WIDTH, projected.height, lands, spots, heads, rows, apart)


def _spots(
    placed: Sequence[tuple[Site, float, float, float]],
    hosted: Mapping[str, ShownFigure],
    occupancy: Mapping[str, ShownFigure],
    addresses: Mapping[str, str],
) -> list[Spot]:
    """The smaller ones on top. Labels go from north to south, each below the one before where the
    two would touch."""
    spots: list[Spot] = []
    free_from = 0.0
    for site, x, y, radius in sorted(placed, key=lambda one: one[2]):
        told = _told(hosted[site.code], occupancy[site.code])
        wide = max(len(site.name), len(told)) * _LETTER
        is_left = x - radius - _GAP - wide > 0
        label_y = max(y - _RAISED, free_from)
        free_from = label_y + _LINES
        spots.append(
            Spot(
                name=_whole(site.name),
                told=_whole(told),
                address=addresses[site.code],
                x=x,
                y=y,
                radius=radius,
                label_x=round(x - radius - _GAP if is_left else x + radius + _GAP, 1),
                label_y=round(label_y, 1),
                anchor="end" if is_left else "start",
            )
        )
    return sorted(spots, key=lambda spot: -spot.radius)


def _radius(count: Decimal, most: Decimal) -> float:
    """The circle's area follows the number."""
    if not most or not count:
        return _SMALLEST
    return round(max(_GREATEST * math.sqrt(count / most), _SMALLEST), 1)


def _told(hosted: ShownFigure, occupancy: ShownFigure) -> str:
    companies = formats.number(hosted.numerator, language())
    return _("%(companies)s hosted, %(occupancy)s let") % {
        "companies": companies,
        "occupancy": value(occupancy),
    }


def _whole(text: str) -> str:
    """In a drawing, which runs from left to right, Arabic keeps its own direction."""
    return f"\u2067{text}\u2069" if language().startswith("ar") else text
