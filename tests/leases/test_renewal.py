"""The end that a tacit renewal gives a term."""

import datetime as dt

import pytest

from core.periods import Period
from leases.renewal import renewed_end


@pytest.mark.parametrize(
    ("start", "end", "months", "renewed"),
    [
        ("2026-01-01", "2027-01-01", 12, "2028-01-01"),
        ("2026-01-31", "2026-02-28", 1, "2026-03-31"),  # not the 28th for ever after
        ("2024-02-29", "2025-02-28", 36, "2028-02-29"),
        ("2026-01-15", "2026-04-01", 3, "2026-07-01"),  # no whole months: from the end
        ("2026-01-15", "2026-03-31", 1, "2026-04-30"),
    ],
)
def test_on_the_same_day_of_the_month(start: str, end: str, months: int, renewed: str) -> None:
    day = dt.date.fromisoformat
    assert renewed_end(Period(day(start), day(end)), months) == day(renewed)


def test_a_term_without_an_end_is_not_renewed() -> None:
    with pytest.raises(ValueError, match="without an end"):
        renewed_end(Period(dt.date(2026, 1, 1)), 12)
