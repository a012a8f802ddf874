"""Why figures of companies change: who came, left, or begins to be counted, pure."""

import numpy as np

from indicators.causes.matching import AFTER, BEFORE, Matched, Step, picked
from indicators.choices import Cause, Event
from indicators.contributions import NONE
from indicators.intervals import months_after
from indicators.residency import Residencies
from indicators.tables import DAY_BITS, ID_BITS, OPEN, Bools, Ints


def people(matched: Matched) -> list[Step]:
    """Companies that are counted once in their scope."""
    scope = matched.scopes[AFTER]
    return _companies(
        matched, scope.residencies(), scope.residencies(hosted=False), _position(matched)
    )


def places(matched: Matched) -> list[Step]:
    """Companies at open sites, and the places there are for them (rows of no company)."""
    book = matched.scopes[AFTER].portfolio
    site = np.searchsorted(book.site_ids, matched.column("site"))
    company = matched.column("company")
    room, present = company == NONE, book.residencies()
    first, last = matched.days
    is_open = [(book.opened[site] <= day) & (day < book.closed[site]) for day in (first, last)]
    opened = ~is_open[BEFORE] & (room | _alive(present, site, company, first))
    closed = ~is_open[AFTER] & (room | _alive(present, site, company, last))
    moved = ~(opened | closed | room)
    return [
        matched.step(Cause.SITE_OPENED, opened),
        matched.step(Cause.SITE_CLOSED, closed & ~opened),
        matched.step(Cause.CAPACITY_CHANGED, room & ~opened & ~closed),
        *(
            step.only(moved)
            for step in _companies(matched, present, book.residencies(hosted=False), site)
        ),
    ]


def overdue(matched: Matched) -> list[Step]:
    """Companies that hold over: since their time ran out; no more where they left, or are there in
    order."""
    scope, (_first, last) = matched.scopes[AFTER], matched.days
    company, position = matched.column("company"), _position(matched)
    stays = np.logical_or(
        *(
            _alive(scope.residencies(hosted=hosted), position, company, last)
            for hosted in (True, False)
        )
    )
    return [
        matched.step(Cause.TIME_RAN_OUT, matched.appeared),
        matched.step(Cause.LEFT, matched.vanished & ~stays),
        matched.step(Cause.PUT_RIGHT, matched.vanished & stays),
    ]


def overstaying(matched: Matched, months: int) -> list[Step]:
    """Hosted companies whose months are over: since they ran out; or they had before, and the
    company came (from another site, for instance), or left."""
    first, _last = matched.days
    ran_out = matched.appeared & (months_after(matched.column("since_on"), months) > first)
    return [
        matched.step(Cause.TIME_RAN_OUT, ran_out),
        *(step.only(~ran_out) for step in people(matched)),
    ]


def moves(matched: Matched, event: Event) -> list[Step]:
    """Companies that came or left in the twelve months; the days of those hosted, as the
    denominator of an average."""
    rose, fell = matched.numerator_rise > 0, matched.numerator_rise < 0
    rise = matched.numerator_rise
    if event is Event.EXIT:
        moved = [matched.step(Cause.LEFT, rose, rise)]
    else:
        scope = matched.scopes[AFTER]
        company = matched.column("company")
        first = _first_day(scope.residencies(bridged=True), _position(matched), company)
        new = matched.column("start") == first
        moved = [
            matched.step(Cause.CAME, rose & new, rise),
            matched.step(Cause.RETURNED, rose & ~new, rise),
        ]
    days = matched.denominator_rise
    return [
        *moved,
        matched.step(Cause.FELL_OUT, fell, rise),
        matched.step(Cause.MORE_DAYS, days > 0, None, days),
        matched.step(Cause.FEWER_DAYS, days < 0, None, days),
    ]


def outcomes(matched: Matched) -> list[Step]:
    """Companies that are followed for a time, and what is known of them."""
    before, after = matched.denominator
    learned = matched.stayed & (before < after)
    forgotten = matched.stayed & (before > after)
    return [
        matched.step(Cause.FOLLOWED, matched.appeared),
        matched.step(Cause.FOLLOWED_NO_MORE, matched.vanished),
        matched.step(Cause.OUTCOME_KNOWN, learned),
        matched.step(Cause.OUTCOME_UNKNOWN, forgotten),
        matched.step(Cause.OUTCOME_CHANGED, matched.stayed & ~learned & ~forgotten),
    ]


def _companies(
    matched: Matched, present: Residencies, others: Residencies, site: Ints
) -> list[Step]:
    """Who came and who left, by the residencies they are counted by. One that is there as another
    kind of tenant on the other day has neither come nor left."""
    company = matched.column("company")
    first, last = matched.days
    rose, fell = matched.numerator_rise > 0, matched.numerator_rise < 0
    there_before = rose & _alive(others, site, company, first)
    there_after = fell & _alive(others, site, company, last)
    known = rose & ~there_before & (_first_day(present, site, company) <= first)
    return [
        matched.step(Cause.CAME, rose & ~there_before & ~known),
        matched.step(Cause.RETURNED, known),
        matched.step(Cause.COUNTS_NOW, there_before),
        matched.step(Cause.LEFT, fell & ~there_after),
        matched.step(Cause.COUNTS_NO_MORE, there_after),
    ]


def _position(matched: Matched) -> Ints:
    """The scope's site, as its residencies have it."""
    return np.full(len(matched), matched.scopes[AFTER].site or 0)


def _key(site: Ints, company: Ints, day: Ints | int) -> Ints:
    found: Ints = (((site << ID_BITS) | company) << DAY_BITS) | day
    return found


def _alive(residencies: Residencies, site: Ints, company: Ints, day: int) -> Bools:
    """Whether each company is there on the day; never where the company is none."""
    return _end_of(residencies, site, company, day) > day


def _end_of(residencies: Residencies, site: Ints, company: Ints, day: int) -> Ints:
    """The end of each company's last residency that began by the day; 0 where there is none."""
    begins = _key(residencies.site, residencies.company, residencies.start)
    asked = np.maximum(company, 0)
    at = np.searchsorted(begins, _key(site, asked, day), side="right") - 1
    same = picked(residencies.company, at) == company
    same &= picked(residencies.site, at) == site
    return np.where(same & (company != NONE), picked(residencies.end, at), 0)


def _first_day(residencies: Residencies, site: Ints, company: Ints) -> Ints:
    """The first day of each company's first residency; OPEN where it has none."""
    begins = _key(residencies.site, residencies.company, residencies.start)
    at = np.searchsorted(begins, _key(site, np.maximum(company, 0), 0))
    known = at < len(begins)
    at = np.where(known, at, NONE)
    same = picked(residencies.company, at) == company
    same &= picked(residencies.site, at) == site
    return np.where(known & same, picked(residencies.start, at), OPEN)
