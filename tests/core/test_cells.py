"""Days and numbers as people write them: understood for sure, or refused."""

import datetime as dt
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cells import Cell, Unreadable, as_choice, as_day, as_decimal, as_text, folded

DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31))
AMOUNTS = st.decimals(0, Decimal("9999999.99"), places=2)


@given(DAYS)
def test_a_day_is_read_in_both_ways_of_writing_it(day: dt.date) -> None:
    midnight = dt.datetime(day.year, day.month, day.day)
    written: list[Cell] = [
        day.isoformat(),
        f"{day:%d/%m/%Y}",
        f"{day.day}/{day.month}/{day.year}",
        day,
    ]
    assert {as_day(cell) for cell in (*written, midnight)} == {day}


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("09/02/26", "“09/02/26”: write the year with four digits."),
        ("9-2-26", "“9-2-26”: write the year with four digits."),
        ("2026-02-30", "There is no day “2026-02-30”."),
        ("13/13/2026", "There is no day “13/13/2026”."),
        ("February 9", "“February 9” is not a day: write 2026-02-09 or 09/02/2026."),
        ("2026/02/09", "“2026/02/09” is not a day: write 2026-02-09 or 09/02/2026."),
        ("٠٩/٠٢/٢٠٢٦", "“٠٩/٠٢/٢٠٢٦” is not a day: write 2026-02-09 or 09/02/2026."),
        ("01/01/0218", "The year 218 cannot be right."),
        (46062, "“46062” is not a day: write 2026-02-09 or 09/02/2026."),
        (
            dt.datetime(2026, 2, 9, 14, 30),
            "“2026-02-09 14:30:00” has a time of day: only the day is meant.",
        ),
    ],
)
def test_a_day_that_is_not_sure_is_refused(cell: str, reason: str) -> None:
    with pytest.raises(Unreadable) as refused:
        as_day(cell)
    assert str(refused.value) == reason


@given(AMOUNTS, st.sampled_from([" ", "\u00a0", "\u202f", ""]), st.sampled_from(",."))
def test_a_number_is_read_as_the_french_write_it(amount: Decimal, group: str, mark: str) -> None:
    written = f"{amount:,.2f}".replace(",", "_").replace(".", mark).replace("_", group)
    assert as_decimal(written, places=2) == amount


@given(AMOUNTS)
def test_a_workbooks_number_is_what_it_shows(amount: Decimal) -> None:
    assert as_decimal(float(amount), places=2) == amount


@given(st.text(max_size=12))
def test_no_text_breaks_the_readers(text: str) -> None:
    for reader in (as_day, lambda cell: as_decimal(cell, places=2)):
        with suppress(Unreadable):
            assert isinstance(reader(text), (dt.date, Decimal))


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("1.234", "“1.234” has two readings: write 1234 or 1,2340."),
        ("12,500", "“12,500” has two readings: write 12500 or 12,5000."),
        ("12,505", "“12,505” has two readings: write 12505 or 12,5050."),
        ("1 23", "“1 23” is not a number: write 1234,5."),
        ("1.234,56", "“1.234,56” is not a number: write 1234,5."),
        ("12 m²", "“12 m²” is not a number: write 1234,5."),
        ("1e3", "“1e3” is not a number: write 1234,5."),
        ("NaN", "“NaN” is not a number: write 1234,5."),
        (float("nan"), "“nan” is not a number."),
        (True, "“True” is not a number."),
        (dt.date(2026, 2, 9), "“2026-02-09” is not a number."),
        ("0,125", "0.125 has more than 2 decimals."),
        (12.345, "12.345 has more than 2 decimals."),
    ],
)
def test_a_number_that_is_not_sure_is_refused(cell: str, reason: str) -> None:
    with pytest.raises(Unreadable) as refused:
        as_decimal(cell, places=2)
    assert str(refused.value) == reason


def test_the_noise_of_a_workbooks_formula_is_dropped() -> None:
    assert as_decimal(0.1 + 0.2, places=2) == Decimal("0.30")


def test_identifiers_kept_as_numbers_are_read_as_digits() -> None:
    assert [as_text(cell) for cell in (1234567000089, 1234567.0, 123456789012345.0)] == [
        "1234567000089",
        "1234567",
        "123456789012345",
    ]


def test_a_choice_is_found_whatever_its_case_and_accents() -> None:
    known = {folded("coopérative"): "coop", folded("SARL AU"): "sarl_au"}
    assert as_choice("Cooperative", known) == "coop"
    assert as_choice("S.A.R.L. a.u.", known) == "sarl_au"
    with pytest.raises(Unreadable) as refused:
        as_choice("Ltd", known)
    assert str(refused.value) == "“Ltd” is not known; known are: coop, sarl_au."
