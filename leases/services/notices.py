"""Notice of the end of a lease: given, withdrawn. It ends nothing by itself: the exit does."""

import datetime as dt

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import Action
from core.history import recorded
from core.periods import Period, today
from leases.choices import LeaseState, NoticeBy
from leases.errors import BadLeaseDate, NoNotice, NoticeStands, ReasonNeeded
from leases.models import Lease, Notice
from leases.notice import last_day_of_notice
from leases.services.locking import locked
from leases.signals import notice_changed
from sites.permissions import require


def give_notice(
    *,
    lease: Lease,
    given_by: NoticeBy,
    given_on: dt.date,
    last_day: dt.date | None = None,
    reason: str = "",
    acting_user: User | None,
) -> Notice:
    """Note that the lease is to end; the last day follows from the lease's notice period.

    An earlier `last_day` is agreed, and wants a reason. Raises NoticeStands, BadLeaseDate,
    ReasonNeeded, WrongLeaseState, NotAllowed.
    """
    if given_on > today():
        raise BadLeaseDate(field="given_on", reason=_("Notice is not given in the future."))
    with recorded(acting_user, reason=reason):
        row = locked(lease, states={LeaseState.SIGNED, LeaseState.ACTIVE})
        require(acting_user, Action.CHANGE, "lease", row.site_id)
        standing = Notice.objects.standing().filter(lease=row).first()
        if standing is not None:
            raise NoticeStands(day=standing.last_day)
        due = last_day_of_notice(given_on, row.notice_months)
        last_day = last_day or due
        if last_day < max(given_on, row.period.start):
            raise BadLeaseDate(
                field="last_day", reason=_("The last day is before the notice or the lease.")
            )
        if last_day < due and not reason.strip():
            raise ReasonNeeded
        notice = Notice.objects.create(
            lease=row,
            given_by=given_by,
            given_on=given_on,
            last_day=last_day,
            reason=reason.strip(),
        )
        notice_changed.send(sender=Lease, lease=row, days=Period(given_on), acting_user=acting_user)
    return notice


def withdraw_notice(*, lease: Lease, on: dt.date, reason: str, acting_user: User | None) -> Notice:
    """The lease goes on as if no notice had been given. Raises NoNotice, ReasonNeeded,
    BadLeaseDate, WrongLeaseState, NotAllowed."""
    if not reason.strip():
        raise ReasonNeeded
    with recorded(acting_user, reason=reason):
        row = locked(lease, states={LeaseState.SIGNED, LeaseState.ACTIVE})
        require(acting_user, Action.CHANGE, "lease", row.site_id)
        notice = Notice.objects.standing().filter(lease=row).first()
        if notice is None:
            raise NoNotice
        if not notice.given_on <= on <= today():
            raise BadLeaseDate(
                field="on", reason=_("It is withdrawn after it was given, and not in the future.")
            )
        notice.withdrawn_on = on
        notice.withdrawal_reason = reason.strip()
        notice.save(update_fields=["withdrawn_on", "withdrawal_reason"])
        notice_changed.send(sender=Lease, lease=row, days=Period(on), acting_user=acting_user)
    return notice
