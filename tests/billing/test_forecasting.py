"""The forecast of a month is what a run of it bills, whatever the terms."""

import datetime as dt
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from billing.forecasting import Due, due_by_month
from billing.reconciling import Billed, reconcile
from core.periods import ONE_DAY, Period, add_months, first_of_month
from leases.rent import DISCOUNT, ONCE, RENT, VatTable
from leases.terms import ChargeTerms, LeaseTerms, LettingTerms, Rhythm
from sites.rates import Step
from tests.billing.test_reconciling import as_billed, numbered
from tests.leases import portfolios

day = dt.date
MONTHS = 20


@given(portfolios.terms(), portfolios.vat_tables(), st.integers(-40, 200), st.integers(0, 7))
def test_each_month_is_what_its_run_bills(
    terms: LeaseTerms, vat: VatTable, late: int, skipped: int
) -> None:
    terms = numbered(terms)
    since = terms.period.start + dt.timedelta(late)
    begun = max(since, terms.period.start)
    first = first_of_month(begun)
    expected, billed = {}, list[Billed]()
    for month in (add_months(first, number) for number in range(skipped + MONTHS)):
        through = add_months(month, 1) - ONE_DAY
        due = reconcile(terms, billed, since=since, through=through, vat=vat).due
        billed += [as_billed(len(billed) + number, line) for number, line in enumerate(due)]
        lines = [line for line in due if line.unit != ONCE]
        rent = sum((line.amount for line in lines if line.kind in {RENT, DISCOUNT}), Decimal(0))
        expected[month] = Due(rent, sum((line.amount for line in lines), Decimal(0)) - rent)
    start = add_months(first, skipped)
    found = due_by_month(terms, since=since, first=start, months=MONTHS, vat=vat)
    asked = [add_months(start, number) for number in range(MONTHS)]
    assert {month: found.get(month, Due()) for month in asked} == {
        month: expected[month] for month in asked
    }
    assert set(found) <= set(asked)


def test_a_month_after_something_ended_in_the_middle_is_whole_again() -> None:
    let = Period(day(2026, 1, 1), day(2027, 1, 1))
    parking = ChargeTerms(
        id=2, kind="parking", label="", period=Period(day(2026, 1, 1), day(2026, 2, 11)),
        unit="flat", rate=Decimal(70),
    )  # fmt: skip
    letting = LettingTerms(
        id=1, charge_id=1, space_id=1, space="A1", area_m2=Decimal(20), period=let, unit="flat",
        steps=(Step(let, Decimal(1000)),), rhythm=Rhythm(), charges=(parking,),
    )  # fmt: skip
    terms = LeaseTerms(1, "sme", let, Decimal(0), (letting,))
    found = due_by_month(terms, since=let.start, first=let.start, months=4, vat={})
    assert [(due.rent, due.charges) for due in found.values()] == [
        (Decimal("1000.00"), Decimal(charge)) for charge in ("70.00", "25.00", "0.00", "0.00")
    ]
