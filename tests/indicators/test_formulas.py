"""The small examples that must hold, and the whole figure of each indicator."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest

from core.periods import Period
from indicators.asking import Movements, figure, movements, period_figure, series
from indicators.choices import Theme
from indicators.figure import Figure
from indicators.formulas import INDICATORS
from indicators.tables import NOWHERE, OPEN
from tests.indicators.books import Book

YEAR_2018 = Period(dt.date(2018, 1, 1), dt.date(2019, 1, 1))
LONG_AGO = dt.date(2001, 10, 1).toordinal()


def on(text: str) -> int:
    return dt.date.fromisoformat(text).toordinal()


END_OF_2018 = on("2018-12-31")


def network(*sites: int) -> Book:
    return Book(sites=[(site, LONG_AGO, OPEN) for site in sites])


def stay(
    book: Book, company: int, start: int, end: int = OPEN, *, site: int = 1, hosted: bool = True
) -> None:
    book.stays.append((len(book.stays) + 1, company, site, NOWHERE, start, end, hosted))


def hub_of(companies: int, entries: int) -> Book:
    """A constant number of companies all through 2018: each entry takes a leaver's place."""
    book = network(1)
    for company in range(companies):
        if company < entries:
            change = on("2018-01-01") + company
            stay(book, company, LONG_AGO, change)
            stay(book, 1000 + company, change)
        else:
            stay(book, company, LONG_AGO)
    return book


def test_coworking_members_do_not_swell_the_turnover() -> None:
    book = hub_of(60, 6)
    for seat in range(35):  # each seat changes hands twice: 70 entries of members
        for member, (start, end) in enumerate(
            [
                (LONG_AGO, on("2018-03-01")),
                (on("2018-03-01"), on("2018-08-01")),
                (on("2018-08-01"), OPEN),
            ]
        ):
            stay(book, 5000 + 10 * seat + member, start, end, hosted=False)
    assert figure(book.portfolio(), "turnover", 1, END_OF_2018) == Figure(
        numerator=6,
        denominator=Fraction(60),
        value=Decimal("0.100000"),
        beside={
            "new": 6,
            "returning": 0,
            "others": 70,
            "bridged": 0,
            "gap_days": 0,
            "company_days": 60 * 365,
            "other_company_days": 35 * 365,
            "days": 365,
        },
        window=YEAR_2018,
    )


def test_75_entries_on_an_average_of_300_are_25_percent() -> None:
    portfolio = hub_of(300, 75).portfolio()
    found = figure(portfolio, "turnover", None, END_OF_2018)
    assert (found.numerator, found.denominator) == (75, Fraction(300))
    assert found.value == Decimal("0.250000")
    left = figure(portfolio, "departure_rate", None, END_OF_2018)
    # The first change is on 1 January: that company's last day was 31 December 2017.
    assert (left.numerator, left.denominator) == (74, Fraction(300))
    assert left.value == Decimal("0.246667")


def test_twenty_renewals_signed_a_week_late_change_nothing() -> None:
    """Before they are signed the tenants hold over; then the renewal starts at the old end."""
    old_end = on("2018-06-01")
    waiting, renewed, simple = network(1), network(1), network(1)
    for company in range(20):
        stay(waiting, company, LONG_AGO)
        stay(renewed, company, LONG_AGO, old_end)
        stay(renewed, company, old_end)
        stay(simple, company, LONG_AGO)
    expected = [
        figure(simple.portfolio(), name, site, day)
        for name in INDICATORS
        for site in (1, None)
        for day in (old_end - 1, old_end, old_end + 7, END_OF_2018)
    ]
    for book in (waiting, renewed):
        portfolio = book.portfolio()
        assert expected == [
            figure(portfolio, name, site, day)
            for name in INDICATORS
            for site in (1, None)
            for day in (old_end - 1, old_end, old_end + 7, END_OF_2018)
        ]
    assert movements(renewed.portfolio(), 1, on("2018-01-01"), on("2019-01-01")) == Movements(
        opening=20, entries=0, new=0, returning=0, exits=0, closing=20, gap_days=0
    )


