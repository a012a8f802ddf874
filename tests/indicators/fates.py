"""What became of companies once more, slowly: one company and one day at a time.

It shares no arithmetic with the engine; `Oracle` answers who is hosted on a day.
"""

import calendar
import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from indicators.choices import Event, Milestone
from indicators.tables import CLOSED, NEVER, TRADING, UNKNOWN

if TYPE_CHECKING:
    from tests.indicators.oracle import Oracle


class Fate(NamedTuple):
    """A company that is followed on the day: its event, what became of it, and who says so."""

    company: int
    event: int
    outcome: int
    declared_on: int


def months_later(day: int, months: int) -> int:
    date = dt.date.fromordinal(day)
    year, month = date.year, date.month
    for _ in range(months):
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return date.replace(
        year=year, month=month, day=min(date.day, calendar.monthrange(year, month)[1])
    ).toordinal()


def fates(oracle: "Oracle", milestone: Milestone, site: int | None, day: int) -> list[Fate]:
    """Of every company followed on the day, by company."""
    found = []
    for company in sorted({row[1] for row in oracle.book.stays}):
        find = _entry if milestone.event is Event.ENTRY else _exit
        event = find(oracle, company, site, day)
        if event is None or day < months_later(event, milestone.months):
            continue
        if day < months_later(event, milestone.months + 12):
            due = months_later(event, milestone.months)
            found.append(Fate(company, event, *outcome_on(oracle, company, day, due)))
    return found


def _stays(oracle: "Oracle", company: int, day: int) -> list[tuple[int, ...]]:
    rows = oracle.book.stays
    return [row for row in rows if row[1] == company and row[6] and row[4] <= day]


def _entry(oracle: "Oracle", company: int, site: int | None, day: int) -> int | None:
    return min(
        (row[4] for row in _stays(oracle, company, day) if site in (None, row[2])), default=None
    )


def _exit(oracle: "Oracle", company: int, site: int | None, day: int) -> int | None:
    so_far = _stays(oracle, company, day)
    if not so_far or company in oracle.companies(day, None):
        return None
    end = max(row[5] for row in so_far)
    ended_at = {row[2] for row in so_far if row[5] == end}
    return end - 1 if site is None or site in ended_at else None


def outcome_on(oracle: "Oracle", company: int, day: int, due: int = 0) -> tuple[int, int]:
    """What is known of the company, and since which declaration."""
    status, since = UNKNOWN, NEVER
    for declared, on, said in oracle.book.declarations:
        if declared == company and on <= day and said != UNKNOWN and on >= since:
            status, since = said, on
    if company in oracle.companies(day, None):
        came = day
        while company in oracle.companies(came - 1, None):
            came -= 1
        if status in (UNKNOWN, TRADING) or since < came:
            return TRADING, NEVER
    if status == TRADING and since < due:
        return UNKNOWN, NEVER
    return status, since


def success(
    oracle: "Oracle", milestone: Milestone, site: int | None, day: int
) -> tuple[int, int, dict[str, int]]:
    outcomes = [fate.outcome for fate in fates(oracle, milestone, site, day)]
    unknown, closed = outcomes.count(UNKNOWN), outcomes.count(CLOSED)
    known = len(outcomes) - unknown
    return known - closed, known, {"unknown": unknown}
