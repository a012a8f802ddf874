"""The period of notice. Pure."""

import datetime as dt

from core.periods import ONE_DAY, add_months


def last_day_of_notice(given_on: dt.date, months: int) -> dt.date:
    """The last day of so many months that begin on the day after notice was given.

    31 January with one month ends on 28 February; months are clipped as everywhere. No months: the
    day itself.
    """
    return add_months(given_on + ONE_DAY, months) - ONE_DAY


def last_day_to_give(last_day: dt.date, months: int) -> dt.date:
    """The last day on which notice can be given that is over by `last_day`.

    Where the months are clipped it is the latest of the days that lead there: for 29 April with one
    month, 30 March, not 29.
    """
    day = add_months(last_day + ONE_DAY, -months) - ONE_DAY
    while last_day_of_notice(day + ONE_DAY, months) <= last_day:
        day += ONE_DAY
    return day
