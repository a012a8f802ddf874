"""Why figures of rent and of what is owed change, pure."""

import numpy as np

from indicators.causes.matching import AFTER, BEFORE, Matched, Step, picked
from indicators.causes.premises import let_on, of_service, whose
from indicators.causes.walls import rooms_of
from indicators.choices import Cause
from indicators.contributions import NONE
from indicators.intervals import found_in
from indicators.rentals import month_at
from indicators.tables import Bools, Ints, ListPrices


def rents(matched: Matched) -> list[Step]:
    """Lettings: new, over, with other m² or at another rent. One that was there and is counted
    only now, or counted no more, has another rent too: a discount, for instance, that ended."""
    first, last = matched.days
    area = (matched.of_day("agreed_centi_m2", day) for day in (BEFORE, AFTER))
    resized = matched.stayed & np.not_equal(*area)
    was_there = matched.appeared & (matched.column("start") <= first)
    goes_on = matched.vanished & (matched.column("end") > last)
    changed = was_there | goes_on | (matched.stayed & ~resized)
    return [
        *(step.only(~was_there & ~goes_on) for step in _lettings(matched)),
        matched.step(Cause.RESIZED, resized),
        matched.step(Cause.RENT_CHANGED, changed),
    ]


def possible_rents(matched: Matched) -> list[Step]:
    """Lettings, and free spaces (rows of no letting) with what they could bring."""
    free, rooms = matched.column("letting") == NONE, rooms_of(matched)
    come, gone = free & matched.appeared, free & matched.vanished
    was_let, is_let = (
        np.isin(rooms.room, rooms.room[~free & ~absent])
        for absent in (matched.appeared, matched.vanished)
    )
    let, freed = gone & is_let & ~was_let, come & was_let & ~is_let
    reasons = of_service(matched, rooms, come & ~freed, gone & ~let)
    measured = free & matched.stayed
    anew = np.where(measured, _at_the_old_price(matched) - matched.denominator[BEFORE], 0)
    return [
        *(step.only(~free) for step in rents(matched)),
        matched.step(Cause.LET, let),
        matched.step(Cause.FREED, freed),
        *(matched.step(cause, chosen) for cause, chosen in reasons.items()),
        matched.step(Cause.RE_MEASURED, measured, None, anew),
        matched.step(Cause.LIST_RENT_CHANGED, measured, None, matched.denominator_rise - anew),
    ]


def _at_the_old_price(matched: Matched) -> Ints:
    """What each space would bring, as large as it is on the last day, at the price of the first."""
    first, last = matched.days
    book = matched.scopes[AFTER].portfolio
    prices = book.table(ListPrices)
    prices = prices.only((prices.start <= first) & (first < prices.end))
    sizes = book.measures.only((book.measures.start <= last) & (last < book.measures.end))
    rate = picked(prices.rate, found_in(prices.site, matched.column("site")))
    area = picked(sizes.centi_m2, found_in(sizes.space, matched.column("space")))
    return np.where((rate == NONE) | (area == NONE), 0, month_at(area, rate))


def time_left(matched: Matched, *, to_exit: bool) -> list[Step]:
    """Annual rent times the days left of each letting: less with every day that passes, more when
    an end is moved. What would be left by what was agreed on the first day is time that passed,
    also where an end goes on with the day: a notice takes longer in some months than in others."""
    before, after = (matched.of_day("left_days", day) for day in (BEFORE, AFTER))
    annual, annual_after = matched.denominator
    stayed = matched.stayed
    expected: Ints = np.where(stayed, _left_as_agreed(matched, to_exit=to_exit), 0)
    rise = matched.denominator_rise
    return [
        *_lettings(matched),
        matched.step(Cause.RENT_CHANGED, stayed, (annual_after - annual) * after, rise),
        matched.step(Cause.END_MOVED, stayed, annual * (after - expected)),
        matched.step(Cause.TIME_PASSED, stayed, annual * (expected - before)),
    ]


def _left_as_agreed(matched: Matched, *, to_exit: bool) -> Ints:
    """The days left on the last day by what had been agreed on the first; NONE for what was not
    there."""
    first, last = matched.days
    book = matched.scopes[BEFORE].portfolio
    agreed = book.endings.on(first)
    lettings = book.stays.letting[agreed.rentals.stay]
    return picked(agreed.left(last, to_exit=to_exit), found_in(lettings, matched.column("letting")))


def late(matched: Matched) -> list[Step]:
    """Invoices that are late: since their due day, or since what settled them was taken back."""
    due = matched.column("due_on")
    fell_due = matched.appeared & (due >= matched.days[BEFORE])
    settled = matched.vanished | (matched.stayed & (matched.numerator_rise < 0))
    return [
        matched.step(Cause.FELL_DUE, fell_due),
        matched.step(Cause.SETTLED, settled),
        matched.step(Cause.OPEN_AGAIN, ~fell_due & ~settled),
    ]


def billed(matched: Matched) -> list[Step]:
    """Invoices and credit notes of twelve months."""
    credit = matched.numerator_rise < 0
    return [
        matched.step(Cause.BILLED, matched.appeared & ~credit),
        matched.step(Cause.CREDITED, matched.appeared & credit),
        matched.step(Cause.FELL_OUT, ~matched.appeared),
    ]


def _lettings(matched: Matched) -> list[Step]:
    """Those of one of the days alone: new, over, or going on in one that follows, with other m² of
    the same room, by another lease, or behind other walls."""
    same = let_on(matched, matched.column("space"))
    walls = let_on(matched, rooms_of(matched).room)
    # The rent of what was merged into the room of another letting has no room of its own.
    roomless = matched.appeared & (matched.column("space") == NONE)
    company = matched.column("company")
    walls |= roomless & np.isin(company, company[walls & ~same & matched.vanished])
    resized = same & _of_other_size(matched, same)
    return [
        matched.step(Cause.LET, matched.appeared & ~walls),
        matched.step(Cause.FREED, matched.vanished & ~walls),
        matched.step(Cause.LET_ON, same & ~resized),
        matched.step(Cause.WALLS_MOVED, walls & ~same),
        matched.step(Cause.RESIZED, resized),
    ]


def _of_other_size(matched: Matched, chosen: Bools) -> Bools:
    """Whether the m² of a company's lettings of a room, of those chosen, differ between the days: a
    letting keeps its m² for life, so that another one goes on with more or fewer."""
    _, room = np.unique(whose(matched, matched.column("space")), return_inverse=True)
    rise = np.zeros(len(matched), np.int64)
    for day, sign in ((BEFORE, -1), (AFTER, 1)):
        area = matched.of_day("agreed_centi_m2", day)
        np.add.at(rise, room[chosen], sign * np.maximum(area[chosen], 0))
    other: Bools = rise[room] != 0
    return other
