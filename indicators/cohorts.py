"""Companies by the year they first came, and by what they do: what became of them, pure.

A company belongs to the cohort of its first residency in the scope; "kept" asks whether that one
lasted so long, of the companies that came so long ago.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from indicators.contributions import NONE
from indicators.intervals import months_after, years_of
from indicators.lines import Lines, millionths
from indicators.scope import Scope
from indicators.tables import CLOSED, UNKNOWN, Bools, Ints, Sectors

KEPT_AFTER: Final = (1, 2, 3, 5)
MEASURES: Final = (
    "entered",
    "still_hosted",
    "left",
    *(f"kept_{years}_millionths" for years in KEPT_AFTER),
    "successful",
    "closed",
    "unknown",
)


@dataclass(frozen=True, eq=False)
class Entrants:
    """The companies that had come by the day, sorted by id. Shape (companies,) throughout.

    `outcome` is what is known of each on the day.
    """

    company: Ints
    start: Ints
    end: Ints
    is_hosted: Bools
    outcome: Ints


def cohorts_by_year(scope: Scope) -> Lines:
    """Every year from the first entry on, also those in which nobody came."""
    found = _entrants(scope)
    year = years_of(found.start)
    years = range(int(year.min()), int(year.max()) + 1) if len(year) else range(0)
    everyone = np.arange(len(year))
    return Lines(years, _measures(scope, found, everyone, year - years.start, len(years)))


def cohorts_by_sector(scope: Scope) -> Lines:
    """A company of several sectors stands in each of them, one of none under NONE, the last."""
    found = _entrants(scope)
    table = scope.portfolio.table(Sectors)
    among = np.isin(table.company, found.company)
    member = np.searchsorted(found.company, table.company[among])
    sector = table.sector[among]
    without = np.setdiff1d(np.arange(len(found.company)), member)
    keys = np.unique(sector).tolist()
    line = np.searchsorted(np.array(keys, dtype=np.int64), sector)
    if len(without):
        member = np.concatenate((member, without))
        line = np.concatenate((line, np.full(len(without), len(keys))))
        keys.append(NONE)
    beside = {
        "companies": len(found.company),
        "in_several": int(np.count_nonzero(np.bincount(member, minlength=1) > 1)),
    }
    return Lines(keys, _measures(scope, found, member, line, len(keys)), beside)


def _entrants(scope: Scope) -> Entrants:
    day = scope.low
    residencies = scope.residencies(bridged=True)
    first = residencies.only(residencies.is_first & (residencies.start <= day))
    there = residencies.company[(residencies.start <= day) & (residencies.end > day)]
    return Entrants(
        first.company,
        first.start,
        first.end,
        np.isin(first.company, there),
        scope.portfolio.outcomes.known_on(first.company, day),
    )


def _measures(
    scope: Scope, found: Entrants, member: Ints, line: Ints, count: int
) -> dict[str, Ints]:
    """The companies `member` (rows of `found`), each on its line."""

    def of_lines(chosen: Bools) -> Ints:
        return np.bincount(line[chosen[member]], minlength=count)

    everyone = np.ones(len(found.company), np.bool_)
    measures = {
        "entered": of_lines(everyone),
        "still_hosted": of_lines(found.is_hosted),
        "left": of_lines(~found.is_hosted),
    }
    for years in KEPT_AFTER:
        anniversary = months_after(found.start, 12 * years)
        asked = anniversary <= scope.low
        kept = asked & (found.end > anniversary)
        measures[f"kept_{years}_millionths"] = millionths(of_lines(kept), of_lines(asked))
    unknown, closed = found.outcome == UNKNOWN, found.outcome == CLOSED
    measures["successful"] = of_lines(~unknown & ~closed)
    measures["closed"] = of_lines(closed)
    measures["unknown"] = of_lines(unknown)
    return measures
