"""What pages of billing are asked for in their address."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.http import urlencode
from django.utils.translation import gettext as _

from core.periods import add_months, first_of_month, today

EARLIEST: Final = dt.date(1990, 1, 1)
YEARS_AHEAD: Final = 10
MOST_MONTHS: Final = 120


@dataclass(frozen=True, slots=True)
class Days:
    """From the first to the last; `problem` says what was wrong with the question."""

    first: dt.date
    last: dt.date
    problem: str = ""

    @property
    def query(self) -> str:
        return urlencode({"from": self.first.isoformat(), "to": self.last.isoformat()})


def asked_day(text: str, otherwise: dt.date) -> tuple[dt.date, str]:
    """The day of an address, and what is wrong with it, in words."""
    if not text:
        return otherwise, ""
    latest = add_months(today(), 12 * YEARS_AHEAD)
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return otherwise, _("« %(day)s » is not a day: another is shown.") % {"day": text}
    if not EARLIEST <= day <= latest:
        return otherwise, _("That day is too far away: another is shown.")
    return day, ""


def asked_months(given: Mapping[str, str]) -> Days:
    """`?from=2026-01&to=2026-12`, or days of those months; without them the last twelve, this one
    included. At most ten years."""

    def whole(name: str) -> str:
        text = given.get(name, "")
        return f"{text}-01" if len(text) == len("2026-01") else text

    this = first_of_month(today())
    last, wrong_last = asked_day(whole("to"), this)
    first, wrong_first = asked_day(whole("from"), add_months(first_of_month(last), -11))
    first, last = first_of_month(first), first_of_month(last)
    if first > last:
        return Days(last, last, _("The last month is before the first."))
    if add_months(first, MOST_MONTHS) <= last:
        first = add_months(last, 1 - MOST_MONTHS)
        return Days(first, last, _("No more than ten years are shown."))
    return Days(first, last, wrong_first or wrong_last)


def asked_days(given: Mapping[str, str]) -> Days:
    """`?from=&to=`; without them the last twelve months, this one included."""
    last, wrong_last = asked_day(given.get("to", ""), today())
    first, wrong_first = asked_day(given.get("from", ""), add_months(first_of_month(last), -11))
    if first > last:
        return Days(last, last, _("The last day is before the first."))
    return Days(first, last, wrong_first or wrong_last)
