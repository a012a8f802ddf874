"""Amounts in words: what num2words gets wrong or refuses, by the grammar of each language."""

from decimal import Decimal

import pytest

from core.spelling import spelled_money


@pytest.mark.parametrize(
    ("amount", "french", "arabic", "english"),
    [
        ("0", "zéro dirham", "صفر درهم", "zero dirhams"),
        ("1", "un dirham", "درهم واحد", "one dirham"),
        ("2", "deux dirhams", "درهمان", "two dirhams"),
        ("3.01", "trois dirhams et un centime", "ثلاثة دراهم وسنتيم واحد",
         "three dirhams and one centime"),
        ("80", "quatre-vingts dirhams", "ثمانون درهما", "eighty dirhams"),
        ("1001", "mille un dirhams", "ألف درهم ودرهم واحد", "one thousand and one dirhams"),
        ("2000", "deux mille dirhams", "ألفا درهم", "two thousand dirhams"),
        ("2450.50", "deux mille quatre cent cinquante dirhams et cinquante centimes",
         "ألفان وأربعمائة وخمسون درهما وخمسون سنتيما",
         "two thousand, four hundred and fifty dirhams and fifty centimes"),
        ("80000.02", "quatre-vingt mille dirhams et deux centimes", "ثمانون ألف درهم وسنتيمان",
         "eighty thousand dirhams and two centimes"),
        ("1000000", "un million de dirhams", "مليون درهم", "one million dirhams"),
    ],
)  # fmt: skip
def test_amounts_in_words(amount: str, french: str, arabic: str, english: str) -> None:
    spelled = [spelled_money(Decimal(amount), language) for language in ("fr", "ar", "en")]
    assert spelled == [french, arabic, english]


@pytest.mark.parametrize(
    ("amount", "arabic"),
    [
        ("102", "مائة درهم ودرهمان"),
        ("203", "مئتان وثلاثة دراهم"),
        ("2002", "ألفا درهم ودرهمان"),
        ("12345", "اثنا عشر ألفاً وثلاثمائة وخمسة وأربعون درهما"),
        ("100200", "مائة ألف ومئتا درهم"),
        ("101000", "مائة ألف وألف درهم"),
        ("102003", "مائة ألف وألفان وثلاثة دراهم"),
        ("202000", "مئتا ألف وألفا درهم"),
        ("2011000", "مليونان وأحد عشر ألف درهم"),
        ("1002000000", "مليار ومليونا درهم"),
    ],
)
def test_thousands_and_millions_are_counted_as_dirhams_are(amount: str, arabic: str) -> None:
    assert spelled_money(Decimal(amount), "ar") == arabic


def test_less_than_nothing_is_no_amount_of_a_contract() -> None:
    with pytest.raises(ValueError, match="not negative"):
        spelled_money(Decimal("-0.01"), "fr")
