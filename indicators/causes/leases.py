"""Why figures of rent and of what is owed change, pure."""

import numpy as np

from indicators.causes.matching import AFTER, BEFORE, Matched, Step, picked
from indicators.causes.premises import in_force
from indicators.choices import Cause
from indicators.contributions import NONE
from indicators.intervals import found_in
from indicators.tables import ID_BITS, Bools, Ints


def rents(matched: Matched) -> list[Step]:
    """Lettings: new, over, with other m² or at another rent. One that was there and is counted
    only now, or counted no more, has another rent too: a discount, for instance, that ended."""
    first, last = matched.days
    let_on = _let_on(matched)
    area = (matched.of_day("agreed_centi_m2", day) for day in (BEFORE, AFTER))
    resized = matched.stayed & np.not_equal(*area)
    was_there = matched.appeared & (matched.column("start") <= first)
    goes_on = matched.vanished & (matched.column("end") > last)
    changed = was_there | goes_on | (matched.stayed & ~resized)
    return [
        matched.step(Cause.LET, matched.appeared & ~was_there & ~let_on),
        matched.step(Cause.FREED, matched.vanished & ~goes_on & ~let_on),
        matched.step(Cause.LET_ON, let_on & ~was_there & ~goes_on),
        matched.step(Cause.RESIZED, resized),
        matched.step(Cause.RENT_CHANGED, changed),
    ]


def possible_rents(matched: Matched) -> list[Step]:
    """Lettings, and free spaces (rows of no letting) with what they could bring."""
    first, last = matched.days
    book, space = matched.scopes[AFTER].portfolio, matched.column("space")
    free = matched.column("letting") == NONE
    came, gone = free & matched.appeared, free & matched.vanished
    let_before, let_after = (in_force(book.stays, space, day) for day in (first, last))
    out_before, out_after = (in_force(book.out_of_service, space, day) for day in (first, last))
    return [
        *(step.only(~free) for step in rents(matched)),
        matched.step(Cause.LET, gone & let_after),
        matched.step(Cause.FREED, came & let_before),
        matched.step(Cause.WORKS_BEGAN, gone & out_after),
        matched.step(Cause.WORKS_ENDED, came & out_before),
        matched.step(Cause.PUT_IN_SERVICE, came & ~let_before & ~out_before),
        matched.step(Cause.TAKEN_OUT, gone & ~let_after & ~out_after),
        matched.step(Cause.LIST_RENT_CHANGED, free & matched.stayed),
    ]


def time_left(matched: Matched, *, to_exit: bool) -> list[Step]:
    """Annual rent times the days left of each letting: less with every day that passes, more when
    an end is moved. What would be left by what was agreed on the first day is time that passed, also
    where an end goes on with the day: a notice takes longer in some months than in others."""
    before, after = (matched.of_day("left_days", day) for day in (BEFORE, AFTER))
    annual, annual_after = matched.denominator
    stayed, let_on = matched.stayed, _let_on(matched)
    expected = np.where(stayed, _left_as_agreed(matched, to_exit=to_exit), 0)
    rise = matched.denominator_rise
    return [
        matched.step(Cause.LET, matched.appeared & ~let_on),
        matched.step(Cause.FREED, matched.vanished & ~let_on),
        matched.step(Cause.LET_ON, let_on),
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


def _let_on(matched: Matched) -> Bools:
    """Lettings of one of the days alone whose company has the same space by another on the other
    day: a new lease after the old one. Both are told, with what each adds."""
    space = matched.column("space")
    whose = (matched.column("company") << ID_BITS) | space
    placed = space != NONE
    before, after = matched.vanished & placed, matched.appeared & placed
    found: Bools = before & np.isin(whose, whose[after])
    found |= after & np.isin(whose, whose[before])
    return found
