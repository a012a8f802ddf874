"""The rent engine: examples from outside, properties, and a slow oracle that agrees."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.money import split
from core.periods import Period
from leases.proration import months_in
from leases.rent import ONCE, Line, VatPeriod, cut, rent_due
from leases.terms import (
    ChargeTerms,
    DiscountTerms,
    LeaseTerms,
    LettingTerms,
    Rhythm,
    as_json,
    from_json,
)
from sites.rates import Step
from tests.leases import oracle, portfolios

day = dt.date
EVER = Period(day(2001, 1, 1))
HALF_A_CENTIME = Fraction(1, 200)


def of_rent(*steps: tuple[dt.date, dt.date, str], **given: Any) -> LeaseTerms:
    """One letting at a flat rent a month; each step from its first to its last day."""
    made = tuple(Step(Period.through(first, last), Decimal(rate)) for first, last, rate in steps)
    period = Period(made[0].period.start, made[-1].period.end)
    letting = LettingTerms(
        space_id=1, space="A1", area_m2=Decimal(10), period=period, unit="flat", steps=made, **given
    )
    return LeaseTerms(1, "sme", period, Decimal(0), (letting,))


def amounts(terms: LeaseTerms, first: dt.date, last: dt.date) -> list[str]:
    return [str(line.amount) for line in rent_due(terms, Period.through(first, last)).lines]


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (day(2018, 1, 5), day(2018, 1, 31), Fraction(27, 31)),
        (day(2018, 2, 1), day(2018, 2, 25), Fraction(25, 28)),
        (day(2018, 2, 1), day(2018, 2, 14), Fraction(1, 2)),
        (day(2018, 2, 15), day(2018, 2, 28), Fraction(1, 2)),
        (day(2018, 4, 16), day(2018, 4, 30), Fraction(1, 2)),
        (day(2018, 1, 31), day(2018, 1, 31), Fraction(1, 31)),
        (day(2018, 1, 31), day(2018, 2, 28), Fraction(1, 31) + 1),
        (day(2018, 3, 15), day(2018, 4, 30), Fraction(17, 31) + 1),
        (day(2024, 1, 1), day(2024, 12, 31), Fraction(12)),
    ],
)
def test_months_and_parts_of_months(first: dt.date, last: dt.date, months: Fraction) -> None:
    period = Period.through(first, last)
    assert months_in(period) == months
    one = rent_due(of_rent((first, last, "1")), period)
    assert sum((line.months for line in one.lines), Fraction(0)) == months


def test_a_step_in_the_middle_of_a_month() -> None:
    terms = of_rent(
        (day(2026, 1, 1), day(2026, 1, 15), "1000"), (day(2026, 1, 16), day(2026, 12, 31), "1100")
    )
    assert amounts(terms, day(2026, 1, 1), day(2026, 1, 31)) == ["483.87", "567.74"]
    january = rent_due(terms, Period.through(day(2026, 1, 1), day(2026, 1, 31)))
    assert january.net == Decimal("1051.61")


def test_a_lease_over_three_months_bills_two_parts_and_a_whole() -> None:
    terms = of_rent((day(2018, 1, 15), day(2018, 3, 14), "1000"))
    year = rent_due(terms, Period.through(day(2018, 1, 1), day(2018, 12, 31)))
    shares = [Fraction(17, 31), Fraction(1), Fraction(14, 31)]
    assert [line.months for line in year.lines] == shares
    assert [str(line.amount) for line in year.lines] == ["548.39", "1000.00", "451.61"]


def test_a_third_of_a_thousand_goes_to_the_same_months_each_time() -> None:
    assert split(Decimal(1000), [1, 1, 1]) == [
        Decimal("333.34"),
        Decimal("333.33"),
        Decimal("333.33"),
    ]


def test_a_billing_term_is_one_line_with_what_was_agreed_for_it() -> None:
    """1,000 DH a quarter is 1,000 DH, not three times its rounded third."""
    parking = ChargeTerms(
        7, "parking", "P1", Period.through(day(2026, 1, 1), day(2026, 8, 15)), "per_term",
        Decimal(1000), Rhythm(3),
    )  # fmt: skip
    rent = of_rent((day(2026, 1, 1), day(2026, 12, 31), "0"))
    terms = LeaseTerms(1, "sme", rent.period, Decimal(0), rent.lettings, (parking,))
    year = rent_due(terms, rent.period)
    lines = [line for line in year.lines if line.charge_id == 7]
    assert [str(line.amount) for line in lines] == ["1000.00", "1000.00", "494.62"]
    assert lines[2].months == 1 + Fraction(15, 31)


def test_discounts_charges_vat_and_what_is_forgone() -> None:
    year = Period.through(day(2026, 1, 1), day(2026, 12, 31))
    letting = LettingTerms(
        id=3,
        charge_id=30,
        space_id=1,
        space="A1",
        area_m2=Decimal("24.50"),
        period=year,
        unit="per_m2",
        steps=(Step(year, Decimal(50)),),
        rhythm=Rhythm(vat_subject="office"),
        list_rate=Decimal(100),
        discounts=(
            DiscountTerms(
                Period.through(day(2026, 1, 1), day(2026, 1, 15)), "percent", Decimal(20), "Travaux"
            ),
        ),
        charges=(
            ChargeTerms(31, "service", "", year, "per_m2", Decimal("8.5"), Rhythm()),
            ChargeTerms(
                32, "one_off", "Badge", Period.through(day(2026, 1, 9), day(2026, 1, 9)), ONCE,
                Decimal(150), Rhythm(vat_subject="service"),
            ),
        ),
    )  # fmt: skip
    terms = LeaseTerms(1, "startup", year, Decimal(0), (letting,))
    vat = {
        "office": [
            VatPeriod(Period(day(2001, 1, 1), day(2026, 1, 21)), Decimal(20)),
            VatPeriod(Period(day(2026, 1, 21)), Decimal(10)),
        ],
        "service": [VatPeriod(EVER, Decimal(20))],
    }
    january = rent_due(terms, Period.through(day(2026, 1, 1), day(2026, 1, 31)), vat)

    def told(line: Line) -> tuple[str, int | None, str, str, str | None]:
        return (
            line.kind,
            line.charge_id,
            f"{line.period.start.day}-{line.period.last_day.day}",  # type: ignore[union-attr]
            str(line.amount),
            None if line.vat_rate is None else f"{line.vat_rate}: {line.vat}",
        )

    assert [told(line) for line in january.lines] == [
        ("rent", 30, "1-20", "790.32", "20: 158.06"),
        ("rent", 30, "21-31", "434.68", "10: 43.47"),
        ("discount", 30, "1-15", "-118.55", "20: -23.71"),
        ("service", 31, "1-31", "208.25", None),
        ("one_off", 32, "9-9", "150.00", "20: 30.00"),
    ]
    assert (january.net, january.vat) == (Decimal("1464.70"), Decimal("207.82"))
    assert january.by_vat_rate == {
        Decimal(20): (Decimal("821.77"), Decimal("164.35")),
        Decimal(10): (Decimal("434.68"), Decimal("43.47")),
        None: (Decimal("208.25"), Decimal("0.00")),
    }
    assert january.forgone == Decimal("2450.00") - (Decimal(1225) - Decimal("118.55"))


def test_a_statement_needs_a_last_day() -> None:
    with pytest.raises(ValueError, match="last day"):
        rent_due(of_rent((day(2026, 1, 1), day(2026, 1, 31), "1")), Period(day(2026, 1, 1)))


# --- Properties of random leases ----------------------------------------------------------------


@given(portfolios.terms(), portfolios.periods(), portfolios.vat_tables())
@settings(max_examples=150)
def test_the_engine_says_what_counting_the_days_says(
    terms: LeaseTerms, period: Period, vat: Any
) -> None:
    engine = sorted(
        (line.period.start, line.period.last_day, line.amount, str(line.vat_rate))
        for line in rent_due(terms, period, vat).lines
    )
    slow = sorted(
        (line.first, line.last, line.amount, str(line.vat_rate))
        for line in oracle.due(terms, period, vat)
    )
    assert engine == slow


@given(portfolios.terms(), portfolios.periods(), st.lists(portfolios.days, max_size=4))
@settings(max_examples=150)
def test_any_split_of_a_period_adds_up_to_the_whole(
    terms: LeaseTerms, period: Period, edges: list[dt.date]
) -> None:
    whole = rent_due(terms, period)
    parts = [rent_due(terms, part) for part in cut(period, edges)]
    lines = [line for part in parts for line in part.lines]
    difference = abs(Fraction(sum((line.amount for line in lines), Decimal(0)) - whole.net))
    assert difference <= HALF_A_CENTIME * (len(lines) + len(whole.lines))


@given(portfolios.terms())
def test_terms_are_kept_as_they_are(terms: LeaseTerms) -> None:
    assert from_json(as_json(terms)) == terms
