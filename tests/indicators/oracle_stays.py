"""Stays once more, slowly: company by company, month by month, space by space.

It shares no arithmetic with the engine; `Oracle` answers who is hosted on a day, and since when.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial
from itertools import pairwise
from math import floor
from statistics import median
from typing import Any, Final, NamedTuple

from indicators.tables import CLOSED, OPEN, UNKNOWN
from tests.indicators.books import Book
from tests.indicators.fates import months_later, outcome_on
from tests.indicators.oracle import Oracle

Answer = tuple[Fraction | None, dict[str, int]]
Told = list[dict[str, int]]
NO_SHARE: Final = -1


def half_up(value: Fraction | float) -> int:
    return floor(Fraction(value) + Fraction(1, 2))


def share(part: int, whole: int) -> int:
    return half_up(Fraction(part, whole) * 1_000_000) if whole else NO_SHARE


# Figures: the value, and what is printed beside it


class Ends(NamedTuple):
    """Of a letting the days after its lease's term, its own early end, a notice."""

    term: int = OPEN
    early: int = OPEN
    notice: int = OPEN


def agreed(book: Book, letting: int, day: int = OPEN - 1) -> Ends:
    """As it stood on the day; now if none is given."""
    stood = (row[3:6] for row in book.terms if row[0] == letting and row[1] <= day < row[2])
    return Ends(*next(stood, ()))


def ends(book: Book, letting: int) -> set[int]:
    """The days after the contract's ends."""
    found = {term for one, term in book.renewals if one == letting}
    contracts = [row for row in book.contracts if row[0] == letting]
    if not any(assigned for *_, assigned in contracts):
        now, left = agreed(book, letting), min((row[2] for row in contracts), default=OPEN)
        found.add(min(now.term, now.notice, left))
    return found - {OPEN}


def retention(oracle: Oracle, site: int | None, low: int, high: int) -> Answer:
    book, kept, asked, count = oracle.book, 0, 0, 0
    for company in {row[1] for row in book.stays}:
        came = [
            end
            for letting, who, at, _, start, until, hosted, *_ in book.stays
            if who == company and hosted and site in (None, at)
            for end in ends(book, letting)
            if start < end <= until and low <= end - 1 < high and end <= book.present[0][0]
        ]
        count += len(came)
        if came:
            asked += 1
            kept += company in oracle.companies(max(came), site)
    return Fraction(kept, asked) if asked else None, {"contract_ends": count}


def length_of_stay(oracle: Oracle, site: int | None, low: int, high: int) -> Answer:
    stays = oracle.residencies(site, True, oracle.gap)
    over = [last + 1 - first for _, first, last in stays if last is not None and low <= last < high]
    going = [
        high - first for _, first, last in stays if first < high and (last is None or last >= high)
    ]
    beside = {
        "count": len(over),
        "mean_days": half_up(Fraction(sum(over), len(over) or 1)),
        "still_hosted": len(going),
        "hosted_median_days": half_up(median(going)) if going else 0,
        "hosted_mean_days": half_up(Fraction(sum(going), len(going) or 1)),
        "censored_millionths": max(share(len(going), len(going) + len(over)), 0),
        "gap_days": oracle.gap,
    }
    return Fraction(median(over)) if over else None, beside


def holding_over(oracle: Oracle, site: int | None, day: int, _: int) -> Answer:
    over = [
        (company, day - agreed(oracle.book, letting).term + 1)
        for letting, company, at, _, start, end, *_ in oracle.book.stays
        if site in (None, at) and start <= day < end and agreed(oracle.book, letting).term <= day
    ]
    longest = max((days for _, days in over), default=0)
    beside = {"lettings": len(over), "longest_over_days": longest}
    return Fraction(len({company for company, _ in over})), beside


def beyond(oracle: Oracle, site: int | None, day: int, _: int) -> Answer:
    startups = [row for row in oracle.book.stays if row[7] == 0]
    found = set()
    for company in oracle.companies(day, site):
        first = min((row[4] for row in startups if row[1] == company), default=OPEN)
        if first < day and months_later(first, 60) <= day:
            found.add(company)
    still = {row[1] for row in startups if row[6] and site in (None, row[2])
             and row[4] <= day < row[5] and row[1] in found}  # fmt: skip
    return Fraction(len(found)), {"still_startups": len(still)}


