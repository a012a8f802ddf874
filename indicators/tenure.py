"""How long companies stay, and whether they do when they could go, pure."""

from dataclasses import replace
from typing import Final

import numpy as np

from indicators.contributions import Rows, first_of_each, of_stays, stays_in
from indicators.intervals import months_after, months_between
from indicators.lines import millionths
from indicators.medians import middle, rounded_mean, rounded_median
from indicators.residency import Residencies
from indicators.rows import exits
from indicators.scope import Scope
from indicators.tables import DAY_BITS, OPEN, STARTUP, Bools, Ints, Present

EXPECTED_MONTHS: Final = 60
"""After five years a start-up is expected to leave."""


def retention(scope: Scope) -> Rows:
    """The ends of contracts in the window, each with the letting that ran to it. A company counts
    once, by its last one: is it hosted on the day after?

    Of an end whose day after has not come yet nobody knows.
    """
    book = scope.portfolio
    stay, end = book.ends
    # The last day of the contract lies in the window.
    fell = (end > scope.low) & (end <= scope.high) & (end <= _today(scope))
    fell &= book.stays.hosted[stay] != 0
    if scope.site is not None:
        fell &= book.stay_site[stay] == scope.site
    stay, end = stay[fell], end[fell]
    company = book.stays.company[stay]
    keys = (book.stays.letting[stay], book.stay_site[stay], -end, company)
    order = np.lexsort(keys)
    stay, end, company = stay[order], end[order], company[order]
    counted = first_of_each(company)
    kept = counted * _is_there(scope.residencies(), company, end)
    return replace(of_stays(book, stay, kept, counted), more={"contract_end_on": end - 1})


def ends_counted(_scope: Scope, found: Rows) -> dict[str, int]:
    return {"contract_ends": len(found)}


def length_of_stay(scope: Scope) -> Rows:
    """The residencies that ended in the window; the median's one, or two, bear the figure."""
    found = exits(scope)
    stayed = found.end - found.start
    numerator, denominator = middle(stayed)
    return replace(
        found, numerator=numerator, denominator=denominator, more={"stayed_days": stayed}
    )


def still_there(scope: Scope, found: Rows) -> dict[str, int]:
    """How many ended, their mean; and who is still there after the window, since how long."""
    inside = scope.residencies(bridged=True)
    goes_on = (inside.start < scope.high) & (inside.end > scope.high)
    ages = scope.high - inside.start[goes_on]
    stayed = found.more["stayed_days"]
    everybody = len(stayed) + len(ages)
    return {
        "count": len(stayed),
        "mean_days": rounded_mean(stayed),
        "still_hosted": len(ages),
        "hosted_median_days": rounded_median(ages),
        "hosted_mean_days": rounded_mean(ages),
        "censored_millionths": 0 if not everybody else int(millionths(len(ages), everybody)),
        "gap_days": scope.gap_days,
    }


def holding_over(scope: Scope) -> Rows:
    """The lettings that go on after their lease's term, with the days over it, that day's too.

    As the tables have it now: a renewal that was signed late made those days its own.
    """
    book, day = scope.portfolio, scope.low
    stays, term = book.stays, book.agreed.term
    over = (stays.start <= day) & (stays.end > day) & (term <= day)
    row = stays_in(scope, over, hosted_only=False)
    found = of_stays(book, row, first_of_each(stays.company[row]))
    more = {"contract_end_on": term[row] - 1, "over_days": day + 1 - term[row]}
    return replace(found, more=more)


def held_over(_scope: Scope, found: Rows) -> dict[str, int]:
    return {
        "lettings": len(found),
        "longest_over_days": int(found.more["over_days"].max(initial=0)),
    }


def beyond_expected(scope: Scope) -> Rows:
    """The lettings of hosted companies whose months are over, counted from the company's first
    start-up letting anywhere in the network: a renewal, a move or more m² starts nothing anew."""
    book, day = scope.portfolio, scope.low
    stays = book.stays
    row = stays_in(scope, (stays.start <= day) & (stays.end > day))
    since = _first_startup_day(scope, stays.company[row])
    beyond = months_after(since, EXPECTED_MONTHS) <= day
    row, since = row[beyond], since[beyond]
    found = of_stays(book, row, first_of_each(stays.company[row]))
    return replace(found, more={"since_on": since, "stay_months": months_between(since, day)})


def startups_beyond(scope: Scope, found: Rows) -> dict[str, int]:
    """Of the companies those that still let as a start-up."""
    stays = scope.portfolio.stays
    startups = stays.letting[stays.kind == STARTUP]
    as_startup = found.company[np.isin(found.letting, startups)]
    return {"still_startups": len(np.unique(as_startup))}


def _first_startup_day(scope: Scope, company: Ints) -> Ints:
    """Of each company the first day of its first start-up letting, OPEN where it had none."""
    known, start = scope.portfolio.startups
    if not len(known):
        return np.full(len(company), OPEN)
    place = np.minimum(np.searchsorted(known, company), len(known) - 1)
    return np.where(known[place] == company, start[place], OPEN)


def _is_there(residencies: Residencies, company: Ints, day: Ints) -> Bools:
    """Whether each company is hosted on its day; the residencies are those of one scope."""
    if not len(residencies.company):
        return np.zeros(len(company), np.bool_)
    begins = (residencies.company << DAY_BITS) | residencies.start
    place = np.searchsorted(begins, (company << DAY_BITS) | day, side="right") - 1
    found: Bools = (residencies.company[place] == company) & (residencies.end[place] > day)
    return found & (place >= 0)


def _today(scope: Scope) -> int:
    return int(scope.portfolio.table(Present).day[0])
