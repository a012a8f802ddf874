"""What a figure is asked of: a site or the network, on certain days, pure."""

from dataclasses import dataclass

from indicators.floorspace import Pieces, SpaceUse
from indicators.intervals import flow, stock
from indicators.portfolio import Portfolio
from indicators.residency import Residencies
from indicators.tables import Ints


@dataclass(frozen=True)
class Scope:
    """A site (by position) or the network (None), on the days [low, high)."""

    portfolio: Portfolio
    site: int | None
    low: int
    high: int
    gap_days: int = 0

    @property
    def site_id(self) -> int | None:
        return None if self.site is None else int(self.portfolio.site_ids[self.site])

    def residencies(self, *, hosted: bool = True, bridged: bool = False) -> Residencies:
        """The residencies in this scope; `bridged` joins those at most `gap_days` apart."""
        found = self.portfolio.residencies(
            hosted=hosted,
            network=self.site is None,
            gap_days=self.gap_days if bridged else 0,
        )
        return found if self.site is None else found.at(self.site)

    def presences(self) -> Residencies:
        """The hosted companies' residencies per site, also when the scope is the network."""
        found = self.portfolio.residencies()
        return found if self.site is None else found.at(self.site)

    def use(self, use: SpaceUse) -> SpaceUse:
        """The part of a use of space that lies in this scope."""
        return use.of_spaces(*self.portfolio.spaces_of(self.site))

    def held(self, use: SpaceUse) -> tuple[Pieces, Pieces]:
        """What is held of a use of space of this scope; and what of that is let or out of service
        all the same: a lease that was signed late."""
        held = self.portfolio.held.of_spaces(*self.portfolio.spaces_of(self.site))
        taken = held.within(use.let).followed_by(held.within(use.out))
        return held.within(use.lettable), taken

    def alive(self, periods: Residencies | Pieces) -> Ints:
        """How many are alive on each day."""
        return stock(periods.start, periods.end, self.low, self.high)

    def centi_m2(self, pieces: Pieces) -> Ints:
        """Their area on each day, in hundredths of a m²."""
        return stock(pieces.start, pieces.end, self.low, self.high, pieces.centi_m2)

    def falling_on(self, days: Ints) -> Ints:
        """How many of the days given fall on each day."""
        return flow(days, self.low, self.high)
