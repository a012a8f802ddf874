"""Rent and money once more, slowly: one letting, one space, one invoice at a time.

It shares no arithmetic with the engine; only the shape of the answer is the same.
"""

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from core.periods import Period
from indicators.figure import Figure
from indicators.tables import OPEN
from tests.indicators.books import Book
from tests.indicators.oracle import quotient, year_before

Answer = tuple[int, int | None, dict[str, int]]


class Let(NamedTuple):
    """A letting of the day: its rent, and what was agreed of its end (None: nothing)."""

    lease: int
    rent: int
    listed: int
    area: int
    nothing: bool
    until: int | None
    months: int


def lets(book: Book, site: int | None, day: int) -> list[Let]:
    found = []
    for letting, _, at, _, start, end, *_ in book.stays:
        if site not in (None, at) or not start <= day < end:
            continue
        for row in book.rents:
            if row[0] == letting and row[2] <= day < row[3]:
                until, months = agreed(book, letting, day)
                found.append(Let(row[1], row[4], row[6], row[7], bool(row[10]), until, months))
    return found


def agreed(book: Book, letting: int, day: int) -> tuple[int | None, int]:
    """Until when, as it stood on the day (None: nobody says), and how long a notice takes (-1: it
    was given)."""
    for one, low, high, term, early, notice, months in book.terms:
        if one == letting and low <= day < high:
            return min(term if early == OPEN else early, notice), months if notice == OPEN else -1
    return None, 0


def area_of(let: Let, everybody: list[Let]) -> int:
    """None of what walls parted from something paid."""
    paid = any(other.lease == let.lease and not other.nothing for other in everybody)
    return 0 if let.nothing and paid else let.area


def contracted_rent(book: Book, site: int | None, day: int) -> Answer:
    here = lets(book, site, day)
    return sum(let.rent for let in here), None, {"lettings": len(here)}


def rent_per_m2(book: Book, site: int | None, day: int) -> Answer:
    here = lets(book, site, day)
    with_area = [let for let in here if let.area]
    area = sum(area_of(let, here) for let in with_area)
    return sum(let.rent for let in with_area), area, {}


def forgone(here: list[Let]) -> list[int]:
    return [let.listed - let.rent for let in here if let.listed > let.rent]


def rent_forgone(book: Book, site: int | None, day: int) -> Answer:
    found = forgone(lets(book, site, day))
    return sum(found), None, {"lettings": len(found)}


def economic_occupancy(book: Book, site: int | None, day: int) -> Answer:
    here = lets(book, site, day)
    rent, free, unpriced = sum(let.rent for let in here), 0, 0
    for space, at, *_ in book.spaces:
        in_service = any(s == space and a <= day < b for s, a, b in book.lettable)
        out = any(s == space and a <= day < b for s, a, b in book.out_of_service)
        let = any(row[3] == space and row[4] <= day < row[5] for row in book.stays)
        measured = [m2 for s, a, b, m2 in book.measures if s == space and a <= day < b]
        if site not in (None, at) or not in_service or out or let or not measured:
            continue
        prices = [rate for s, a, b, rate in book.list_prices if s == at and a <= day < b]
        for rate in prices:
            exact = Decimal(rate) / 10_000 * Decimal(measured[0]) / 100
            free += int(exact.quantize(Decimal("0.01"), ROUND_HALF_UP) * 100)
        unpriced += not prices
    beside = {"forgone_centimes": sum(forgone(here)), "free_without_list_price": unpriced}
    return rent, rent + free, beside


def gone_after(day: int, months: int) -> int:
    """The first day that somebody is gone who gives notice on the day."""
    given = dt.date.fromordinal(day) + dt.timedelta(1)
    month = given.month - 1 + months
    year, month = given.year + month // 12, month % 12 + 1
    return dt.date(year, month, min(given.day, calendar.monthrange(year, month)[1])).toordinal()


def walt(book: Book, site: int | None, day: int, *, to_exit: bool) -> Answer:
    above = below = over = endless = 0
    for let in lets(book, site, day):
        if let.until is None:
            continue
        annual = let.rent * 12
        end = let.until
        if end == OPEN or (to_exit and let.months >= 0):
            end = min(end, gone_after(day, let.months))
        below += annual
        above += annual * max(end - day, 0)
        over += annual * (let.until <= day)
        endless += annual * (let.until == OPEN)
    return above, below, {"annual_over_centimes": over, "annual_open_centimes": endless}