def test_a_lease_to_31_december_2018_is_an_exit_of_2018() -> None:
    book = network(1)
    stay(book, 8, LONG_AGO, on("2019-01-01"))
    portfolio = book.portfolio()
    assert movements(portfolio, 1, on("2018-01-01"), on("2019-01-01")) == Movements(
        opening=1, entries=0, new=0, returning=0, exits=1, closing=0, gap_days=0
    )
    assert movements(portfolio, 1, on("2019-01-01"), on("2020-01-01")) == Movements(
        opening=0, entries=0, new=0, returning=0, exits=0, closing=0, gap_days=0
    )
    assert figure(portfolio, "hosted", 1, END_OF_2018).numerator == 1
    assert figure(portfolio, "hosted", 1, END_OF_2018 + 1).numerator == 0


def test_a_remeasured_office_is_full_not_more() -> None:
    measured_again = on("2018-07-01")
    book = network(1)
    book.spaces = [(11, 1, 1)]
    book.lettable = [(11, LONG_AGO, OPEN)]
    book.measures = [
        (11, LONG_AGO, measured_again, 100_00),
        (11, measured_again, OPEN, 95_00),
    ]
    book.stays = [(1, 8, 1, 11, LONG_AGO, OPEN, True)]
    portfolio = book.portfolio()
    beside = {"held_centi_m2": 0, "out_of_service_centi_m2": 0, "lettings_without_area": 0}
    full = Decimal("1.000000")
    assert series(
        portfolio, "occupancy_area", 1, [measured_again, measured_again - 1]
    ).figures() == [
        Figure(95_00, 95_00, full, beside, None),
        Figure(100_00, 100_00, full, beside, None),
    ]
    days = 181 * 100_00 + 184 * 95_00
    assert period_figure(
        portfolio, "occupancy_area", None, on("2018-01-01"), on("2019-01-01")
    ) == Figure(days, days, full, beside, YEAR_2018)


def test_the_first_day_belongs_to_the_period_and_the_end_does_not() -> None:
    book = network(1)
    stay(book, 8, on("2018-01-01"), on("2019-01-01"))
    stay(book, 9, on("2019-01-01"))
    portfolio = book.portfolio()
    assert movements(portfolio, 1, on("2018-01-01"), on("2019-01-01")) == Movements(
        opening=0, entries=1, new=1, returning=0, exits=1, closing=0, gap_days=0
    )
    assert movements(portfolio, 1, on("2019-01-01"), on("2019-01-02")) == Movements(
        opening=0, entries=1, new=1, returning=0, exits=0, closing=1, gap_days=0
    )


def test_a_move_between_sites_is_nothing_for_the_network() -> None:
    book = network(1, 2)
    stay(book, 8, LONG_AGO, on("2018-05-01"), site=1)
    stay(book, 8, on("2018-05-01"), site=2)
    portfolio = book.portfolio()
    period = on("2018-01-01"), on("2019-01-01")
    assert [movements(portfolio, site, *period) for site in (1, 2, None)] == [
        Movements(opening=1, entries=0, new=0, returning=0, exits=1, closing=0, gap_days=0),
        Movements(opening=0, entries=1, new=1, returning=0, exits=0, closing=1, gap_days=0),
        Movements(opening=1, entries=0, new=0, returning=0, exits=0, closing=1, gap_days=0),
    ]


def test_a_company_at_two_sites_is_one_and_the_overlap_is_printed() -> None:
    book = network(1, 2)
    stay(book, 8, LONG_AGO, site=1)
    stay(book, 8, LONG_AGO, site=2)
    stay(book, 9, LONG_AGO, site=2, hosted=False)
    portfolio = book.portfolio()
    assert figure(portfolio, "hosted", None, END_OF_2018) == Figure(
        1, None, Decimal(1), {"others": 1, "overlap": 1}, None
    )
    assert figure(portfolio, "ever_hosted", None, END_OF_2018) == Figure(
        1, None, Decimal(1), {"others": 1, "overlap": 1}, None
    )
    assert figure(portfolio, "hosted", 2, END_OF_2018) == Figure(
        1, None, Decimal(1), {"others": 1}, None
    )


def test_a_bridged_absence_is_neither_exit_nor_entry() -> None:
    book = network(1)
    stay(book, 8, LONG_AGO, on("2018-03-01"))
    stay(book, 8, on("2018-03-31"))  # thirty days away
    portfolio = book.portfolio()
    beside = {"new": 0, "returning": 1, "others": 0, "bridged": 0, "gap_days": 29}
    assert figure(portfolio, "entries", 1, END_OF_2018, gap_days=29) == Figure(
        1, None, Decimal(1), beside, YEAR_2018
    )
    beside |= {"returning": 0, "bridged": 1, "gap_days": 30}
    assert figure(portfolio, "entries", 1, END_OF_2018, gap_days=30) == Figure(
        0, None, Decimal(0), beside, YEAR_2018
    )
    away = figure(portfolio, "hosted", 1, on("2018-03-15"), gap_days=30)
    assert away.numerator == 0  # bridging joins residencies; it does not invent presence


