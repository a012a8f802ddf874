"""Figures of many days at once, from their snapshots where those can be believed."""

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Final, NamedTuple

from django.db.models import Q

from core.periods import Period, today
from indicators.figure import Figure, Indicator
from indicators.formulas import INDICATORS
from indicators.intervals import trailing_window
from indicators.keeping import stale
from indicators.models import Snapshot
from indicators.selectors.network import Network, known
from indicators.selectors.shown import ShownFigure, shown_figure
from indicators.selectors.standing import news_now
from sites.models import Site

_COLUMNS: Final = ("name", "site_id", "day", "numerator", "denominator", "scale", "value", "beside")


class Asked(NamedTuple):
    """A figure's name, its site's code (None: the network) and its day."""

    name: str
    site: str | None
    day: dt.date


class Trust:
    """Which snapshots are still true, as far as is told by the time that this is made.

    Made before the snapshots are read, never after: a run that writes and forgets the news between
    the two would have old figures taken for new ones.
    """

    def __init__(self) -> None:
        self._news = set(news_now().values())
        self._stale: dict[tuple[str, int | None], list[Period]] = {}

    def believes(self, row: Snapshot) -> bool:
        indicator = INDICATORS.get(row.name)
        if indicator is None or row.version != indicator.version:
            return False
        if not row.final and row.day < today():
            return False
        key = (row.name, row.site_id)
        if key not in self._stale:
            self._stale[key] = list(stale(indicator, row.site_id, self._news))
        return not any(row.day in period for period in self._stale[key])


class Kept:
    """The figures of the network: two queries, then one a question.

    What is not kept, or stale, is computed from the lettings: then the network is loaded, once.
    """

    def __init__(self) -> None:
        self.sites: dict[str, Site] = {site.code: site for site in Site.objects.order_by("id")}
        self._trust = Trust()

    @cached_property
    def network(self) -> Network:
        return Network()

    def figures(
        self,
        names: Collection[str],
        days: Collection[dt.date],
        sites: Collection[str | None] = (None,),
    ) -> dict[Asked, ShownFigure]:
        """Every name on every day at every site, equal to what `Network` would give.

        Raises UnknownIndicator, KeyError for an unknown site.
        """
        found = self._from_snapshots(names, days, sites)
        for name in names:
            for site in sites:
                missing = [day for day in days if (name, site, day) not in found]
                if missing:
                    live = self.network.figures(name, missing, site)
                    found |= {Asked(name, site, figure.on): figure for figure in live}
        return found

    def _from_snapshots(
        self, names: Collection[str], days: Collection[dt.date], sites: Collection[str | None]
    ) -> dict[Asked, ShownFigure]:
        indicators = {name: known(name) for name in names}
        codes = {self.sites[code].pk if code else None: code for code in sites}
        at = Q(site__in=[pk for pk in codes if pk is not None])
        if None in codes:
            at |= Q(site=None)
        rows = Snapshot.objects.filter(at, name__in=names, day__in=days).only(
            *_COLUMNS, "version", "final"
        )
        found = {}
        for row in rows:
            if self._trust.believes(row):
                asked = Asked(row.name, codes[row.site_id], row.day)
                found[asked] = shown_figure(
                    indicators[row.name], asked.site, row.day, figure_of(row)
                )
        return found


def figure_of(row: Snapshot) -> Figure:
    """The figure as it was computed."""
    indicator = INDICATORS[row.name]
    return Figure(
        numerator=row.numerator,
        denominator=_denominator(row, indicator),
        value=(
            Decimal(row.numerator) / indicator.value_scale if row.denominator is None else row.value
        ),
        beside=row.beside,
        window=_window(row.day) if indicator.is_windowed else None,
    )


def _denominator(row: Snapshot, indicator: Indicator) -> int | Fraction | None:
    if row.denominator is None or not indicator.is_average_based:
        return row.denominator
    return Fraction(row.denominator, row.scale)


def _window(day: dt.date) -> Period:
    start, end = trailing_window(day.toordinal())
    return Period(dt.date.fromordinal(start), dt.date.fromordinal(end))
