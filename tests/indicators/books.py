"""Small invented networks: plain rows that both the engine and the oracle can read."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from itertools import pairwise
from typing import Final, NamedTuple, TypeVar

from hypothesis import strategies as st

from core.periods import add_months
from indicators.portfolio import Portfolio
from indicators.tables import (
    CLOSED,
    FILE_STATES,
    NOWHERE,
    OPEN,
    UNKNOWN,
    Awaited,
    Billed,
    Capacities,
    Contracts,
    Declarations,
    Files,
    Holds,
    ListPrices,
    Measures,
    Owed,
    Places,
    Present,
    Renewals,
    Rents,
    Sectors,
    Sites,
    SpacePeriods,
    Spaces,
    Stays,
    Table,
    Terms,
    Trail,
    Walls,
)

Row = tuple[int, ...]

# Random networks live on these days: they hold a 29 February and more than one window.
FIRST = dt.date(2018, 9, 1).toordinal()
SPAN = 1000
HORIZON = FIRST + SPAN + 100  # whoever is hosted here is open-ended


T = TypeVar("T", bound=Table)
FETCHED: Final[Mapping[type[Table], str]] = {
    Declarations: "declarations",
    Sectors: "sectors",
    Files: "files",
    Trail: "trail",
    Awaited: "awaited",
    Places: "places",
    Contracts: "contracts",
    Renewals: "renewals",
    Holds: "holds",
    Present: "present",
    Rents: "rents",
    Terms: "terms",
    ListPrices: "list_prices",
    Billed: "billed",
    Owed: "owed",
    Walls: "walls",
}


@dataclass
class Book:
    """The tables of a Portfolio as lists of rows, in the order of the tables' fields."""

    stays: list[Row] = field(default_factory=list)
    measures: list[Row] = field(default_factory=list)
    lettable: list[Row] = field(default_factory=list)
    out_of_service: list[Row] = field(default_factory=list)
    spaces: list[Row] = field(default_factory=list)
    capacities: list[Row] = field(default_factory=list)
    sites: list[Row] = field(default_factory=list)
    declarations: list[Row] = field(default_factory=list)
    sectors: list[Row] = field(default_factory=list)
    files: list[Row] = field(default_factory=list)
    trail: list[Row] = field(default_factory=list)
    awaited: list[Row] = field(default_factory=list)
    places: list[Row] = field(default_factory=list)
    contracts: list[Row] = field(default_factory=list)
    renewals: list[Row] = field(default_factory=list)
    holds: list[Row] = field(default_factory=list)
    present: list[Row] = field(default_factory=lambda: [(OPEN,)])
    rents: list[Row] = field(default_factory=list)
    terms: list[Row] = field(default_factory=list)
    list_prices: list[Row] = field(default_factory=list)
    billed: list[Row] = field(default_factory=list)
    owed: list[Row] = field(default_factory=list)
    walls: list[Row] = field(default_factory=list)

    def portfolio(self) -> Portfolio:
        return Portfolio(
            stays=Stays.of(_filled(Stays, self.stays)),
            measures=Measures.of(self.measures),
            lettable=SpacePeriods.of(self.lettable),
            out_of_service=SpacePeriods.of(self.out_of_service),
            spaces=Spaces.of(_filled(Spaces, self.spaces)),
            capacities=Capacities.of(self.capacities),
            sites=Sites.of(self.sites),
            fetch=self.fetch,
        )

    def fetch(self, table: type[T]) -> T:
        """The tables that few figures need."""
        return table.of(_filled(table, getattr(self, FETCHED[table])))


def _filled(table: type[Table], rows: list[Row]) -> list[Row]:
    """Rows written by hand leave out the kinds and buildings that they do not ask about."""
    width = len(fields(table))
    return [(*row, *[0] * (width - len(row))) for row in rows]


# Most days lie close to a few anchors, so that periods touch, overlap and leave small gaps.
days = st.one_of(
    st.builds(
        int.__add__, st.sampled_from([0, 364, 546, 900]), st.sampled_from([0, 1, 2, 3, 30, 31])
    ),
    st.integers(min_value=0, max_value=SPAN),
).map(lambda offset: FIRST + offset)


@st.composite
def periods(draw: st.DrawFn, most: int = 4) -> list[tuple[int, int]]:
    """Periods that do not overlap; many touch, the last may be open-ended."""
    cuts = sorted(draw(st.sets(days, max_size=most + 1)))
    if draw(st.booleans()):
        cuts.append(OPEN)
    return [pair for pair in pairwise(cuts) if draw(st.integers(0, 3)) > 0]


@st.composite
def any_period(draw: st.DrawFn) -> tuple[int, int]:
    start = draw(days)
    length = draw(st.one_of(st.integers(1, 5), st.integers(1, SPAN), st.none()))
    return start, OPEN if length is None else min(start + length, FIRST + SPAN + 1)


