"""How long a file has been in its state, against the target, in people's words."""

import datetime as dt
from functools import lru_cache

from django.utils.translation import get_language, gettext, ngettext

DAY = dt.timedelta(days=1)


def age_in_words(age: dt.timedelta, left: dt.timedelta | None) -> str:
    """`left`: until the end of the target time; past it, negative; None where none runs."""
    days = _days(age.days)
    if left is None:
        return days
    if left <= dt.timedelta():
        late = -left // DAY
        told = gettext("late")
        if late:
            told = ngettext("late by %(count)s day", "late by %(count)s days", late)
            told %= {"count": late}
    else:
        rest = left // DAY
        told = ngettext("%(count)s day left", "%(count)s days left", rest) % {"count": rest}
    return f"{days} · {told}"


def _days(count: int) -> str:
    return _days_in(get_language(), count)


@lru_cache(maxsize=1024)
def _days_in(_language: str | None, count: int) -> str:
    """A board says it hundreds of times, of few different days."""
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": count}
