"""Runs as reconciliations: whatever was amended in between, each day ends up billed once."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.reconciling import Billed, Difference, reconcile
from core.periods import ONE_DAY, Period, add_months
from leases.rent import DISCOUNT, Line, VatPeriod, VatTable, rent_due
from leases.terms import ChargeTerms, LeaseTerms, LettingTerms, Rhythm
from sites.rates import Step
from tests.leases import portfolios

day = dt.date
HALF_A_CENTIME = Fraction(1, 200)
VAT: VatTable = {"office": [VatPeriod(Period(day(2020, 1, 1)), Decimal(20))]}
YEAR = Period.through(day(2026, 1, 1), day(2026, 12, 31))


class Ledger:
    """What a service keeps: billed periods, and the money of the lines and credits."""

    def __init__(self) -> None:
        self.rows: dict[int, tuple[Billed, Line]] = {}
        self.net = Decimal(0)
        self.ids = count(1)

    def run(self, terms: LeaseTerms | None, *, since: dt.date, through: dt.date) -> Difference:
        found = reconcile(
            terms,
            [billed for billed, _line in self.rows.values()],
            since=since,
            through=through,
            vat=VAT,
        )
        for each in found.undue:
            self.net -= self.rows.pop(each.id)[1].amount
        assert found.settled == ()
        for line in found.due:
            billed = as_billed(next(self.ids), line)
            clash = [
                other
                for other, _line in self.rows.values()
                if other.side == billed.side and other.period.overlaps(billed.period)
            ]
            assert clash == []
            self.rows[billed.id] = (billed, line)
            self.net += line.amount
        return found


def as_billed(number: int, line: Line) -> Billed:
    assert line.charge_id is not None
    return Billed(
        id=number,
        line_id=number,
        invoice_id=number,
        charge_id=line.charge_id,
        discount=line.kind == DISCOUNT,
        period=line.period,
        unit=line.unit,
        rate=line.rate,
        area_m2=line.area_m2,
        per_months=line.per_months,
        due_on=line.due_on,
        vat_rate=line.vat_rate or Decimal(0),
        net=line.amount,
        vat=line.vat,
    )


def month_lasts(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    month = first.replace(day=1)
    while month <= last:
        month = add_months(month, 1)
        yield month - ONE_DAY


def numbered(terms: LeaseTerms) -> LeaseTerms:
    """Each charge with an id, as the tables give them."""
    ids = count(1000)

    def named(charges: Iterable[ChargeTerms]) -> tuple[ChargeTerms, ...]:
        return tuple(replace(charge, id=next(ids)) for charge in charges)

    lettings = tuple(replace(each, charges=named(each.charges)) for each in terms.lettings)
    return replace(terms, lettings=lettings, charges=named(terms.charges))


def of_rent(*steps: tuple[dt.date, dt.date, str], **given: Any) -> LeaseTerms:
    made = tuple(Step(Period.through(first, last), Decimal(rate)) for first, last, rate in steps)
    period = Period(made[0].period.start, made[-1].period.end)
    letting = LettingTerms(
        id=1, charge_id=10, space_id=1, space="A1", area_m2=Decimal(20), period=period,
        unit="flat", steps=made, rhythm=Rhythm(vat_subject="office"), **given,
    )  # fmt: skip
    return LeaseTerms(1, "sme", period, Decimal(0), (letting,))


def told(found: Difference) -> list[tuple[str, str]]:
    return [(str(line.period), str(line.amount)) for line in found.due] + [
        (str(each.period), "back") for each in found.undue
    ]


def test_a_run_repeated_on_the_same_day_bills_nothing_more() -> None:
    ledger = Ledger()
    terms = of_rent((day(2026, 1, 1), day(2026, 12, 31), "1000"))
    first = ledger.run(terms, since=YEAR.start, through=day(2026, 1, 31))
    assert told(first) == [("2026-01-01 – 2026-01-31", "1000.00")]
    assert first.due[0].vat == Decimal("200.00")
    assert not ledger.run(terms, since=YEAR.start, through=day(2026, 1, 31))


def test_a_rent_changed_for_the_past_is_taken_back_and_billed_anew() -> None:
    ledger = Ledger()
    old = of_rent((day(2026, 1, 1), day(2026, 12, 31), "1000"))
    ledger.run(old, since=YEAR.start, through=day(2026, 2, 28))
    new = of_rent(
        (day(2026, 1, 1), day(2026, 1, 15), "1000"), (day(2026, 1, 16), day(2026, 12, 31), "1100")
    )
    assert told(ledger.run(new, since=YEAR.start, through=day(2026, 3, 31))) == [
        ("2026-01-01 – 2026-01-15", "483.87"),
        ("2026-01-16 – 2026-01-31", "567.74"),
        ("2026-02-01 – 2026-02-28", "1100.00"),
        ("2026-03-01 – 2026-03-31", "1100.00"),
        ("2026-01-01 – 2026-01-31", "back"),
        ("2026-02-01 – 2026-02-28", "back"),
    ]
    assert ledger.net == Decimal("3251.61")


def test_days_after_an_early_end_are_taken_back_and_those_before_it_billed() -> None:
    ledger = Ledger()
    terms = of_rent((day(2026, 1, 1), day(2026, 12, 31), "1000"))
    ledger.run(terms, since=YEAR.start, through=day(2026, 3, 31))
    left = of_rent((day(2026, 1, 1), day(2026, 3, 10), "1000"))
    assert told(ledger.run(left, since=YEAR.start, through=day(2026, 4, 30))) == [
        ("2026-03-01 – 2026-03-10", "322.58"),
        ("2026-03-01 – 2026-03-31", "back"),
    ]


def test_all_of_a_cancelled_lease_is_taken_back() -> None:
    ledger = Ledger()
    terms = of_rent((day(2026, 1, 1), day(2026, 12, 31), "1000"))
    ledger.run(terms, since=YEAR.start, through=day(2026, 2, 28))
    ledger.run(None, since=YEAR.start, through=day(2026, 3, 31))
    assert (ledger.rows, ledger.net) == ({}, Decimal(0))


def test_nothing_before_the_billing_start_is_ever_proposed() -> None:
    terms = of_rent((day(2025, 1, 1), day(2026, 12, 31), "1000"))
    found = reconcile(terms, [], since=day(2026, 1, 15), through=day(2026, 1, 31), vat=VAT)
    assert told(found) == [("2026-01-15 – 2026-01-31", "548.39")]


@pytest.mark.parametrize(
    ("months", "in_advance", "through", "until"),
    [
        (1, True, day(2026, 2, 28), day(2026, 2, 28)),
        (1, False, day(2026, 2, 28), day(2026, 1, 31)),
        (3, True, day(2026, 2, 28), day(2026, 3, 31)),
        (3, False, day(2026, 3, 31), None),
        (3, False, day(2026, 4, 30), day(2026, 3, 31)),
        (12, True, day(2026, 1, 31), day(2026, 12, 31)),
        (12, False, day(2026, 12, 31), None),
    ],
)
def test_what_has_fallen_due_by_a_day(
    months: int, in_advance: bool, through: dt.date, until: dt.date | None
) -> None:
    parking = ChargeTerms(
        7, "parking", "", YEAR, "flat", Decimal(100), Rhythm(months, in_advance, "office")
    )
    terms = replace(of_rent((YEAR.start, day(2026, 12, 31), "0")), charges=(parking,))
    found = reconcile(terms, [], since=YEAR.start, through=through, vat=VAT)
    lasts = [line.period.last_day for line in found.due]
    assert (lasts[-1] if lasts else None) == until


def test_a_credit_of_some_days_lets_them_be_billed_again() -> None:
    ledger = Ledger()
    terms = of_rent((day(2026, 1, 1), day(2026, 12, 31), "1000"))
    ledger.run(terms, since=YEAR.start, through=day(2026, 1, 31))
    (number, (billed, line)) = next(iter(ledger.rows.items()))
    kept = replace(billed, period=Period.through(day(2026, 1, 1), day(2026, 1, 20)))
    ledger.rows[number] = (kept, line)
    assert told(ledger.run(terms, since=YEAR.start, through=day(2026, 1, 31))) == [
        ("2026-01-21 – 2026-01-31", "354.84")
    ]


@given(
    first=portfolios.terms(),
    second=portfolios.terms(),
    since=portfolios.days,
    change=st.integers(0, 40),
    gap=st.integers(1, 4),
)
def test_whatever_was_billed_the_runs_end_at_what_is_due(
    first: LeaseTerms, second: LeaseTerms, since: dt.date, change: int, gap: int
) -> None:
    """Two random leases under the same ids are as wild an amendment as there can be."""
    ledger = Ledger()
    old, new = numbered(first), numbered(second)
    lasts = list(month_lasts(since, add_months(portfolios.LAST, 13)))
    for number, through in enumerate(lasts):
        if number % gap == 0 or number in {change, len(lasts) - 1}:
            ledger.run(old if number < change else new, since=since, through=through)
    assert not ledger.run(new if change < len(lasts) else old, since=since, through=lasts[-1])
    standing = new if change < len(lasts) - 1 else old
    ledger.run(standing, since=since, through=lasts[-1])
    due = [
        line
        for line in rent_due(standing, Period(since, lasts[-1] + ONE_DAY), VAT).lines
        if line.amount
    ]
    exact = sum((line.amount for line in due), Decimal(0))
    lines = len(due) + len(ledger.rows)
    assert abs(Fraction(ledger.net - exact)) <= HALF_A_CENTIME * lines