def months_after_moves(book: Book, months: list[int]) -> st.SearchStrategy[int]:
    """Days at, or just before or after, so many months after somebody came or left."""
    moves = {day for row in book.stays for day in (row[4], row[5] - 1) if day < HORIZON}

    def after(day: int, count: int, shift: int) -> int:
        return add_months(dt.date.fromordinal(day), count).toordinal() + shift

    return st.builds(
        after,
        st.sampled_from(sorted(moves or {FIRST})),
        st.sampled_from(months),
        st.sampled_from([-1, 0, 0, 1]),
    )


@st.composite
def admission(draw: st.DrawFn, book: Book, site_ids: list[int]) -> None:
    """Files with their trails, requests and places, put into the book."""
    for file in range(1, draw(st.integers(0, 5)) + 1):
        received = draw(days)
        target = draw(st.sampled_from([-1, 0, 5, 30]))
        book.files.append((file, draw(st.sampled_from(site_ids)), received, target))
        day = received
        for state in draw(st.lists(st.integers(0, len(FILE_STATES) - 1), max_size=5)):
            book.trail.append((file, day, state, draw(st.integers(0, 2)) == 0))
            day += draw(st.sampled_from([0, 1, 7, 40]))
        for start, end in draw(periods(2)):
            book.awaited.append((file, start, end))
        if draw(st.booleans()):
            entered, days_there = draw(days), draw(st.sampled_from([0, 1, 90, OPEN]))
            left = min(entered + days_there, OPEN)
            book.places.append((file, draw(st.sampled_from(site_ids)), entered, left))


@st.composite
def contracts(draw: st.DrawFn, book: Book) -> None:
    """What was agreed of lettings, one of them of nobody: to their end, past it or short of it,
    with whatever came between; offers of spaces; and the day on which all that was read, put into
    the book."""

    def near(*some: int) -> int:
        one = draw(st.sampled_from([day for day in some if day != OPEN] or [FIRST]))
        return one + draw(st.sampled_from([-30, -1, 0, 0, 1, 200]))

    for letting, _, _, _, start, end, *_ in [*book.stays, (999, 1, 1, 1, FIRST, OPEN)]:
        if draw(st.integers(0, 5)) > 0:
            left, assigned = draw(st.sampled_from([OPEN, end])), draw(st.integers(0, 5)) == 0
            book.contracts.append((letting, near(start), left, assigned))
        cuts = sorted(draw(st.sets(days, max_size=2)))
        for low, high in pairwise([1, *cuts, OPEN]):
            term = draw(st.sampled_from([end, end, OPEN, near(start, end), near(start) + 400]))
            early, notice = (
                draw(st.sampled_from([OPEN, OPEN, near(start, end)])) for _ in ("room", "lease")
            )
            months = draw(st.sampled_from([0, 1, 1, 3]))
            book.terms.append((letting, low, high, term, early, notice, months))
        if draw(st.integers(0, 2)) == 0:
            book.renewals.append((letting, near(start, end)))
    for space, *_ in book.spaces:
        for start, end in draw(periods(1)):
            over = draw(st.sampled_from([start, OPEN]))
            book.holds.append((space, start, end, near(start), over))
    book.present = [(draw(st.one_of(st.just(OPEN), days)),)]


@st.composite
def books(draw: st.DrawFn) -> Book:
    """A network of one to three sites with whatever may befall it."""
    book = Book()
    site_ids = draw(st.lists(st.sampled_from([2, 3, 7, 40]), min_size=1, max_size=3, unique=True))
    companies = st.integers(1, 4)
    for site in site_ids:
        opened = draw(st.one_of(st.just(FIRST - 500), st.just(OPEN), days))
        closed = draw(st.one_of(st.just(OPEN), days))
        book.sites.append((site, opened, max(opened, closed)))
        for start, end in draw(periods(3)):
            book.capacities.append((site, start, end, draw(st.integers(0, 4))))
    for space in draw(st.lists(st.integers(1, 400), max_size=5, unique=True)):
        site = draw(st.sampled_from(site_ids))
        group, building, kind = (
            draw(st.integers(0, 2)),
            draw(st.integers(1, 2)),
            draw(st.integers(0, 2)),
        )
        book.spaces.append((space, site, group, building, kind))
        book.lettable += [(space, *period) for period in draw(periods(3))]
        for start, end in draw(periods(3)):
            book.measures.append((space, start, end, draw(st.integers(1, 99_999))))
        for start, end in draw(periods(5)):
            if draw(st.integers(0, 2)) == 0:
                book.out_of_service.append((space, start, end))
            else:
                hosted = draw(st.integers(0, 3)) > 0
                letting = len(book.stays) + 1
                kind = draw(st.integers(0, 2))
                stay = (letting, draw(companies), site, space, start, end, hosted, kind)
                book.stays.append(stay)
    for start, end in draw(st.lists(any_period(), max_size=6)):
        site, hosted = draw(st.sampled_from(site_ids)), draw(st.booleans())
        letting = len(book.stays) + 1
        kind = draw(st.integers(0, 2))
        book.stays.append((letting, draw(companies), site, NOWHERE, start, end, hosted, kind))
    book.stays = draw(st.permutations(book.stays))
    for old, new in pairwise(row[0] for row in book.spaces):
        if draw(st.booleans()):
            book.walls.append((old, new, draw(days)))
    sector = st.tuples(companies, st.integers(1, 2))
    book.sectors = sorted(draw(st.sets(sector, max_size=5)))
    draw(admission(book, site_ids))
    draw(contracts(book))
    draw(rents(book))
    draw(money(book, site_ids))
    when = st.one_of(days, months_after_moves(book, [0, 0, 18, 24, 60]))
    declaration = st.tuples(st.integers(1, 5), when, st.integers(UNKNOWN, CLOSED))
    book.declarations = draw(st.lists(declaration, max_size=8))
    return book


