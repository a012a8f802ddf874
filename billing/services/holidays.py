"""Public holidays that staff know better than the calendar: the moon decides."""

import datetime as dt

from accounts.models import User
from accounts.rights import Action
from billing.models import Holiday
from core.history import recorded
from sites.permissions import require


def set_holiday(
    *, day: dt.date, is_holiday: bool, name: str = "", acting_user: User | None
) -> Holiday:
    """Whether banks work on a day, whatever the calendar says. For invoices issued from now on.

    Raises ValidationError, NotAllowed: it is the network's.
    """
    with recorded(acting_user):
        require(acting_user, Action.CHANGE, "billing", None)
        row = Holiday.objects.select_for_update().filter(day=day).first() or Holiday(day=day)
        row.is_holiday, row.name = is_holiday, name.strip()
        row.full_clean()
        row.save()
    return row


def forget_holiday(*, holiday: Holiday, acting_user: User | None) -> None:
    """The calendar is right again. Raises NotAllowed."""
    with recorded(acting_user):
        require(acting_user, Action.CHANGE, "billing", None)
        holiday.delete()
