"""How long leases still run, weighted by their rent, and what ends when, pure.

Time left counts from the day itself: on the last day of a lease one day is left. Somebody who holds
over has none. Without an agreed end it runs to the first day that the tenant could be gone by a
notice given on the day.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from core.periods import add_months
from indicators.contributions import Rows
from indicators.daily import Daily
from indicators.intervals import months_after, stock
from indicators.lines import Lines
from indicators.rentals import Endings
from indicators.rents import areas, told
from indicators.scope import Scope
from indicators.tables import OPEN, Ints

YEAR: Final = 12
AHEAD: Final = 36
"""Months that the expiry profile looks ahead, with the month of the day."""

Weighted = Callable[[Scope, Endings], Ints]
"""Annual rent times days left, by day."""


def walt_end(scope: Scope) -> Daily:
    return _walt(scope, _to_the_end)


def walt_exit(scope: Scope) -> Daily:
    return _walt(scope, _to_the_exit)


def walt_end_rows(scope: Scope) -> Rows:
    return _rows(scope, to_exit=False)


def walt_exit_rows(scope: Scope) -> Rows:
    return _rows(scope, to_exit=True)


def expiry(scope: Scope) -> Lines:
    """What the lettings of the day come to, by the month of their last day."""
    here = scope.portfolio.endings.at(scope.site).on(scope.low)
    first = dt.date.fromordinal(scope.low).replace(day=1)
    months = [add_months(first, ahead).toordinal() for ahead in range(AHEAD + 1)]
    measures = {
        "ending_centi_m2": areas(here.rentals),
        "ending_centimes": here.rentals.rent,
        "ending_lettings": np.ones(len(here.rentals), np.int64),
    }
    over, open_ended = here.until <= scope.low, here.until == OPEN
    later = ~open_ended & (here.until - 1 >= months[-1])
    apart = {"holding_over": over, "open_ended": open_ended, "later": later}
    listed = ~(over | open_ended | later)
    month = np.searchsorted(months, here.until[listed] - 1, side="right") - 1
    values = {}
    for code, weight in measures.items():
        values[code] = np.zeros(AHEAD, np.int64)
        np.add.at(values[code], month, weight[listed])
    beside = {
        code.replace("ending", name): int(weight[chosen].sum())
        for name, chosen in apart.items()
        for code, weight in measures.items()
    }
    return Lines(months[:-1], values, beside)


def _walt(scope: Scope, weighted: Weighted) -> Daily:
    """Beside: the annual rent of those who hold over, and of those without an agreed end."""
    here = scope.portfolio.endings.at(scope.site)

    def annual(chosen: Endings) -> Ints:
        pieces = chosen.rentals
        return stock(pieces.start, pieces.end, scope.low, scope.high, YEAR * pieces.rent)

    beside = {
        "annual_over_centimes": annual(_cut(here, start=here.until)),
        "annual_open_centimes": annual(here.only(here.until == OPEN)),
    }
    return Daily(weighted(scope, here), annual(here), beside)


def _to_the_end(scope: Scope, here: Endings) -> Ints:
    total = _until(scope, here.only(here.until < OPEN))
    for open_ended in _by_notice(here.only(here.until == OPEN)):
        total += _rolling(scope, open_ended)
    return total


def _to_the_exit(scope: Scope, here: Endings) -> Ints:
    """A notice given today leads beyond the end from some day on: from then on the end counts."""
    total = _until(scope, here.only(here.notice_months < 0))
    for group in _by_notice(here.only(here.notice_months >= 0)):
        turn = _last_useful_notice(group.until, int(group.notice_months[0]))
        total += _rolling(scope, _cut(group, end=turn))
        total += _until(scope, _cut(group, start=turn))
    return total


def _by_notice(here: Endings) -> list[Endings]:
    """Apart by how long a notice takes."""
    return [here.only(here.notice_months == months) for months in np.unique(here.notice_months)]


def _last_useful_notice(until: Ints, months: int) -> Ints:
    """The first day on which a notice no longer leads out before `until`; never, without an end."""
    given = months_after(until, -months)
    given += months_after(given, months) < until
    return np.where(until < OPEN, given - 1, OPEN)


def _cut(here: Endings, *, start: Ints | None = None, end: Ints | None = None) -> Endings:
    """The pieces from or up to these days, without those that come out empty."""
    pieces = here.rentals
    low = pieces.start if start is None else np.maximum(pieces.start, start)
    high = pieces.end if end is None else np.minimum(pieces.end, end)
    return replace(here, rentals=replace(pieces, start=low, end=high)).only(low < high)


def _until(scope: Scope, here: Endings) -> Ints:
    """Of ends that are agreed: the sum of rent times end, less the day times the sum of rent."""
    here = _cut(here, end=here.until)
    pieces, weight = here.rentals, YEAR * here.rentals.rent

    def by_day(weight: Ints) -> Ints:
        return stock(pieces.start, pieces.end, scope.low, scope.high, weight)

    passed = np.arange(scope.high - scope.low)
    return by_day(weight * (here.until - scope.low)) - passed * by_day(weight)


def _rolling(scope: Scope, here: Endings) -> Ints:
    """Of ends that go on with the day: a notice of so many months, the same for all of them."""
    pieces = here.rentals
    rent = stock(pieces.start, pieces.end, scope.low, scope.high, YEAR * pieces.rent)
    if not len(pieces):
        return rent
    days = np.arange(scope.low, scope.high)
    return rent * (months_after(days + 1, int(here.notice_months[0])) - days)


def _rows(scope: Scope, *, to_exit: bool) -> Rows:
    here = scope.portfolio.endings.at(scope.site).on(scope.low)
    left = here.left(scope.low, to_exit=to_exit)
    annual = YEAR * here.rentals.rent
    found = told(scope, here.rentals, annual * left, annual, {"left_days": left})
    kept = ("agreed_centi_m2", "contract_ends_on", "left_days")
    return replace(found, more={code: found.more[code] for code in kept})
