"""The start-up plan: 50 DH for 18 months, then 100, counted from the first start-up letting."""

import datetime as dt
import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.periods import Period, add_months
from sites.rates import PlanStep, Step, expand

STARTUP = [PlanStep(0, Decimal(50)), PlanStep(18, Decimal(100))]


def test_the_step_comes_on_the_same_day_of_the_month_clipped() -> None:
    start = dt.date(2024, 8, 31)
    assert expand(STARTUP, period=Period(start), counted_from=start) == [
        Step(Period(start, dt.date(2026, 2, 28)), Decimal(50)),
        Step(Period(dt.date(2026, 2, 28)), Decimal(100)),
    ]


def test_a_renewal_never_starts_the_low_rate_again() -> None:
    renewal = Period(dt.date(2026, 1, 1), dt.date(2027, 1, 1))
    first = dt.date(2024, 1, 1)
    assert expand(STARTUP, period=renewal, counted_from=first) == [Step(renewal, Decimal(100))]


@given(
    st.dates(dt.date(2001, 1, 1), dt.date(2030, 1, 1)),
    st.integers(0, 100),
    st.one_of(st.none(), st.integers(1, 3000)),
)
def test_steps_cover_the_period_without_gap_or_overlap(
    start: dt.date, months_before: int, length: int | None
) -> None:
    period = Period(start, None if length is None else start + dt.timedelta(days=length))
    steps = expand(STARTUP, period=period, counted_from=add_months(start, -months_before))
    assert steps[0].period.start == period.start
    assert steps[-1].period.end == period.end
    for before, after in itertools.pairwise(steps):
        assert before.period.end == after.period.start


@pytest.mark.parametrize(
    "steps", [[], [PlanStep(1, Decimal(1))], [PlanStep(0, Decimal(1)), PlanStep(0, Decimal(2))]]
)
def test_a_plan_that_says_nothing_is_refused(steps: list[PlanStep]) -> None:
    with pytest.raises(ValueError, match=r"month"):
        expand(steps, period=Period(dt.date(2026, 1, 1)), counted_from=dt.date(2026, 1, 1))
