"""Figures in words: what stands before a number and what stands after it, in each language."""

from decimal import Decimal

import pytest
from django.utils import translation

from indicators.wording import change, duration, effect, named_part
from tests.indicators.test_drawings import shown


@pytest.mark.parametrize(
    ("language", "unit", "amount", "said"),
    [
        ("en", "days", "-115.4", "−3.8 months (115 days)"),
        ("en", "dirhams", "1250", "+1,250.00\xa0MAD"),
        # The sign and its number are whole; what follows them goes with the Arabic line.
        ("ar", "days", "-115.4", "\u2066−3,8\u2069 شهور (115 يوما)"),
        ("ar", "dirhams", "1250", "\u2066+1.250,00\u2069\xa0د.م."),
        ("ar", "companies", "-3", "\u2066−3\u2069"),
        ("ar", "m2", "71.5", "\u2066+\u206671,50\xa0m²\u2069\u2069"),
    ],
)
def test_a_difference_bears_its_sign_before_its_number(
    language: str, unit: str, amount: str, said: str
) -> None:
    with translation.override(language):
        assert effect(Decimal(amount), unit) == said


def test_tenths_of_days_are_told_of_short_spans_alone() -> None:
    with translation.override("en"):
        assert duration(Decimal("12.5")) == "12.5 days"
        assert duration(Decimal("598.96")) == "19.7 months (599 days)"
        assert duration(Decimal(1)) == "1 day"


def test_what_did_not_move_is_said_without_a_number() -> None:
    now, before = (shown("hosted", Decimal(count)) for count in (449, 436))
    with translation.override("en"):
        assert change(now, before) == "+13 in a year"
        assert change(now, now) == "unchanged in a year"
        assert named_part(Decimal(1), "places_taken") == "1 (places taken)"
