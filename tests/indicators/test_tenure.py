"""How long companies stay, on examples small enough to read; the survival curve by lifelines."""

import random
from decimal import Decimal
from fractions import Fraction

import pytest

from indicators.asking import figure, rows
from indicators.figure import Figure
from indicators.lines import NO_SHARE
from indicators.profiles import profile
from indicators.tables import NOWHERE, OPEN
from tests.indicators.books import Book
from tests.indicators.checks import lines
from tests.indicators.fates import months_later
from tests.indicators.test_formulas import END_OF_2018, LONG_AGO, YEAR_2018, network, on, stay


def contract(book: Book, company: int, start: int, term: int, *, site: int = 1) -> None:
    """A stay to the end that was agreed of it."""
    stay(book, company, start, term, site=site)
    book.contracts.append((len(book.stays), start, OPEN, 0))
    book.terms.append((len(book.stays), 1, OPEN, term, OPEN, OPEN, 3))


def test_a_renewed_end_is_an_end_that_was_stayed() -> None:
    book = network(1)
    contract(book, 8, LONG_AGO, on("2021-06-01"))
    book.renewals = [(1, on("2018-06-01"))]
    assert figure(book.portfolio(), "retention", 1, END_OF_2018) == Figure(
        1, 1, Decimal("1.000000"), {"contract_ends": 1}, YEAR_2018
    )


def test_a_company_counts_once_by_its_last_end_and_is_sought_at_the_site() -> None:
    """8 renewed in February and left in August; 9 left its second room; 10 moved to site 2."""
    book = network(1, 2)
    contract(book, 8, LONG_AGO, on("2018-08-01"))
    book.renewals = [(1, on("2018-02-01"))]
    contract(book, 9, LONG_AGO, OPEN)
    contract(book, 9, LONG_AGO, on("2018-05-01"))
    contract(book, 10, LONG_AGO, on("2018-07-01"))
    contract(book, 10, on("2018-07-01"), OPEN, site=2)
    portfolio = book.portfolio()
    assert lines(rows(portfolio, "retention", 1, END_OF_2018)) == [
        (1, 8, 1, NOWHERE, LONG_AGO, on("2018-08-01"), 0, 1),
        (1, 8, 1, NOWHERE, LONG_AGO, on("2018-08-01"), 0, 0),
        (3, 9, 1, NOWHERE, LONG_AGO, on("2018-05-01"), 1, 1),
        (4, 10, 1, NOWHERE, LONG_AGO, on("2018-07-01"), 0, 1),
    ]
    told = [figure(portfolio, "retention", site, END_OF_2018) for site in (1, 2, None)]
    assert [(one.numerator, one.denominator) for one in told] == [(1, 3), (0, 0), (2, 3)]


@pytest.mark.parametrize(
    ("end", "day", "counted"),
    [
        ("2019-01-01", "2018-12-31", 1),  # the last day is 31 December 2018
        ("2019-01-01", "2018-12-30", 0),
        ("2018-01-01", "2018-12-31", 0),
        ("2018-01-02", "2018-12-31", 1),
    ],
)
def test_an_end_falls_on_the_last_day_of_the_contract(end: str, day: str, counted: int) -> None:
    book = network(1)
    contract(book, 8, LONG_AGO, on(end))
    assert figure(book.portfolio(), "retention", 1, on(day)).denominator == counted


def test_nobody_knows_yet_whether_who_could_go_today_is_there_tomorrow() -> None:
    book = network(1)
    contract(book, 8, LONG_AGO, END_OF_2018 + 1)
    for today, counted in ((END_OF_2018, 0), (END_OF_2018 + 1, 1)):
        book.present = [(today,)]
        assert figure(book.portfolio(), "retention", 1, END_OF_2018).denominator == counted


def test_the_length_of_stay_is_a_median_of_residencies_and_tells_who_goes_on() -> None:
    """10, 20, 40 and 90 days ended in 2018; a renewal is no end; two are there since 100 days."""
    book = network(1)
    start = on("2018-03-01")
    for company, days in ((1, 10), (2, 20), (3, 40)):
        stay(book, company, start, start + days)
    stay(book, 4, start, start + 30)
    stay(book, 4, start + 30, start + 90)
    for company in (5, 6):
        stay(book, company, END_OF_2018 - 99)
    portfolio = book.portfolio()
    beside = {
        "count": 4,
        "mean_days": 40,
        "still_hosted": 2,
        "hosted_median_days": 100,
        "hosted_mean_days": 100,
        "censored_millionths": 333_333,
        "gap_days": 0,
    }
    assert figure(portfolio, "length_of_stay", 1, END_OF_2018) == Figure(
        60, 2, Decimal("30.000000"), beside, YEAR_2018
    )
    found = rows(portfolio, "length_of_stay", 1, END_OF_2018)
    told = list(zip(found.company.tolist(), found.numerator.tolist(), strict=True))
    assert told == [(1, 0), (2, 20), (3, 40), (4, 0)]
    assert found.more["stayed_days"].tolist() == [10, 20, 40, 90]


