"""Rents as dated pieces, on the days that somebody is there to owe them, pure."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from indicators.floorspace import Pieces, SpaceUse
from indicators.intervals import Spans, found_in, in_order, intersect, months_after, packed, union
from indicators.tables import OPEN, Bools, Ints, ListPrices, Rents, Stays, Terms

ONE_M2: Final = 100
_TO_CENTIMES: Final = 10_000
"""So many ten-thousandths of a dirham times hundredths of a m² are a centime."""


@dataclass(frozen=True, eq=False)
class Rentals:
    """Pieces of lettings during which a month's rent stays the same, sorted by site.

    `site` is a position, `stay` and `source` are rows: of the stay, and of the rent in `rents`.
    Shape (pieces,) throughout.
    """

    rents: Rents
    site: Ints
    stay: Ints
    source: Ints
    start: Ints
    end: Ints

    @classmethod
    def of(cls, rents: Rents, stays: Stays, stay_site: Ints) -> Self:
        """The rents of those stays, cut to their days; those of other lettings fall away."""
        stay = found_in(stays.letting, rents.letting)
        source = np.flatnonzero(stay >= 0)
        stay = stay[source]
        start = np.maximum(rents.start[source], stays.start[stay])
        end = np.minimum(rents.end[source], stays.end[stay])
        kept = np.flatnonzero(start < end)
        kept = kept[in_order(stay_site[stay[kept]])[1]]
        stay = stay[kept]
        return cls(rents, stay_site[stay], stay, source[kept], start[kept], end[kept])

    def __len__(self) -> int:
        return len(self.stay)

    @property
    def rent(self) -> Ints:
        """Of a month, in centimes."""
        return self.rents.rent[self.source]

    @property
    def forgone(self) -> Ints:
        """What is asked less than the list rent on purpose, in centimes."""
        less: Ints = np.maximum(self.rents.listed[self.source] - self.rent, 0)
        return less

    @property
    def centi_m2(self) -> Ints:
        """The agreed area, that of parts beside a paid letting too: see `parted`."""
        return self.rents.centi_m2[self.source]

    @property
    def lease(self) -> Ints:
        return self.rents.lease[self.source]

    @property
    def is_for_nothing(self) -> Bools:
        flags: Bools = self.rents.is_for_nothing[self.source] != 0
        return flags

    def only(self, chosen: Bools | Ints | slice) -> "Rentals":
        return Rentals(
            self.rents,
            self.site[chosen],
            self.stay[chosen],
            self.source[chosen],
            self.start[chosen],
            self.end[chosen],
        )

    def at(self, site: int | None) -> "Rentals":
        """Those of a site (by position): a view; all of them for the network."""
        if site is None:
            return self
        low, high = np.searchsorted(self.site, (site, site + 1))
        return self.only(slice(low, high))

    def on(self, day: int) -> "Rentals":
        return self.only((self.start <= day) & (self.end > day))

    def parted(self) -> "Rentals":
        """What walls parted from a paid letting of the same lease, while that one stands beside it.

        The rent goes on with all of the agreed m² in one part, so that these m² are counted there.
        """
        nothing = np.flatnonzero(self.is_for_nothing)
        if not len(nothing):
            return self.only(nothing)
        paid = self.only(~self.is_for_nothing)
        found = self.only(nothing)
        row, _, start, end = intersect(
            Spans(found.lease, found.start, found.end),
            union(Spans(paid.lease, paid.start, paid.end)),
        )
        cut = found.only(row)
        return Rentals(self.rents, cut.site, cut.stay, cut.source, start, end)


@dataclass(frozen=True, eq=False)
class Endings:
    """Pieces of rent with the end that was agreed for their letting on those days.

    `until` is the day after the last one (OPEN: no end), `notice_months` how long a notice of the
    tenant takes (-1: one was given, and `until` is its end or an earlier one).
    """

    rentals: Rentals
    until: Ints
    notice_months: Ints

    @classmethod
    def of(cls, rentals: Rentals, terms: Terms, stays: Stays) -> Self:
        """A day of which nothing is agreed has no piece."""
        stay = found_in(stays.letting, terms.letting)
        known = np.flatnonzero(stay >= 0)
        known = known[in_order(packed(stay[known], terms.start[known]))[1]]
        row, other, start, end = intersect(
            Spans(rentals.stay, rentals.start, rentals.end),
            Spans(stay[known], terms.start[known], terms.end[known]),
        )
        cut, agreed = rentals.only(row), known[other]
        pieces = Rentals(rentals.rents, cut.site, cut.stay, cut.source, start, end)
        term, early, notice = (column[agreed] for column in (terms.term, terms.early, terms.notice))
        until = np.minimum(np.where(early < OPEN, early, term), notice)
        months = np.where(notice < OPEN, -1, terms.notice_months[agreed])
        return cls(pieces, until, months)

    def only(self, chosen: Bools | Ints | slice) -> "Endings":
        return Endings(self.rentals.only(chosen), self.until[chosen], self.notice_months[chosen])

    def at(self, site: int | None) -> "Endings":
        if site is None:
            return self
        low, high = np.searchsorted(self.rentals.site, (site, site + 1))
        return self.only(slice(low, high))

    def on(self, day: int) -> "Endings":
        return self.only((self.rentals.start <= day) & (self.rentals.end > day))

    def left(self, day: int, *, to_exit: bool) -> Ints:
        """The days left from the day on, itself included, by what each piece has agreed, up to the
        end (where there is none up to where a notice of the day leads), or to the first exit: the
        earlier of both, where no notice was given yet."""
        after = np.full(len(self.until), day + 1)
        by_notice = months_after(after, np.maximum(self.notice_months, 0))
        rolls = self.notice_months >= 0 if to_exit else self.until == OPEN
        end = np.where(rolls, np.minimum(by_notice, self.until), self.until)
        left: Ints = np.maximum(end - day, 0)
        return left


def at_list_price(use: SpaceUse, space_site: Ints, site_ids: Ints, prices: ListPrices) -> SpaceUse:
    """The use of space cut where a list price changes, with the list rent of a month in centimes in
    the place of the area; without the days that have no price.

    `space_site` has the position of each space's site in `site_ids`.
    """
    order = np.lexsort((prices.start, prices.site))
    position = np.searchsorted(site_ids, prices.site[order])
    asked = Spans(position, prices.start[order], prices.end[order])

    def worth(pieces: Pieces) -> Pieces:
        site = space_site[pieces.space]
        row, other, start, end = intersect(Spans(site, pieces.start, pieces.end), asked)
        centimes = month_at(pieces.centi_m2[row], prices.rate[order][other])
        return Pieces(pieces.space[row], start, end, centimes, pieces.source[row])

    return SpaceUse(worth(use.lettable), worth(use.out), worth(use.let))


def month_at(centi_m2: Ints, rate: Ints) -> Ints:
    """The rent of a month in centimes, half up as `sites.rates.monthly_rent` has it; a flat one is
    that of one m²."""
    found: Ints = (centi_m2 * rate + _TO_CENTIMES // 2) // _TO_CENTIMES
    return found
