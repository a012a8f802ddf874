"""How long a file has been in its state, against the target, in people's words."""

import datetime as dt

from django.utils.translation import gettext, ngettext

DAY = dt.timedelta(days=1)


def age_in_words(age: dt.timedelta, left: dt.timedelta | None) -> str:
    """`left`: until the end of the target time; past it, negative; None where none runs."""
    days = _days(age.days)
    if left is None:
        return days
    if left <= dt.timedelta():
        late = -left // DAY
        told = gettext("late by %(days)s") % {"days": _days(late)} if late else gettext("late")
    else:
        told = gettext("%(days)s left") % {"days": _days(left // DAY)}
    return f"{days} · {told}"


def _days(count: int) -> str:
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": count}
