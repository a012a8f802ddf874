"""Penalties of a contract: by pieces, after days of grace, capped, never twice for a day."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.penalties import Clause, Piece, Settled, Taken, propose
from core.money import ZERO
from core.periods import Period

DUE = dt.date(2026, 1, 31)
DAY = dt.timedelta(days=1)


def proposed(
    *settled: tuple[int, str], last: int, taken: tuple[Taken, ...] = (), **terms: object
) -> list[tuple[int, int, str, str]]:
    """Of an invoice of 10,000 DH: first and last day after it was due, base, amount."""
    pieces = propose(
        total=Decimal(10_000),
        due_on=DUE,
        settled=[Settled(DUE + on * DAY, Decimal(amount)) for on, amount in settled],
        clause=Clause(**{"yearly_rate": Decimal("12"), **terms}),  # type: ignore[arg-type]
        taken=taken,
        since=dt.date(2020, 1, 1),
        through=DUE + last * DAY,
    )
    return [_row(piece) for piece in pieces]


def _row(piece: Piece) -> tuple[int, int, str, str]:
    assert piece.period.last_day is not None
    first, last = (piece.period.start - DUE).days, (piece.period.last_day - DUE).days
    return first, last, f"{piece.base:.0f}", str(piece.amount)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        # 10,000 × 12 % × 28 / 365
        ({"last": 28}, [(1, 28, "10000", "92.05")]),
        ({"last": 0}, []),
        ({"last": 28, "grace_days": 10}, [(11, 28, "10000", "59.18")]),
        ({"last": 28, "grace_days": 28}, []),
        ({"last": 28, "cap": Decimal("0.5")}, [(1, 28, "10000", "50.00")]),
    ],
)
def test_of_one_balance(given: dict[str, object], found: object) -> None:
    assert proposed(**given) == found  # type: ignore[arg-type]


def test_by_pieces_as_payments_come_and_bounce() -> None:
    """The day of a payment is still late with what it pays."""
    assert proposed((0, "1000"), (10, "4000"), (20, "-4000"), (30, "9000"), last=59) == [
        (1, 10, "9000", "29.59"),
        (11, 20, "5000", "16.44"),
        (21, 30, "9000", "29.59"),
    ]


def test_the_cap_is_of_all_that_is_asked_and_what_was_dropped_asks_nothing() -> None:
    week = Period.through(DUE + DAY, DUE + 7 * DAY)
    for asked, left in (("23.01", "26.99"), ("0", "50.00")):
        taken = (Taken(week, Decimal(asked)),)
        assert proposed(last=59, taken=taken, cap=Decimal("0.5")) == [(8, 59, "10000", left)]


def test_nothing_is_asked_of_before_billing_began() -> None:
    pieces = propose(
        total=Decimal(10_000), due_on=DUE, settled=(), clause=Clause(Decimal(12)), taken=(),
        since=dt.date(2026, 3, 1), through=dt.date(2026, 3, 31),
    )  # fmt: skip
    assert [_row(piece) for piece in pieces] == [(29, 59, "10000", "101.92")]


@given(
    st.lists(st.tuples(st.integers(-5, 60), st.integers(1, 4000)), max_size=5),
    st.integers(0, 15),
    st.none() | st.integers(1, 300).map(lambda cents: Decimal(cents) / 100),
    st.lists(st.integers(1, 70), max_size=4),
)
def test_in_steps_or_at_once_each_day_counts_once(
    settled: list[tuple[int, int]], grace: int, cap: Decimal | None, looks: list[int]
) -> None:
    total = Decimal(10_000)
    clause = Clause(Decimal("9.5"), grace, cap)
    rows: list[Settled] = []
    for on, amount in settled:
        if amount <= total - sum((row.amount for row in rows), ZERO):
            rows.append(Settled(DUE + on * DAY, Decimal(amount)))
    taken: list[Taken] = []
    for last in [*sorted(looks), 70]:
        through = DUE + last * DAY
        pieces = propose(
            total=total, due_on=DUE, settled=rows, clause=clause, taken=taken,
            since=dt.date(2020, 1, 1), through=through,
        )  # fmt: skip
        taken += [Taken(piece.period, piece.amount) for piece in pieces]
    days = [
        period.start + number * DAY
        for period in (one.period for one in taken)
        for number in range(period.days or 0)
    ]
    assert len(days) == len(set(days))

    def late(day: dt.date) -> Decimal:
        return total - sum((row.amount for row in rows if row.on < day), ZERO)

    by_day = [late(DUE + number * DAY) for number in range(1 + grace, 71)]
    exact = sum(by_day, ZERO) * clause.yearly_rate / 100 / 365
    asked = sum((one.amount for one in taken), ZERO)
    if cap is None:
        assert len(days) == sum(1 for base in by_day if base)
        assert abs(asked - exact) <= Decimal("0.005") * len(taken)
    else:
        assert asked <= late(DUE + DAY) * cap / 100 + Decimal("0.005")
