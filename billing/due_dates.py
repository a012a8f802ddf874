"""When an invoice is to be paid: so many days after it was issued, on a day that banks work. Pure.

Fixed public holidays are those of Morocco; the moon's are estimated, as `holidays` does.
"""

import datetime as dt
from functools import cache

import holidays

from core.periods import ONE_DAY


def due_on(issued_on: dt.date, payment_days: int) -> dt.date:
    """The first working day from `payment_days` after the issue on."""
    day = issued_on + dt.timedelta(days=payment_days)
    while not is_working_day(day):
        day += ONE_DAY
    return day


def is_working_day(day: dt.date) -> bool:
    return day.weekday() < 5 and day not in _holidays(day.year)


@cache
def _holidays(year: int) -> frozenset[dt.date]:
    return frozenset(holidays.country_holidays("MA", years=year))
