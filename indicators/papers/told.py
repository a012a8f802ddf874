"""What a monthly report is made of."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from core.periods import ONE_DAY, Period, add_months
from indicators.formulas import INDICATORS
from indicators.selectors.network import Network
from indicators.selectors.shown import ShownFigure
from sites.models import Site


@dataclass(frozen=True)
class Told:
    """The network as it was read, a site (None: the network), the first day of a month."""

    network: Network
    site: Site | None
    month: dt.date

    @cached_property
    def pairs(self) -> Sequence[tuple[ShownFigure, ShownFigure]]:
        """All figures there are, on the month's last day, and the same a year before."""
        days = [self.last_day, self.year_before]
        return [
            (now, before)
            for now, before in (self.network.figures(name, days, self.code) for name in INDICATORS)
        ]

    @property
    def code(self) -> str | None:
        return self.site.code if self.site else None

    @property
    def period(self) -> Period:
        return Period(self.month, add_months(self.month, 1))

    @property
    def last_day(self) -> dt.date:
        return add_months(self.month, 1) - ONE_DAY

    @property
    def year_before(self) -> dt.date:
        return add_months(self.last_day, -12)

    @property
    def eve(self) -> dt.date:
        """The day before the month."""
        return self.month - ONE_DAY