def test_a_young_site_has_entries_and_no_rate() -> None:
    book = Book(sites=[(1, on("2018-01-01"), OPEN), (2, on("2018-01-02"), OPEN)])
    for site in (1, 2):
        stay(book, site, on("2018-02-01"), site=site)
    portfolio = book.portfolio()
    average = Fraction(334, 365)
    old, young, planned_whole = (
        figure(portfolio, "turnover", site, END_OF_2018) for site in (1, 2, None)
    )
    assert (old.numerator, old.denominator, old.value) == (1, average, Decimal("1.092814"))
    assert (young.numerator, young.denominator, young.value) == (1, average, None)
    assert (planned_whole.numerator, planned_whole.denominator) == (2, 2 * average)
    assert planned_whole.value == Decimal("1.092814")
    assert figure(portfolio, "entries", 2, END_OF_2018).value == Decimal(1)


def test_planned_sites_are_left_out_of_occupancy_by_company() -> None:
    book = Book(
        sites=[(1, LONG_AGO, OPEN), (2, LONG_AGO, OPEN), (4, OPEN, OPEN)],
        capacities=[(1, LONG_AGO, OPEN, 4), (2, LONG_AGO, OPEN, 4), (4, LONG_AGO, OPEN, 80)],
    )
    for site in (1, 2, 4):
        stay(book, 8, LONG_AGO, site=site)
    portfolio = book.portfolio()
    assert [figure(portfolio, "occupancy_company", site, END_OF_2018) for site in (None, 4)] == [
        Figure(2, 8, Decimal("0.250000"), {"open_sites": 2, "sites_without_capacity": 0}, None),
        Figure(0, 0, None, {"open_sites": 0, "sites_without_capacity": 0}, None),
    ]


def test_units_count_offices_and_show_the_desks_beside() -> None:
    book = network(1)
    book.spaces = [(11, 1, 1), (12, 1, 1), (13, 1, 1), (21, 1, 2), (22, 1, 2), (31, 1, 0)]
    book.lettable = [(space, LONG_AGO, OPEN) for space, _, _ in book.spaces]
    book.out_of_service = [(13, LONG_AGO, OPEN)]
    book.stays = [
        (1, 8, 1, 11, LONG_AGO, OPEN, True),
        (2, 9, 1, 21, LONG_AGO, OPEN, False),
        (3, 9, 1, 31, LONG_AGO, OPEN, False),
    ]
    assert figure(book.portfolio(), "occupancy_unit", 1, END_OF_2018) == Figure(
        1,
        2,
        Decimal("0.500000"),
        {"held": 0, "out_of_service": 1, "desks_let": 1, "desks": 2},
        None,
    )


def test_area_out_of_service_leaves_the_denominator() -> None:
    """Room 13 is being repaired; room 14 is let and not yet measured: it counts on no side."""
    book = network(1)
    book.spaces = [(space, 1, 1) for space in (11, 12, 13, 14)]
    book.lettable = [(space, LONG_AGO, OPEN) for space, _, _ in book.spaces]
    book.measures = [(space, LONG_AGO, OPEN, 20_00) for space in (11, 12, 13)]
    book.out_of_service = [(13, LONG_AGO, OPEN)]
    book.stays = [
        (1, 8, 1, 11, LONG_AGO, OPEN, True),
        (2, 9, 1, 14, LONG_AGO, OPEN, True),
    ]
    assert figure(book.portfolio(), "occupancy_area", 1, END_OF_2018) == Figure(
        20_00,
        40_00,
        Decimal("0.500000"),
        {"held_centi_m2": 0, "out_of_service_centi_m2": 20_00, "lettings_without_area": 1},
        None,
    )


