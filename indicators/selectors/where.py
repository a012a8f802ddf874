"""Where a figure is asked for, and what is to stand beside it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from core.periods import Period, add_months
from indicators.narrowing import Part
from indicators.selectors.network import Network
from indicators.selectors.shown import ShownFigure

YEAR_BEFORE: Final = "year"


@dataclass(frozen=True, slots=True)
class Where:
    """The loaded network, a site's code (None: the network), the part that is asked of, and what
    to compare with: `YEAR_BEFORE`, another site's code, or nothing."""

    network: Network
    site: str | None
    part: Part
    against: str | None = None

    def figures(self, name: str, days: Sequence[dt.date]) -> list[ShownFigure]:
        return self.network.figures(name, days, self.site, self.part)

    def figures_against(self, name: str, days: Sequence[dt.date]) -> list[ShownFigure] | None:
        """The same a year before, or at the other site; None where that is not asked for."""
        if self.against is None:
            return None
        if self.against == YEAR_BEFORE:
            return self.figures(name, [add_months(day, -12) for day in days])
        return self.network.figures(name, days, self.against, self.part)

    def over(self, name: str, asked: Sequence[Period]) -> list[ShownFigure]:
        return self.network.over_periods(name, asked, self.site, self.part)

    def over_against(self, name: str, asked: Sequence[Period]) -> list[ShownFigure] | None:
        if self.against is None:
            return None
        if self.against == YEAR_BEFORE:
            return self.over(name, [_year_before(period) for period in asked])
        return self.network.over_periods(name, asked, self.against, self.part)


def _year_before(period: Period) -> Period:
    end = None if period.end is None else add_months(period.end, -12)
    return Period(add_months(period.start, -12), end)
