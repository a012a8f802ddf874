"""The period of notice. Pure."""

import datetime as dt

from core.periods import ONE_DAY, add_months


def last_day_of_notice(given_on: dt.date, months: int) -> dt.date:
    """The last day of so many months that begin on the day after notice was given.

    31 January with one month ends on 28 February; months are clipped as everywhere. No months: the
    day itself.
    """
    return add_months(given_on + ONE_DAY, months) - ONE_DAY
