"""Hand the keys over: the lease is active."""

import datetime as dt

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import Action
from applications.services.lease_news import become_tenant
from core.history import recorded
from core.periods import today
from leases.choices import LeaseState
from leases.errors import BadLeaseDate
from leases.models import Lease
from leases.services.locking import locked
from leases.signals import occupation_changed
from sites.permissions import require


def hand_over(*, lease: Lease, on: dt.date, acting_user: User | None) -> Lease:
    """The tenant has the keys since `on`. A second time changes nothing.

    Raises BadLeaseDate (in the future), WrongLeaseState, NotAllowed.
    """
    if on > today():
        raise BadLeaseDate(field="on", reason=_("Keys are not handed over in the future."))
    with recorded(acting_user):
        row = locked(lease, states={LeaseState.SIGNED, LeaseState.ACTIVE})
        require(acting_user, Action.HAND_OVER, "lease", row.site_id)
        if row.state == LeaseState.ACTIVE:
            return row
        row.state = LeaseState.ACTIVE
        row.handed_over_on = on
        row.save(update_fields=["state", "handed_over_on"])
        if row.application is not None:
            become_tenant(application=row.application, acting_user=acting_user)
        if row.period.is_past(today()):  # handed over late: from now on it is holding over
            occupation_changed.send(
                sender=Lease, lease=row, days=row.period, acting_user=acting_user
            )
    return row
