"""Steps of reminding: each once, in order, gathered, paused, none before an answer was due."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.choices import NoReminder
from billing.dunning import DEFAULT_DAYS, Owed, Pause, Step, Verdict, judge
from core.periods import Period

DAY = dt.timedelta(days=1)
FIRST = dt.date(2026, 1, 1)
STEPS = tuple(Step(level, days) for level, days in enumerate(DEFAULT_DAYS, 1))


def asked(*owed: Owed, on: dt.date, **given: object) -> Verdict:
    usual = {"steps": STEPS, "pauses": (), "answer_by": None}
    return judge(owed, on=on, **{**usual, **given})  # type: ignore[arg-type]


def owed(number: int = 1, *, due: int = 0, open: str = "100", reached: int = 0) -> Owed:
    return Owed(number, FIRST + due * DAY, Decimal(open), reached)


@pytest.mark.parametrize(
    ("days", "reached", "given", "level", "why"),
    [
        (6, 0, {}, None, NoReminder.EARLY),
        (7, 0, {}, 1, None),
        (60, 0, {}, 1, None),
        (20, 1, {}, None, NoReminder.EARLY),
        (21, 1, {}, 2, None),
        (45, 2, {}, 3, None),
        (300, 3, {}, None, NoReminder.DONE),
        (7, 0, {"answer_by": FIRST + 7 * DAY}, None, NoReminder.SOON),
        (7, 0, {"answer_by": FIRST + 6 * DAY}, 1, None),
        (7, 0, {"steps": ()}, None, NoReminder.NO_STEPS),
        (7, 0, {"pauses": [Pause(None, Period(FIRST))]}, None, NoReminder.PAUSED),
        (7, 0, {"pauses": [Pause(1, Period(FIRST, FIRST + 8 * DAY))]}, None, NoReminder.PAUSED),
        (7, 0, {"pauses": [Pause(1, Period(FIRST, FIRST + 7 * DAY))]}, 1, None),
        (7, 0, {"pauses": [Pause(2, Period(FIRST))]}, 1, None),
    ],
)
def test_the_step_of_one_invoice(
    days: int, reached: int, given: dict[str, object], level: int | None, why: NoReminder | None
) -> None:
    verdict = asked(owed(reached=reached), on=FIRST + days * DAY, **given)
    assert (verdict.level, verdict.why) == (level, why)


def test_one_letter_gathers_all_that_is_overdue_in_the_words_of_the_highest_step() -> None:
    verdict = asked(
        owed(1, due=20),  # 26 days late: its first step
        owed(2, due=0, reached=2),  # 46 days: the third
        owed(3, due=43),  # 3 days: none yet
        owed(4, due=46),  # due today: not late
        owed(5, due=0, open="0"),
        on=FIRST + 46 * DAY,
    )
    assert verdict.level == 3
    assert [(line.owed.id, line.step) for line in verdict.lines] == [(2, 3), (1, 1), (3, None)]
    assert verdict.total == 300


@dataclass
class Bill:
    due: int
    paid: int
    pause: tuple[int, int] | None
    steps: list[tuple[int, int]] = field(default_factory=list)


bills = st.lists(
    st.builds(
        Bill,
        due=st.integers(0, 60),
        paid=st.integers(0, 200),
        pause=st.none() | st.tuples(st.integers(0, 120), st.integers(1, 60)),
    ),
    min_size=1,
    max_size=5,
)
steps = st.lists(st.integers(1, 60), min_size=1, max_size=3, unique=True).map(
    lambda days: tuple(Step(level, one) for level, one in enumerate(sorted(days), 1))
)


@given(
    bills,
    steps,
    st.none() | st.integers(0, 120),
    st.sets(st.integers(0, 200)),
    st.integers(1, 20),
)
def test_over_half_a_year_of_days_on_which_somebody_looks(
    bills: list[Bill],
    steps: tuple[Step, ...],
    everything: int | None,
    away: set[int],
    to_answer: int,
) -> None:
    pauses = [
        Pause(number, Period(FIRST + bill.pause[0] * DAY, FIRST + sum(bill.pause) * DAY))
        for number, bill in enumerate(bills)
        if bill.pause
    ]
    if everything is not None:
        pauses.append(Pause(None, Period.through(FIRST + everything * DAY, FIRST + 130 * DAY)))
    reached: dict[int, int] = defaultdict(int)
    letters: list[int] = []
    for number in sorted(set(range(200)) - away):
        on = FIRST + number * DAY
        open_bills = [
            Owed(key, FIRST + bill.due * DAY, Decimal(bill.paid > number), reached[key])
            for key, bill in enumerate(bills)
        ]
        until = FIRST + (letters[-1] + to_answer) * DAY if letters else None
        verdict = judge(open_bills, steps=steps, pauses=pauses, answer_by=until, on=on)
        paused = {
            key
            for key in range(len(bills))
            if any(each.invoice_id in {None, key} and on in each.period for each in pauses)
        }
        overdue = {each.id for each in open_bills if each.open and each.due_on < on}
        assert {line.owed.id for line in verdict.lines} == overdue - paused
        if verdict.level is None:
            assert verdict.why is not None
            continue
        taken = {line.owed.id: line.step for line in verdict.lines if line.step is not None}
        assert verdict.level == max(taken.values())
        for key, step in taken.items():
            bills[key].steps.append((step, number - bills[key].due))
            reached[key] = step
        letters.append(number)
    gaps = [after - before for before, after in pairwise(letters)]
    assert all(gap > to_answer for gap in gaps)
    for bill in bills:
        # Each once, in order, none left out, none early.
        assert [step for step, _days in bill.steps] == [
            step.level for step in steps[: len(bill.steps)]
        ]
        assert all(
            days >= step.days for (_level, days), step in zip(bill.steps, steps, strict=False)
        )
        if bill.paid == 200 and bill.due < 60 and not pauses and not away:
            assert len(bill.steps) == len(steps)
