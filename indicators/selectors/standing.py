"""Which snapshots are missing or stale."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from django.db.models import Min

from core.periods import Period, today
from indicators.figure import Indicator
from indicators.formulas import INDICATORS
from indicators.keeping import News, kept_days, stale
from indicators.models import Touched
from indicators.selectors.columns import columns, ordinal
from indicators.tables import OPEN, Bools, Ints
from leases.models import Lease
from sites.models import Site

KEPT: Final[dict[str, Indicator]] = {
    name: indicator for name, indicator in INDICATORS.items() if indicator.kept
}
NETWORK: Final = 0
"""Stands for the network where sites have their ids."""


@dataclass(frozen=True, eq=False)
class Work:
    """Days whose figure of a site (None: of the network) is missing or stale."""

    indicator: Indicator
    site: int | None
    days: Ints


def work(last: dt.date, told: Iterable[News], run: int) -> Iterator[Work]:
    """What is to be computed through `last`, site by site: what is missing, of an older formula or
    of a day that was not over then, and what the news touch that this run has not written yet."""
    days = np.array([day.toordinal() for day in kept_days(first_day(last), last)])
    known, news = _Known(run), set(told)
    sites = [NETWORK, *Site.objects.order_by("id").values_list("pk", flat=True)]
    for site in sites:
        for place, indicator in enumerate(KEPT.values()):
            kept, by_this_run = known.of(place, site)
            touched = among(days, stale(indicator, site or None, news))
            again = ~np.isin(days, kept) | (touched & ~np.isin(days, by_this_run))
            if again.any():
                yield Work(indicator, site or None, days[again])


def among(days: Ints, periods: Iterable[Period]) -> Bools:
    """Which of the days lie in one of the periods."""
    found = np.zeros(len(days), np.bool_)
    for period in periods:
        end = OPEN if period.end is None else period.end.toordinal()
        found |= (days >= period.start.toordinal()) & (days < end)
    return found


def first_day(last: dt.date) -> dt.date:
    """The day that the first site opened, or that of the first letting, if that is earlier."""
    opened = Site.objects.aggregate(day=Min("opened_on"))["day"]
    let = Lease.objects.counting().aggregate(day=Min("period__startswith"))["day"]
    return min((day for day in (opened, let) if day is not None), default=last)


def news_now() -> dict[int, News]:
    """What was told and is not computed yet, by its id."""
    return {touched.pk: touched.news for touched in Touched.objects.all()}


class _Known:
    """The days of the snapshots that are of the formula in force, and of a day that was over then
    or is today; and which of them a run has written."""

    def __init__(self, run: int) -> None:
        indicators = KEPT.values()
        place, site, day, by_run = columns(
            f"""
            SELECT place, coalesce(site_id, {NETWORK}), {ordinal("day")}, (run = %s)::int
              FROM indicators_snapshot
              JOIN unnest(%s::text[], %s::int[]) WITH ORDINALITY AS kept (name, version, place)
             USING (name, version)
             WHERE final OR day >= %s
            """,  # noqa: S608  our own words only
            [run, list(KEPT), [indicator.version for indicator in indicators], today()],
            count=4,
        )
        key = site * len(KEPT) + place - 1
        order = np.argsort(key, kind="stable")
        self._key, self._day, self._by_run = key[order], day[order], by_run[order] == 1

    def of(self, place: int, site: int) -> tuple[Ints, Ints]:
        """The days known of a place in the registry and a site, and those written by the run."""
        wanted = site * len(KEPT) + place
        low, high = np.searchsorted(self._key, (wanted, wanted + 1))
        days = self._day[low:high]
        return days, days[self._by_run[low:high]]
