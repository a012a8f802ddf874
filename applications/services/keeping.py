"""How long a file is kept: from its end on, by the rule of that end (law 09-08)."""

import datetime as dt

from django.utils import timezone

from applications.models import Application, RetentionRule
from applications.workflow import ENDS


def set_retain_until(application: Application, now: dt.datetime) -> None:
    """Set the day from which a file may be anonymised, None while it goes on; saves nothing."""
    application.retain_until = None
    if application.state not in ENDS:
        return
    days = RetentionRule.objects.filter(state=application.state).values_list("days", flat=True)
    if (kept := days.first()) is not None:
        application.retain_until = day_after(now, kept)


def day_after(end: dt.datetime, days: int) -> dt.date:
    return timezone.localdate(end) + dt.timedelta(days=days)
