"""Figures of 1,000,000 lettings over 25 years at five sites, against DuckDB on the same rows.

Both answer for every day of 25 years, for each site and for the network, and must agree; DuckDB by
the SQL one would write there (boundary events added up by day). Two times are compared: from the
rows in memory, DuckDB's in tables of its own, ours in the columns that were loaded, nothing derived
yet; and from PostgreSQL's tables on, by COPY, binary into columns or by a CSV file into DuckDB.
"""

import datetime as dt
import math
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from operator import itemgetter
from typing import Any, Final

import numpy as np
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from benchmarks.duck import NETWORK, Answer, Duck
from benchmarks.lettings import first_day, write_lettings
from core.periods import Period, add_months, month_ends, today
from indicators.asking import series
from indicators.choices import Subject
from indicators.portfolio import Portfolio
from indicators.selectors.kept import Kept
from indicators.selectors.network import Network
from indicators.selectors.standing import KEPT
from indicators.services.computing import compute_snapshots
from indicators.services.touching import touch
from indicators.tables import Ints
from sites.models import Site
from technopark.embedded.postgresql import SUPERUSER

SIZES: Final = (10_000, 100_000, 1_000_000)
ROUNDS: Final = 4
BUDGETS: Final = {
    "occupancy_area": 1.0,
    "hosted": 2.0,
    "entries": 2.0,
    "exits": 2.0,
    "turnover": 2.0,
}


def lines() -> Iterator[str]:
    """One line a size and figure."""
    days = np.arange(first_day().toordinal(), today().toordinal())
    taken: list[dict[str, float]] = []
    with _as_superuser():
        for size in SIZES:
            with transaction.atomic():
                yield f"{size} lettings, written in {write_lettings(size):.0f} s"
                for line in (*_measured(days, taken), *(_kept() if size == SIZES[-1] else ())):
                    yield f"  {line}"
                transaction.set_rollback(True)
    yield from _growth(taken)


def _measured(days: Ints, taken: list[dict[str, float]]) -> Iterator[str]:
    taken.append({})
    portfolio = Network().portfolio
    duck = Duck(days, portfolio.site_ids)
    (loading, _network), (bringing, _none) = _in_turns(Network, duck.bring)
    yield f"rows from PostgreSQL: to the engine {loading:.2f} s, to DuckDB {bringing:.2f} s"
    for name, budget in BUDGETS.items():
        (ours, found), (theirs, expected) = _in_turns(
            partial(_answer, name, portfolio, days), partial(duck.answer, name)
        )
        whole, whole_theirs = loading + ours, bringing + theirs
        taken[-1][name] = whole
        same = _same(found, expected)
        good = same and ours <= budget * theirs and whole <= budget * whole_theirs
        yield (
            f"{name:14} {ours:6.3f} s, DuckDB {theirs:6.3f} s: {ours / theirs:.2f}x; from "
            f"PostgreSQL on {whole:5.2f} s, {whole_theirs:5.2f} s: {whole / whole_theirs:.2f}x "
            f"(budget {budget}x), {'the same figures' if same else 'OTHER FIGURES'}"
            f"{'' if good else '   OVER BUDGET'}"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield f"peak memory so far, DuckDB's included: {peak:.0f} MB"


def _growth(taken: list[dict[str, float]]) -> Iterator[str]:
    """From PostgreSQL on, a letting: where growth is linear it stays as it is."""
    yield "growth, microseconds a letting:"
    for name in BUDGETS:
        each = [found[name] / size * 1e6 for size, found in zip(SIZES, taken, strict=True)]
        for size, cost in zip(SIZES, each, strict=True):
            yield f"  {name:14} {size:9} {cost:6.2f} {'#' * round(cost * 2)}"
        if each[-1] > each[0]:
            yield f"  {name}: MORE THAN LINEAR"


def _kept() -> Iterator[str]:
    """What a dashboard asks of them: every figure of 36 months' ends, at each site and in all."""
    took, written = _timed(compute_snapshots)
    yield f"{written} snapshots in {took:.0f} s"
    ends = list(month_ends(add_months(today(), -36), today()))
    with CaptureQueriesContext(connection) as captured:
        took, found = _timed(lambda: (kept := Kept()).figures(KEPT, ends, [None, *kept.sites]))
    yield f"{len(found)} of them for a dashboard in {took:.2f} s, {len(captured)} queries"
    past = add_months(today(), -60).replace(day=17)
    took, found = _timed(lambda: Kept().figures(KEPT, [past]))
    yield f"{len(found)} figures of a day that is not kept in {took:.2f} s"
    site = Site.objects.order_by("-pk")[0]
    since = Period(today() - dt.timedelta(days=30))
    touch(subject=Subject.OCCUPATION, days=since, site_id=site.pk)
    took, written = _timed(compute_snapshots)
    yield f"an amendment dated back 30 days: {written} figures anew in {took:.1f} s"


def _answer(name: str, portfolio: Portfolio, days: Ints) -> Answer:
    """As if asked for the first time: what a portfolio derives it keeps."""
    fresh = replace(portfolio, fetch=portfolio.table)
    found: Answer = {}
    for site in (None, *portfolio.site_ids.tolist()):
        answer = series(fresh, name, site, days)
        below = np.zeros(len(days), np.int64) if answer.denominator is None else answer.denominator
        found[site or NETWORK] = (answer.numerator, below)
    return found


def _same(ours: Answer, theirs: Answer) -> bool:
    return ours.keys() == theirs.keys() and all(
        np.array_equal(mine, other)
        for site in ours
        for mine, other in zip(ours[site], theirs[site], strict=True)
    )


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    since = time.perf_counter()
    found = work()
    return time.perf_counter() - since, found


def _in_turns(*works: Callable[[], Any]) -> list[tuple[float, Any]]:
    """The quickest of a few rounds of each, which take turns: a busy moment hits all of them."""
    best: list[tuple[float, Any]] = [(math.inf, None)] * len(works)
    for _round in range(ROUNDS):
        for place, work in enumerate(works):
            best[place] = min(best[place], _timed(work), key=itemgetter(0))
    return best


@contextmanager
def _as_superuser() -> Iterator[None]:
    """Who may pass over triggers; what was rolled back is swept up afterwards."""
    connection.close()
    role, connection.settings_dict["USER"] = connection.settings_dict["USER"], SUPERUSER
    try:
        yield
        with connection.cursor() as cursor:
            cursor.execute("VACUUM leases_lease, leases_letting, sites_space, sites_measure")
    finally:
        connection.close()
        connection.settings_dict["USER"] = role
