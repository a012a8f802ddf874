"""How the hubs are doing today: figures of every open site and of the network, from snapshots
where there are any.

At most five minutes old: a scrape costs no more where many programs ask.
"""

import logging
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from django.core.cache import cache
from redis.exceptions import RedisError

from core.periods import today
from indicators.selectors.kept import Kept
from technopark.metrics.exposition import Metric, Sample

logger = logging.getLogger(__name__)

NETWORK: Final = "network"
"""In place of a site's code; a sum over sites leaves it out."""
KEPT_FOR: Final = 300
_KEY: Final = "metrics:hubs"
_GAUGES: Final = {
    "hosted": ("technopark_hosted_companies", "Companies hosted today."),
    "occupancy_area": ("technopark_occupancy_ratio", "Let area over area in service, today."),
    "turnover": (
        "technopark_turnover_ratio",
        "Entries of the last twelve months over the average hosted.",
    ),
    "contracted_rent": (
        "technopark_contracted_rent_dirhams",
        "Rent of a month that the lettings of today are let at, without tax.",
    ),
    "arrears": ("technopark_arrears_dirhams", "Open of invoices that are past their due day."),
    "open_applications": (
        "technopark_open_applications",
        "Applications received that have no outcome yet.",
    ),
}
"""By the indicator's name: the gauge and what it tells."""

_Values = list[tuple[str, str, Decimal]]


def gauges() -> Iterator[Metric]:
    values = _values()
    for name, (gauge, about) in _GAUGES.items():
        samples = [Sample(value, {"site": site}) for one, site, value in values if one == name]
        yield Metric(gauge, about, samples)


def _values() -> _Values:
    """(indicator, site, value), without those that have no value; kept while the cache answers."""
    try:
        kept: _Values | None = cache.get(_KEY)
        if kept is None:
            kept = _computed()
            cache.set(_KEY, kept, KEPT_FOR)
    except RedisError as error:
        logger.warning("Redis does not answer: %s", error)
        return _computed()
    return kept


def _computed() -> _Values:
    on, kept = today(), Kept()
    codes = [
        code
        for code, site in kept.sites.items()
        if site.opened_on is not None
        and site.opened_on <= on
        and (site.closed_on is None or on < site.closed_on)
    ]
    figures = kept.figures(_GAUGES, [on], [None, *codes])
    return [
        (asked.name, asked.site or NETWORK, figure.value)
        for asked, figure in figures.items()
        if figure.value is not None
    ]