def test_what_is_held_is_not_let_and_stands_apart() -> None:
    """Room 12 is held since 1 May, for June to August; room 11 by an offer of which the lease came
    late, so that it is let in June; room 13 was held until the offer fell away. Nobody holds 14."""
    book = network(1)
    book.spaces = [(space, 1, 1) for space in (11, 12, 13, 14)]
    book.lettable = [(space, LONG_AGO, OPEN) for space, _, _ in book.spaces]
    book.measures = [(space, LONG_AGO, OPEN, 25_00) for space, _, _ in book.spaces]
    book.stays = [(1, 8, 1, 11, on("2018-06-01"), OPEN, True)]
    may, june, july = on("2018-05-01"), on("2018-06-01"), on("2018-07-01")
    book.holds = [
        (11, june, OPEN, may, july),
        (12, june, on("2018-09-01"), may, OPEN),
        (13, may, OPEN, may, july),
    ]
    days = [may, june, july, on("2018-09-01")]
    by_area = series(book.portfolio(), "occupancy_area", 1, days).figures()
    by_unit = series(book.portfolio(), "occupancy_unit", 1, days).figures()
    assert [one.beside["held_centi_m2"] for one in by_area] == [75_00, 50_00, 25_00, 0]
    assert [one.beside["held"] for one in by_unit] == [3, 2, 1, 0]
    assert [(one.numerator, one.denominator) for one in by_area] == [
        (0, 100_00),
        *[(25_00, 100_00)] * 3,
    ]


def test_ever_hosted_counts_a_returning_company_once() -> None:
    book = network(1)
    stay(book, 8, on("2018-01-01"), on("2018-02-01"))
    stay(book, 8, on("2018-06-01"))
    stay(book, 9, on("2018-12-31"))
    days = [on("2017-12-31"), on("2018-01-01"), on("2018-03-01"), END_OF_2018]
    assert series(book.portfolio(), "ever_hosted", 1, days).values() == [0, 1, 1, 2]


def test_an_empty_network_has_no_figure_to_divide() -> None:
    portfolio = Book().portfolio()
    values = {name: figure(portfolio, name, None, END_OF_2018).value for name in INDICATORS}
    assert values == {
        name: Decimal(0) if one.denominator is None else None for name, one in INDICATORS.items()
    }
    assert series(portfolio, "turnover", None, []).figures() == []
    assert series(portfolio, "hosted", None, []).figures() == []


def test_what_cannot_be_asked() -> None:
    portfolio = network(1).portfolio()
    with pytest.raises(ValueError, match="ever_hosted is a state of a day"):
        period_figure(portfolio, "ever_hosted", 1, 100, 200)
    with pytest.raises(ValueError, match="an empty period"):
        period_figure(portfolio, "entries", 1, 200, 200)
    with pytest.raises(ValueError, match="gap_days is negative"):
        figure(portfolio, "entries", 1, 200_000, gap_days=-1)
    with pytest.raises(ValueError, match="an unknown site"):
        figure(portfolio, "hosted", 9, 200_000)
    with pytest.raises(KeyError, match="mood"):
        figure(portfolio, "mood", 1, 200_000)


def test_the_registry_has_the_names_of_people_and_space_and_those_of_stays() -> None:
    listed = {
        name: (one.unit, one.grain, one.numerator, one.denominator)
        for name, one in INDICATORS.items()
        if one.theme not in {Theme.ADMISSION, Theme.RENT, Theme.MONEY}
    }
    assert listed == {
        "hosted": ("companies", "day", "hosted_companies", None),
        "ever_hosted": ("companies", "day", "companies_ever_hosted", None),
        "occupancy_area": ("ratio", "day", "let_centi_m2", "centi_m2_in_service"),
        "occupancy_unit": ("ratio", "day", "let_units", "units_in_service"),
        "occupancy_company": (
            "ratio",
            "day",
            "presences_at_open_sites",
            "capacity_of_open_sites",
        ),
        "entries": ("residencies", "twelve_months", "residencies_started", None),
        "exits": ("residencies", "twelve_months", "residencies_ended", None),
        "turnover": ("ratio", "twelve_months", "residencies_started", "average_hosted"),
        "departure_rate": ("ratio", "twelve_months", "residencies_ended", "average_hosted"),
        "retention": (
            "ratio",
            "twelve_months",
            "companies_still_there",
            "companies_whose_contract_ended",
        ),
        "length_of_stay": (
            "days",
            "twelve_months",
            "stayed_days_of_the_middle",
            "residencies_in_the_middle",
        ),
        "beyond_60_months": ("companies", "day", "companies_beyond_60_months", None),
        "holding_over": ("companies", "day", "companies_holding_over", None),
    } | dict.fromkeys(
        (
            "success_since_entry_18",
            "success_since_entry_24",
            "success_since_entry_60",
            "success_since_exit_18",
            "success_since_exit_24",
            "success_since_exit_60",
        ),
        ("ratio", "day", "successful_companies", "companies_with_known_outcome"),
    )
