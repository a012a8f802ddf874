"""Figures as of any day, computed from the lettings: load the network once, ask it many times."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, InvalidInput
from core.periods import Period, month_ends
from indicators import asking, profiles
from indicators.change import Change, change
from indicators.contributions import Rows
from indicators.figure import Indicator
from indicators.formulas import INDICATORS
from indicators.lines import Lines
from indicators.narrowing import Part, narrowed
from indicators.portfolio import Portfolio
from indicators.profile import Profile
from indicators.profiles import PROFILES
from indicators.selectors.loading import load_portfolio
from indicators.selectors.rules import figure_settings
from indicators.selectors.shown import ShownFigure, ShownRow, shown_figure, shown_rows
from sites.models import Site

MOST_POINTS: Final = 4000
MOST_BY_ROWS: Final = 400
"""Points of a series whose figures are added up row by row."""
WHOLE: Final = Part()


class UnknownIndicator(DomainError):
    code = "unknown_indicator"
    text = _("There is no indicator « %(name)s ». Known: %(known)s.")
    status = 404


class BadSeries(InvalidInput):
    code = "bad_series"
    text = _("The series must end after it starts and have at most %(most)s points.")


class BadChange(InvalidInput):
    code = "bad_change"
    text = _("The last day is before the first.")


class UnknownProfile(DomainError):
    code = "unknown_profile"
    text = _("There is no profile « %(name)s ». Known: %(known)s.")
    status = 404


class Network:
    """The whole network loaded once: eight queries, then any number of figures.

    A table that few figures need (declarations, rents) is one query more, once. A site is given by
    its code, the network by None; `part` narrows a figure to a building, a kind or a sector.
    `read_at` is the moment at which the tables were read, `settings` what the network decided.
    """

    def __init__(self) -> None:
        self.sites: dict[str, Site] = {site.code: site for site in Site.objects.order_by("id")}
        self.settings = figure_settings()
        self.portfolio = replace(
            load_portfolio(self.sites.values()), gap_days=self.settings.bridged_gap_days
        )
        self.read_at = timezone.now()
        self._of_part = lru_cache(maxsize=64)(lambda part: narrowed(self.portfolio, part))

    def figure(
        self, name: str, on: dt.date, site: str | None = None, part: Part = WHOLE
    ) -> ShownFigure:
        """One indicator on one day, at a site (by code) or in the network (None)."""
        return self.figures(name, [on], site, part)[0]

    def figures(
        self, name: str, days: Sequence[dt.date], site: str | None = None, part: Part = WHOLE
    ) -> list[ShownFigure]:
        """The same on many days, by sets: no loop over days and lettings."""
        indicator = known(name)
        series = asking.series(
            self.part(part), name, self.site_id(site), [day.toordinal() for day in days]
        )
        return [
            shown_figure(indicator, site, day, figure)
            for day, figure in zip(days, series.figures(), strict=True)
        ]

    def over_periods(
        self, name: str, periods: Sequence[Period], site: str | None = None, part: Part = WHOLE
    ) -> list[ShownFigure]:
        """One figure a period, dated by its last day. Raises ValueError for a state of a day."""
        indicator = known(name)
        days = [(period.start.toordinal(), _end(period).toordinal()) for period in periods]
        series = asking.over_periods(self.part(part), name, self.site_id(site), days)
        return [
            shown_figure(indicator, site, _end(period) - dt.timedelta(days=1), figure)
            for period, figure in zip(periods, series.figures(), strict=True)
        ]

    def rows(
        self, name: str, on: dt.date, site: str | None = None, part: Part = WHOLE
    ) -> list[ShownRow]:
        """What stands behind the figure; numerators and denominators add up to it."""
        return shown_rows(known(name), self.exact_rows(name, on, site, part), self.sites.values())

    def rows_over(self, name: str, period: Period, site: str | None = None) -> list[ShownRow]:
        """What stands behind a figure of `over_periods`. Raises ValueError for a state of a day."""
        days = period.start.toordinal(), _end(period).toordinal()
        found = asking.period_rows(self.portfolio, known(name).name, self.site_id(site), *days)
        return shown_rows(known(name), found, self.sites.values())

    def exact_rows(
        self, name: str, on: dt.date, site: str | None = None, part: Part = WHOLE
    ) -> Rows:
        known(name)
        return asking.rows(self.part(part), name, self.site_id(site), on.toordinal())

    def change(
        self,
        name: str,
        first: dt.date,
        last: dt.date,
        site: str | None = None,
        part: Part = WHOLE,
    ) -> Change:
        """Why the figure of the last day is not that of the first. Raises BadChange."""
        known(name)
        if last < first:
            raise BadChange
        days = first.toordinal(), last.toordinal()
        return change(self.part(part), name, self.site_id(site), *days)

    def profile(self, name: str, on: dt.date, site: str | None = None, part: Part = WHOLE) -> Lines:
        """A profile as of a day. Raises UnknownProfile."""
        known_profile(name)
        return profiles.profile(self.part(part), name, self.site_id(site), on.toordinal())

    def part(self, part: Part) -> Portfolio:
        """The part of the network, made once."""
        return self._of_part(part)

    def site_id(self, code: str | None) -> int | None:
        return None if code is None else self.sites[code].pk


def known(name: str) -> Indicator:
    """The registry's entry. Raises UnknownIndicator."""
    indicator = INDICATORS.get(name)
    if indicator is None:
        raise UnknownIndicator(name=name, known=", ".join(INDICATORS))
    return indicator


def known_profile(name: str) -> Profile:
    """The registry's entry. Raises UnknownProfile."""
    profile = PROFILES.get(name)
    if profile is None:
        raise UnknownProfile(name=name, known=", ".join(PROFILES))
    return profile


def points(first: dt.date, last: dt.date, step: str = "month") -> list[dt.date]:
    """The days of a series: every day, or each month's (quarter's, year's) last day, cut at
    `last`. Raises BadSeries."""
    if first > last:
        raise BadSeries(most=MOST_POINTS)
    if step == "day":
        count = (last - first).days + 1
        if count > MOST_POINTS:
            raise BadSeries(most=MOST_POINTS)
        return [first + dt.timedelta(days=index) for index in range(count)]
    if (last.year - first.year) * 12 > MOST_POINTS:
        raise BadSeries(most=MOST_POINTS)
    every = {"month": 1, "quarter": 3, "year": 12}[step]
    return [day for day in month_ends(first, last) if day == last or day.month % every == 0]


def periods(first: dt.date, last: dt.date, step: str = "month") -> list[Period]:
    """The days from `first` to `last` cut at the ends of months (quarters, years): together they
    are the whole. Raises BadSeries."""
    ends = [day + dt.timedelta(days=1) for day in points(first, last, step)]
    return [Period(start, end) for start, end in zip([first, *ends], ends, strict=False)]


def _end(period: Period) -> dt.date:
    if period.end is None:
        raise ValueError("a period without end")
    return period.end