@st.composite
def rents(draw: st.DrawFn, book: Book) -> None:
    """What each letting asks, one of them of nobody; list prices."""
    for letting, company, site, _, start, *_ in [*book.stays, (999, 1, 1, 1, FIRST, OPEN)]:
        lease = site * 10 + company
        area = draw(st.sampled_from([0, 1, 1250, 99_999]))
        nothing = draw(st.integers(0, 3)) == 0
        ends = sorted(draw(st.sets(days.filter(start.__lt__), max_size=2)))
        for low, high in pairwise([start, *ends, OPEN]):
            full = 0 if nothing else draw(st.integers(0, 999_999))
            rent = full - draw(st.sampled_from([0, 0, full // 3, full]))
            listed = draw(st.sampled_from([0, 0, 500_000]))
            book.rents.append(
                (letting, lease, low, high, rent, full, listed, area, full, area > 0, nothing)
            )
    for site, *_ in book.sites:
        for start, end in draw(periods(2)):
            book.list_prices.append((site, start, end, draw(st.sampled_from([0, 1, 1_333_333]))))


@st.composite
def money(draw: st.DrawFn, book: Book, site_ids: list[int]) -> None:
    """Invoices with what settled them, and what else stands in the accounts."""
    sites, amounts = st.sampled_from(site_ids), st.integers(-99_999, 999_999)
    bill = st.tuples(st.integers(1, 4), sites, days, amounts)
    book.billed = [(n, *row) for n, row in enumerate(draw(st.lists(bill, max_size=5)))]
    for invoice in range(draw(st.integers(0, 3))):
        issued, site = draw(days), draw(sites)
        asked, due = draw(st.integers(1, 999_999)), issued + draw(st.sampled_from([0, 1, 30]))
        book.owed.append((1, site, invoice, 0, due, issued, OPEN, asked))
        for paid in draw(st.lists(st.sampled_from([asked // 2, asked // 3]), max_size=2)):
            on = issued + draw(st.sampled_from([0, 1, 31, 32, 61, 91, 200]))
            book.owed.append((1, site, invoice, 0, due, on, OPEN, -paid))
        if draw(st.integers(0, 4)) == 0:
            book.owed.append((1, site, invoice, 0, due, issued, OPEN, -asked))
    for start, end in draw(st.lists(any_period(), max_size=3)):
        book.owed.append(
            (2, draw(sites), -1, draw(st.integers(1, 3)), 0, start, end, draw(amounts))
        )


class Case(NamedTuple):
    """A network and what is asked of it: days (at least two), the gap that is bridged, and days
    long after, on which companies begin or cease to be followed."""

    book: Book
    days: list[int]
    gap_days: int
    days_after: list[int]

    @property
    def scopes(self) -> list[int | None]:
        """The network and each of its sites."""
        return [None, *(row[0] for row in self.book.sites)]

    @property
    def period(self) -> tuple[int, int]:
        return min(self.days), max(self.days) + 1


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Asks mostly about the days on which something happens, or just before, or a year after."""
    book = draw(books())
    happen = {day for row in book.stays for day in row[4:6] if day != OPEN} or {FIRST}
    near = st.builds(
        int.__add__, st.sampled_from(sorted(happen)), st.sampled_from([-1, 0, 1, 364, 365])
    ).filter(lambda day: day < HORIZON)
    asked = draw(st.lists(st.one_of(near, near, days), min_size=2, max_size=5))
    after = months_after_moves(book, [18, 24, 30, 36, 60, 72])
    declared = [row[1] for row in book.declarations] or [FIRST]
    followed = draw(st.lists(st.one_of(after, after, st.sampled_from(declared)), max_size=6))
    return Case(book, asked, draw(st.sampled_from([0, 1, 2, 30])), followed)