FIGURES: Final[Mapping[str, Callable[[Oracle, int | None, int, int], Answer]]] = {
    "retention": retention,
    "length_of_stay": length_of_stay,
    "holding_over": holding_over,
    "beyond_60_months": beyond,
}


# Profiles: the lines' keys and measures, and what is printed under them


def survival(oracle: Oracle, site: int | None, day: int) -> tuple[list[int], Told, dict[str, int]]:
    months = _months_watched(oracle, site, day)
    left = [count for count, has_left in months if has_left]
    watched = [count for count, has_left in months if not has_left]
    found: Told = []
    stays = Fraction(1)
    for month in range(max([*left, *watched], default=-1) + 1):
        at_risk = sum(1 for count, _ in months if count >= month)
        stays *= 1 - Fraction(left.count(month), at_risk)
        found.append(
            {
                "at_risk": at_risk,
                "left": left.count(month),
                "censored": watched.count(month),
                "survival_millionths": half_up(stays * 1_000_000),
            }
        )
    everybody = len(left) + len(watched)
    beside = {"residencies": everybody, "still_hosted": len(watched)}
    beside["censored_millionths"] = share(len(watched), everybody)
    halves = [i for i, line in enumerate(found) if line["survival_millionths"] <= 500_000]
    if halves:
        beside["median_months"] = halves[0]
    return list(range(len(found))), found, beside


def _months_watched(oracle: Oracle, site: int | None, day: int) -> list[tuple[int, bool]]:
    """Of each residency begun by the day its months, and whether it is over: the month in which it
    ended, or the months that were over at the end of the day."""
    found = []
    for _, first, last in oracle.residencies(site, True, 0):
        if first > day:
            continue
        months = 0
        if last is not None and last <= day:
            while months_later(first, months) <= last:
                months += 1
            found.append((months, True))
        else:
            while months_later(first, months + 1) <= day + 1:
                months += 1
            found.append((months, False))
    return found


def cohorts_by_year(oracle: Oracle, site: int | None, day: int) -> tuple[list[int], Told]:
    came = _entrants(oracle, site, day)
    year = {company: dt.date.fromordinal(stay[0]).year for company, stay in came.items()}
    years = list(range(min(year.values()), max(year.values()) + 1)) if year else []
    return years, [
        _cohort(oracle, site, day, {c: came[c] for c in came if year[c] == one}) for one in years
    ]


def cohorts_by_sector(oracle: Oracle, site: int | None, day: int) -> tuple[list[int], Told]:
    came = _entrants(oracle, site, day)
    of = {
        company: {sector for one, sector in oracle.book.sectors if one == company} or {-1}
        for company in came
    }
    sectors = sorted(set().union(*of.values()), key=lambda sector: (sector == -1, sector))
    return sectors, [
        _cohort(oracle, site, day, {c: came[c] for c in came if one in of[c]}) for one in sectors
    ]


def _entrants(oracle: Oracle, site: int | None, day: int) -> dict[int, tuple[int, int | None]]:
    """First and last day of the first residency of each company that has come."""
    found: dict[int, tuple[int, int | None]] = {}
    for company, first, last in oracle.residencies(site, True, 0):
        if first <= day:
            found.setdefault(company, (first, last))
    return found


def _cohort(
    oracle: Oracle, site: int | None, day: int, came: dict[int, tuple[int, int | None]]
) -> dict[str, int]:
    there = sum(1 for company in came if company in oracle.companies(day, site))
    found = {"entered": len(came), "still_hosted": there, "left": len(came) - there}
    for years in (1, 2, 3, 5):
        asked = [
            last is None or last >= months_later(first, 12 * years)
            for first, last in came.values()
            if months_later(first, 12 * years) <= day
        ]
        found[f"kept_{years}_millionths"] = share(sum(asked), len(asked))
    outcomes = [outcome_on(oracle, company, day)[0] for company in came]
    unknown, closed = outcomes.count(UNKNOWN), outcomes.count(CLOSED)
    found["successful"] = len(came) - unknown - closed
    return found | {"closed": closed, "unknown": unknown}


