"""End a lease: the keys are back."""

import datetime as dt

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import Action
from core.history import recorded
from core.periods import ONE_DAY, Period, today
from leases.changes import vacated
from leases.choices import LeaseState, VersionAct
from leases.errors import BadLeaseDate, ReasonNeeded
from leases.models import Lease
from leases.selectors.terms import terms_of
from leases.services.locking import keep_version, locked
from leases.services.writing import write_terms
from leases.signals import occupation_changed
from sites.permissions import require


def end_lease(*, lease: Lease, last_day: dt.date, reason: str, acting_user: User | None) -> Lease:
    """The tenant was there until `last_day` included; the spaces are free from the day after.

    Before the contractual end it is an early end; after it, the end of a holding over. Raises
    BadLeaseDate (in the future, or before the start), ReasonNeeded, WrongLeaseState, NotAllowed.
    """
    if last_day > today():
        raise BadLeaseDate(field="last_day", reason=_("The last day has not come yet."))
    if not reason.strip():
        raise ReasonNeeded
    with recorded(acting_user, reason=reason):
        row = locked(lease, states={LeaseState.ACTIVE})
        require(acting_user, Action.HAND_OVER, "lease", row.site_id)
        if last_day < row.period.start:
            raise BadLeaseDate(
                field="last_day", reason=_("The last day is before the lease starts.")
            )
        after = vacated(terms_of(row), last_day + ONE_DAY)
        write_terms(row, after, acting_user=acting_user)
        row.state = LeaseState.ENDED
        row.exit_on = last_day
        row.end_reason = reason.strip()
        row.save(update_fields=["state", "exit_on", "end_reason"])
        keep_version(row, act=VersionAct.ENDED, why=reason.strip(), acting_user=acting_user)
        occupation_changed.send(
            sender=Lease, lease=row, days=Period(row.period.start), acting_user=acting_user
        )
    return row
