"""When an invoice is to be paid: so many days after it was issued, and not before the lease lets it
be asked for, on a day that banks work. Pure.

Fixed public holidays are those of Morocco; the moon's are estimated, as `holidays` does, and what
people know better goes before (`changes`: by day, whether it is a holiday).
"""

import datetime as dt
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import holidays

from core.periods import ONE_DAY

Changes = Mapping[dt.date, bool]
NO_CHANGES: Changes = MappingProxyType({})


def due_on(
    issued_on: dt.date,
    payment_days: int,
    changes: Changes = NO_CHANGES,
    asked_from: dt.date | None = None,
) -> dt.date:
    """The first working day from `payment_days` after the issue on, or from `asked_from` on where
    that is later: a rent in advance is not due before its first day, however early it is billed."""
    day = issued_on + dt.timedelta(days=payment_days)
    day = max(day, asked_from or day)
    while not is_working_day(day, changes):
        day += ONE_DAY
    return day


def is_working_day(day: dt.date, changes: Changes = NO_CHANGES) -> bool:
    return day.weekday() < 5 and not changes.get(day, day in computed(day.year))


@cache
def computed(year: int, language: str = "fr") -> Mapping[dt.date, str]:
    """The public holidays of a year as far as they can be computed, with their names."""
    found = holidays.country_holidays("MA", years=year, language=_LANGUAGES.get(language, "fr"))
    return MappingProxyType(dict(sorted(found.items())))


_LANGUAGES = {"ar": "ar", "fr": "fr", "en": "en_US"}