def movements(
    oracle: Oracle, site: int | None, day: int, *, by_year: bool
) -> tuple[list[int], Told]:
    """By the oracle's own account of each month, or year."""
    date = dt.date.fromordinal(day)
    if by_year:
        came = [first for _, first, _ in oracle.residencies(site, True, 0) if first <= day]
        first_year = dt.date.fromordinal(min(came)).year if came else date.year + 1
        keys = list(range(first_year, date.year + 1))
        starts = [dt.date(year, 1, 1).toordinal() for year in keys]
    else:
        back = [divmod(date.year * 12 + date.month - 1 - months, 12) for months in range(24)]
        starts = sorted(dt.date(year, month + 1, 1).toordinal() for year, month in back)
        keys = starts
    found: Told = []
    for start, end in pairwise([*starts, day + 1]):
        one = oracle.movements(site, start, end)
        names = ("opening", "new", "returning", "exits", "closing")
        found.append({name: getattr(one, name) for name in names})
    return keys, found


def outlook(oracle: Oracle, site: int | None, day: int) -> tuple[list[int], Told]:
    first = dt.date.fromordinal(day).replace(day=1).toordinal()
    starts = [months_later(first, ahead) for ahead in range(25)]
    return starts[:-1], [_month(oracle.book, site, day, end - 1) for end in starts[1:]]


def _month(book: Book, site: int | None, day: int, last: int) -> dict[str, int]:
    names = ("contracted", "held", "holding_over", "renewable", "leaving", "out_of_service", "free")
    area = dict.fromkeys(names, 0)
    for space, at, *_ in book.spaces:
        measured = [row[3] for row in book.measures if row[0] == space and row[1] <= last < row[2]]
        lettable = any(row[0] == space and row[1] <= last < row[2] for row in book.lettable)
        if site in (None, at) and lettable and measured:
            states = _of_space(book, space, day, last)
            if any(row[0] == space and row[1] <= last < row[2] for row in book.out_of_service):
                states.add("out_of_service")
            order = ("out_of_service", *names[:5])
            area[next((name for name in order if name in states), "free")] += measured[0]
    in_service = sum(area.values()) - area["out_of_service"]
    high = sum(area[name] for name in names[:4])
    return {f"{name}_centi_m2": area[name] for name in names[:6]} | {
        "in_service_centi_m2": in_service,
        "low_millionths": share(area["contracted"], in_service),
        "high_millionths": share(high, in_service),
    }


def _of_space(book: Book, space: int, day: int, last: int) -> set[str]:
    """What lettings and offers say of a space on the last day, as known on the day."""
    found = set()
    for offered, start, end, made, over in book.holds:
        if offered == space and made <= day < over and start <= last < end:
            found.add("held")
    contracts = {row[0]: row for row in book.contracts}
    for letting, _, _, where, start, end, *_ in book.stays:
        _, signed, left, assigned = contracts.get(letting, (letting, 0, OPEN, 0))
        if where != space or signed > day or end <= day or last < start:
            continue
        if left <= day + 1 and not assigned:
            continue
        now, then = agreed(book, letting), agreed(book, letting, day)
        goes_on = end < min(now.term, left, then.term, then.notice)
        if goes_on and now.early == OPEN:
            found.add("contracted" if last < end else "leaving")
            continue
        goes = min(then.early, then.notice)
        if last < min(then.term if then.early == OPEN else then.early, then.notice):
            found.add("contracted")
        elif last < goes:
            found.add("holding_over" if then.term <= day else "renewable")
        else:
            found.add("leaving")
    return found


PROFILES: Final[Mapping[str, Callable[[Oracle, int | None, int], Any]]] = {
    "survival": survival,
    "cohorts_by_year": cohorts_by_year,
    "cohorts_by_sector": cohorts_by_sector,
    "movements": partial(movements, by_year=False),
    "movements_by_year": partial(movements, by_year=True),
    "outlook": outlook,
}
