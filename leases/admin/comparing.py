"""A comparison of terms, in words: for the what-if and for an amendment's page."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core import formats
from leases.selectors.comparing import Comparison, Months
from leases.selectors.occupancy import Occupancy
from sites.admin.columns import language
from sites.services import bookings


def in_words(compared: Comparison, user: Any) -> dict[str, Any]:
    """What `leases/admin/comparison.html` shows."""
    return {
        "sides": _sides(compared),
        "wanted": [
            (
                f"{each.space.building.code}-{each.space.code}",
                bookings.in_words(each.space, each.in_the_way, user),
            )
            for each in compared.wanted
        ],
        "past": _named(compared.past),
        "past_difference": _money(abs(compared.past.difference)),
        "year": _named(compared.year),
    }


def _sides(compared: Comparison) -> list[tuple[str, str, str, str]]:
    before, after = compared.before, compared.after
    rows = [
        _row(_("rent a month"), before.rent, after.rent, _money),
        _row(_("area"), before.area_m2, after.area_m2, _area),
        _row(_("deposit due"), before.deposit, after.deposit, _money),
    ]
    if before.occupancy is not None and after.occupancy is not None:
        difference = after.occupancy.let - before.occupancy.let
        rows.append(
            (
                _("occupancy of the site by area"),
                _occupied(before.occupancy),
                _occupied(after.occupancy),
                _signed(difference, _area),
            )
        )
    return rows


def _row(
    name: str, before: Decimal, after: Decimal, told: Callable[[Decimal], str]
) -> tuple[str, str, str, str]:
    return name, told(before), told(after), _signed(after - before, told)


def _signed(difference: Decimal, told: Callable[[Decimal], str]) -> str:
    if not difference:
        return "–"
    return f"\u2066+\u2069{told(difference)}" if difference > 0 else told(difference)


def _occupied(occupancy: Occupancy) -> str:
    if occupancy.ratio is None:
        return "–"
    return f"{formats.percent(occupancy.ratio, language())} ({_area(occupancy.let)})"


def _money(amount: Decimal) -> str:
    return formats.money(amount, language())


def _area(area_m2: Decimal) -> str:
    return formats.area(area_m2, language())


def _named(months: Months) -> list[tuple[str, Any]]:
    return [(formats.month(each.month, language()), each) for each in months.months]
