"""Months of a lessor, closed one after the other: nothing is dated into them any more."""

import datetime as dt

from django.db import connection
from django.utils import timezone

from accounts.models import User
from accounts.rights import Action
from billing.errors.books import (
    MonthClosed,
    MonthDeclared,
    MonthNotOver,
    NotReadyToClose,
    NotToClose,
    NotToReopen,
)
from billing.models import MonthClosing, VatReturn
from billing.permissions import require_lessor
from billing.selectors.closings import (
    booked_in,
    first_open_day,
    is_over,
    last_closed,
    may_be_closed_from,
    next_to_close,
    unfinished,
    whole,
)
from core.history import recorded
from leases.errors import ReasonNeeded
from sites.models import Lessor

_MONTHS = 7106  # the class of advisory locks, with the lessor's id: 0002_guards


def check_open(lessor: Lessor | int, day: dt.date, *, field: str | None = None) -> None:
    """To be called before anything is dated, inside the transaction that dates it: whoever closes a
    month waits until that ends. Raises MonthClosed, with the first day that is open.

    `field`: of the form, where the day was typed. The triggers refuse the same, in fewer words.
    """
    lessor_id = lessor.pk if isinstance(lessor, Lessor) else lessor
    lock_months(lessor_id, shared=True)
    first = first_open_day(lessor_id)
    if first is not None and day < first:
        name = Lessor.objects.values_list("name", flat=True).get(pk=lessor_id)
        raise MonthClosed(lessor=name, day=day, first=first, field=field)


def close_month(
    *, lessor: Lessor, month: dt.date, acting_user: User | None, anyway: bool = False
) -> MonthClosing:
    """The month, any day of it, is over for good: in order, and never the one that runs.

    `anyway`: although something is unfinished (`billing.selectors.closings.unfinished`). Raises
    NotToClose, MonthNotOver, NotReadyToClose, NotAllowed.
    """
    month = month.replace(day=1)
    with recorded(acting_user):
        require_lessor(acting_user, Action.CHANGE, "books", lessor)
        lock_months(lessor.pk, shared=False)
        following = next_to_close(lessor.pk)
        if following != month:
            raise NotToClose(month=f"{month:%Y-%m}", next=_named(following))
        if not is_over(month):
            raise MonthNotOver(month=f"{month:%Y-%m}", day=may_be_closed_from(month))
        found = [] if anyway else unfinished(lessor, month, booked_in(lessor.pk, month))
        if found:
            raise NotReadyToClose(checks=[one.check.value for one in found])
        return MonthClosing.objects.create(
            lessor=lessor, month=month, closed_at=timezone.now(), closed_by=acting_user
        )


def reopen_month(*, closing: MonthClosing, reason: str, acting_user: User | None) -> MonthClosing:
    """The last closed month is open again, unless its VAT is declared: what the tax office has is
    not changed. Twice changes nothing. Raises ReasonNeeded, NotToReopen, MonthDeclared,
    NotAllowed."""
    if not reason.strip():
        raise ReasonNeeded
    with recorded(acting_user, reason=reason):
        require_lessor(acting_user, Action.CHANGE, "books", closing.lessor)
        lock_months(closing.lessor_id, shared=False)
        row = MonthClosing.objects.select_for_update(of=("self",)).get(pk=closing.pk)
        if row.reopened_at is not None:
            return row
        if row.month != last_closed(row.lessor_id):
            raise NotToReopen
        if VatReturn.objects.filter(
            lessor=row.lessor_id, period__overlap=whole(row.month)
        ).exists():
            raise MonthDeclared(month=f"{row.month:%Y-%m}")
        row.reopened_at, row.reopened_by = timezone.now(), acting_user
        row.reason = reason.strip()
        row.save(update_fields=["reopened_at", "reopened_by", "reason"])
    return row


def lock_months(lessor_id: int, *, shared: bool) -> None:
    """Until the transaction ends: shared by all that date something, alone for whoever closes."""
    take = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {take}(%s, %s)", [_MONTHS, lessor_id])


def _named(month: dt.date | None) -> str:
    return "—" if month is None else f"{month:%Y-%m}"