def walt_end(book: Book, site: int | None, day: int) -> Answer:
    return walt(book, site, day, to_exit=False)


def walt_exit(book: Book, site: int | None, day: int) -> Answer:
    return walt(book, site, day, to_exit=True)


def arrears(book: Book, site: int | None, day: int) -> Answer:
    late = not_due = 0
    for _, at, _, part, due, start, end, amount in book.owed:
        if part == 0 and site in (None, at) and start <= day < end:
            late, not_due = (late + amount, not_due) if due < day else (late, not_due + amount)
    return late, None, {"not_due_centimes": not_due}


STATES: Final[Mapping[str, Callable[[Book, int | None, int], Answer]]] = {
    "contracted_rent": contracted_rent,
    "rent_per_m2": rent_per_m2,
    "economic_occupancy": economic_occupancy,
    "rent_forgone": rent_forgone,
    "walt_end": walt_end,
    "walt_exit": walt_exit,
    "arrears": arrears,
}
NAMES: Final = (*STATES, "billed_rent")
PROFILES: Final = ("expiry", "ageing")


def figure(book: Book, name: str, site: int | None, day: int) -> Figure:
    if name == "billed_rent":
        return billed_rent(book, site, year_before(day), day + 1)
    numerator, denominator, beside = STATES[name](book, site, day)
    if denominator is None:
        return Figure(numerator, None, Decimal(numerator) / 100, beside, None)
    value = quotient(numerator, Fraction(denominator))
    return Figure(numerator, denominator, value, beside, None)


def billed_rent(book: Book, site: int | None, start: int, end: int) -> Figure:
    rows = [row for row in book.billed if site in (None, row[2]) and start <= row[3] < end]
    total = sum(row[4] for row in rows)
    beside = {"credited_centimes": -sum(row[4] for row in rows if row[4] < 0)}
    window = Period(dt.date.fromordinal(start), dt.date.fromordinal(end))
    return Figure(total, None, Decimal(total) / 100, beside, window)


# Profiles: the lines that are not nothing, and what stands beside


def lines(
    book: Book, name: str, site: int | None, day: int
) -> tuple[dict[int | str, tuple[int, ...]], dict[str, int]]:
    return (expiry if name == "expiry" else ageing)(book, site, day)


def expiry(
    book: Book, site: int | None, day: int
) -> tuple[dict[int | str, tuple[int, ...]], dict[str, int]]:
    everybody = lets(book, site, day)
    found: dict[int | str, list[int]] = defaultdict(lambda: [0, 0, 0])
    today = dt.date.fromordinal(day)
    for let in everybody:
        if let.until is None:
            continue
        last = dt.date.fromordinal(let.until - 1)
        ahead = (last.year - today.year) * 12 + last.month - today.month
        if let.until == OPEN:
            key: int | str = "open_ended"
        elif let.until <= day:
            key = "holding_over"
        else:
            key = "later" if ahead >= 36 else last.replace(day=1).toordinal()
        for place, amount in enumerate((area_of(let, everybody), let.rent, 1)):
            found[key][place] += amount
    beside = {}
    for apart in ("holding_over", "open_ended", "later"):
        amounts = found.pop(apart, [0, 0, 0])
        for code, amount in zip(("centi_m2", "centimes", "lettings"), amounts, strict=True):
            beside[f"{apart}_{code}"] = amount
    return {key: tuple(amounts) for key, amounts in found.items()}, beside


def ageing(
    book: Book, site: int | None, day: int
) -> tuple[dict[int | str, tuple[int, ...]], dict[str, int]]:
    alive = [row for row in book.owed if site in (None, row[1]) and row[5] <= day < row[6]]
    found: dict[int | str, list[int]] = defaultdict(lambda: [0, 0])
    for invoice in {row[2] for row in alive if row[3] == 0}:
        mine = [row for row in alive if row[2] == invoice]
        left, late = sum(row[7] for row in mine), day - mine[0][4]
        if left == 0:
            continue
        if late <= 0:
            band = "not_due"
        elif late <= 30:
            band = "days_1_30"
        elif late <= 60:
            band = "days_31_60"
        else:
            band = "days_61_90" if late <= 90 else "days_over_90"
        found[band][0] += left
        found[band][1] += 1
    beside = {
        f"{part}_centimes": sum(row[7] for row in alive if row[3] == number)
        for number, part in enumerate(("credit", "awaiting", "deposit"), 1)
    }
    return {key: tuple(amounts) for key, amounts in found.items()}, beside
