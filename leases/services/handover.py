"""Hand the keys over: the lease is active."""

import datetime as dt

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import Action
from applications.services.lease_news import become_tenant
from core import formats
from core.history import recorded
from core.periods import Period, today
from leases.choices import LeaseState
from leases.errors import BadLeaseDate, DepositMissing
from leases.models import Lease
from leases.selectors.deposits import deposit_of
from leases.services.locking import lock_file_of, locked
from leases.signals import occupation_changed
from sites.permissions import require


def hand_over(*, lease: Lease, on: dt.date, acting_user: User | None) -> Lease:
    """The tenant has the keys since `on`. A second time changes nothing.

    Not before the lease's first day: until then the rooms may be somebody else's. So a lease that
    was handed over by mistake can always be ended, on its first day at the earliest. Raises
    BadLeaseDate (in the future, before the lease starts or is signed), DepositMissing unless it
    was waived, WrongLeaseState, NotAllowed.
    """
    if on > today():
        raise BadLeaseDate(field="on", reason=_("Keys are not handed over in the future."))
    with recorded(acting_user):
        lock_file_of(lease)
        row = locked(lease, states={LeaseState.SIGNED, LeaseState.ACTIVE})
        require(acting_user, Action.HAND_OVER, "lease", row.site_id)
        if row.state == LeaseState.ACTIVE:
            return row
        _check_day(row, on)
        missing = deposit_of(row).missing
        if missing and not row.deposit_waiver:
            raise DepositMissing(missing=missing)
        row.state = LeaseState.ACTIVE
        row.handed_over_on = on
        row.save(update_fields=["state", "handed_over_on"])
        if row.application is not None:
            become_tenant(application=row.application, acting_user=acting_user)
        if row.period.is_past(today()):  # handed over late: from now on it is holding over
            days = Period(row.period.start)
            occupation_changed.send(sender=Lease, lease=row, days=days, acting_user=acting_user)
    return row


def _check_day(lease: Lease, on: dt.date) -> None:
    """The lease is in force and its terms are signed when the keys change hands."""
    language = get_language() or "fr"
    if on < lease.period.start:
        start = formats.day(lease.period.start, language)
        reason = _("The lease starts on %(day)s: keys are not handed over before.") % {"day": start}
        raise BadLeaseDate(field="on", reason=reason)
    if lease.signed_on is not None and on < lease.signed_on:
        signed = formats.day(lease.signed_on, language)
        reason = _("The lease was signed on %(day)s: keys are not handed over before.") % {
            "day": signed
        }
        raise BadLeaseDate(field="on", reason=reason)