def test_sixty_months_count_from_the_first_start_up_letting_anywhere() -> None:
    """8 came to site 1, is an SME at site 2 now; 9 came a day later; 10 never was a start-up."""
    came, over = on("2013-02-28"), on("2018-02-28")
    book = network(1, 2)
    sme = 1
    book.stays = [
        (1, 8, 1, NOWHERE, came, came + 400, 1, 0),
        (2, 8, 2, NOWHERE, came + 700, OPEN, 1, sme),
        (3, 8, 2, NOWHERE, came + 900, OPEN, 1, sme),
        (4, 9, 2, NOWHERE, came + 1, OPEN, 1, 0),
        (5, 10, 2, NOWHERE, LONG_AGO, OPEN, 1, sme),
    ]
    portfolio = book.portfolio()
    told = [figure(portfolio, "beyond_60_months", 2, day) for day in (over - 1, over, over + 1)]
    assert [one.numerator for one in told] == [0, 1, 2]
    assert [one.beside["still_startups"] for one in told] == [0, 0, 1]
    found = rows(portfolio, "beyond_60_months", None, on("2018-12-31"))
    assert found.company.tolist() == [8, 8, 9]
    assert found.numerator.tolist() == [1, 0, 1]
    assert found.more["since_on"].tolist() == [came, came, came + 1]
    assert found.more["stay_months"].tolist() == [70, 70, 69]


def test_survival_of_four_residencies() -> None:
    """One left after exactly a month, one a day later, one is watched for two months, one came
    today."""
    day = on("2018-03-31")
    book = network(1)
    stay(book, 1, on("2018-01-01"), on("2018-02-01"))
    stay(book, 2, on("2018-01-01"), on("2018-02-02"))
    stay(book, 3, on("2018-02-01"))
    stay(book, 4, day)
    found = profile(book.portfolio(), "survival", 1, day)
    assert list(found.keys) == [0, 1, 2]
    assert {code: column.tolist() for code, column in found.values.items()} == {
        "at_risk": [4, 3, 2],
        "left": [0, 1, 1],
        "censored": [1, 0, 1],
        "survival_millionths": [1_000_000, 666_667, 333_333],
    }
    assert found.beside == {
        "residencies": 4,
        "still_hosted": 2,
        "censored_millionths": 500_000,
        "median_months": 2,
    }


def test_survival_is_that_of_lifelines() -> None:
    # Here: it brings pandas, scipy and matplotlib along, which each worker would load to collect.
    from lifelines import KaplanMeierFitter

    chance = random.Random(2018)
    day, book = END_OF_2018, network(1)
    durations, has_left = [], []
    for company in range(800):
        start = day - chance.randrange(6000)
        last = start + min(chance.randrange(1, 6000), chance.randrange(1, 2500))
        stay(book, company, start, last + 1)
        months = 0
        if last <= day:
            while months_later(start, months) <= last:
                months += 1
        else:
            while months_later(start, months + 1) <= day + 1:
                months += 1
        durations.append(months)
        has_left.append(last <= day)
    found = profile(book.portfolio(), "survival", None, day)
    fitted = KaplanMeierFitter().fit(durations, has_left)
    months_told = list(found.keys)
    theirs = fitted.survival_function_at_times(months_told).tolist()
    ours = found.values["survival_millionths"].tolist()
    assert ours == [pytest.approx(share * 1_000_000, abs=0.51) for share in theirs]
    table = fitted.event_table
    for month in table.index:
        line = {code: column[int(month)] for code, column in found.values.items()}
        assert line["left"] == table.loc[month, "observed"]
        assert line["censored"] == table.loc[month, "censored"]
        assert line["at_risk"] == table.loc[month, "at_risk"]
    assert found.beside["median_months"] == fitted.median_survival_time_
    assert found.beside["still_hosted"] == has_left.count(False)


def test_cohorts_tell_who_is_kept_of_those_that_came_long_enough_ago() -> None:
    """Two of 2016, of whom one left in its second year; one of 2018. A gap year has its line."""
    book = network(1)
    stay(book, 1, on("2016-05-01"))
    stay(book, 2, on("2016-06-01"), on("2018-01-01"))
    stay(book, 3, on("2018-05-01"))
    book.sectors = [(1, 7), (2, 7), (2, 9)]
    book.declarations = [(2, on("2018-03-01"), 4)]
    portfolio = book.portfolio()
    found = profile(portfolio, "cohorts_by_year", 1, END_OF_2018)
    assert list(found.keys) == [2016, 2017, 2018]
    measures = {code: column.tolist() for code, column in found.values.items()}
    assert measures == {
        "entered": [2, 0, 1],
        "still_hosted": [1, 0, 1],
        "left": [1, 0, 0],
        "kept_1_millionths": [1_000_000, NO_SHARE, NO_SHARE],
        "kept_2_millionths": [500_000, NO_SHARE, NO_SHARE],
        "kept_3_millionths": [NO_SHARE] * 3,
        "kept_5_millionths": [NO_SHARE] * 3,
        "successful": [1, 0, 1],
        "closed": [1, 0, 0],
        "unknown": [0, 0, 0],
    }
    by_sector = profile(portfolio, "cohorts_by_sector", 1, END_OF_2018)
    assert list(by_sector.keys) == [7, 9, -1]
    assert by_sector.values["entered"].tolist() == [2, 1, 1]
    assert by_sector.beside == {"companies": 3, "in_several": 1}


def test_an_empty_network_has_empty_profiles() -> None:
    portfolio = network(1).portfolio()
    for name in ("survival", "cohorts_by_year", "cohorts_by_sector", "movements_by_year"):
        found = profile(portfolio, name, 1, END_OF_2018)
        assert list(found.keys) == []
        assert all(len(column) == 0 for column in found.values.values())
    ahead = profile(portfolio, "outlook", 1, END_OF_2018)
    assert len(ahead.keys) == 24
    assert set(ahead.values["low_millionths"].tolist()) == {NO_SHARE}
    assert profile(portfolio, "movements", 1, END_OF_2018).values["closing"].sum() == Fraction(0)
