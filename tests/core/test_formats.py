"""Numbers as Moroccans write them, safe in right-to-left text."""

import datetime as dt
from decimal import Decimal

from core import formats


def test_money() -> None:
    amount = Decimal("1234567.5")
    assert formats.money(amount, "fr") == "1\u202f234\u202f567,50\u00a0MAD"
    assert formats.money(amount, "ar") == "1.234.567,50\u00a0د.م."
    assert formats.money(-amount, "ar") == "\u2066-1.234.567,50\u2069\u00a0د.م."
    assert formats.money(amount, "en") == "1,234,567.50\u00a0MAD"


def test_days() -> None:
    day = dt.date(2026, 2, 9)
    assert formats.day(day, "fr") == "09/02/2026"
    assert formats.day(day, "fr", long=True) == "9 février 2026"
    assert formats.month(dt.date(2026, 8, 1), "ar") == "غشت 2026"


def test_french_counts_the_first_of_the_month_only() -> None:
    first, eleventh = dt.date(2026, 12, 1), dt.date(2026, 12, 11)
    assert formats.day(first, "fr", long=True) == "1er décembre 2026"
    assert formats.day(eleventh, "fr", long=True) == "11 décembre 2026"
    assert formats.day(first, "ar", long=True).startswith("1 ")


def test_labels_and_lists() -> None:
    assert formats.labelled("Quorum", "3 / 4", "fr") == "Quorum\u00a0: 3 / 4"
    assert formats.labelled("النصاب", "3", "ar") == "النصاب: 3"
    assert formats.listed(["CAS", "RBT"], "en") == "CAS, RBT"
    assert formats.listed(["CAS", "RBT"], "ar") == "CAS، RBT"
    assert formats.apart(["RDC", "15"], "fr") == "RDC · 15"
    assert formats.apart(["RDC", "15"], "ar") == "\u2068RDC\u2069 · \u206815\u2069"


def test_ratios_areas_phones() -> None:
    assert formats.percent(Decimal("0.25"), "fr") == "25,0\u00a0%"
    assert formats.area(Decimal("95.00"), "fr") == "95\u00a0m²"
    assert formats.area(Decimal("95.50"), "en") == "95.50\u00a0m²"
    assert formats.area(Decimal("95.50"), "ar") == "\u206695,50\u00a0m²\u2069"
    assert formats.phone("+212522123456", "fr") == "05\u00a022\u00a012\u00a034\u00a056"
    assert formats.phone("+33123456789", "ar") == "\u2066+33123456789\u2069"
