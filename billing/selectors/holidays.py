"""Public holidays: those that the calendar computes, with what staff changed."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from billing.due_dates import computed
from billing.models import Holiday


@dataclass(frozen=True, slots=True)
class Day:
    """`computed`: what the calendar says of it; `change`: what staff said instead or beside."""

    day: dt.date
    name: str
    is_holiday: bool
    computed: bool
    change: Holiday | None


def holiday_changes() -> Mapping[dt.date, bool]:
    """By day, what staff said. One query."""
    return dict(Holiday.objects.order_by().values_list("day", "is_holiday"))


def year_of(year: int, language: str) -> list[Day]:
    """The holidays of a year in their order, days that staff took off the calendar included."""
    known = computed(year, language)
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    changes = {row.day: row for row in Holiday.objects.filter(day__range=(first, last))}
    return [
        Day(
            day,
            (change.name if change is not None else "") or known.get(day, ""),
            change is None or change.is_holiday,
            day in known,
            change,
        )
        for day in sorted({*known, *changes})
        for change in (changes.get(day),)
    ]
