"""End a lease: the keys are back."""

import datetime as dt

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import Action
from core.history import recorded
from core.periods import ONE_DAY, Period, today
from leases.changes import vacated
from leases.choices import ExitReason, LeaseState, VersionAct
from leases.errors import BadLeaseDate, ReasonNeeded
from leases.models import Lease
from leases.selectors.terms import terms_of
from leases.services.departures import note_who_left
from leases.services.locking import keep_version, locked
from leases.services.writing import write_terms
from leases.signals import occupation_changed
from sites.permissions import require


def end_lease(
    *,
    lease: Lease,
    last_day: dt.date,
    reason: str,
    exit_reason: ExitReason = ExitReason.OTHER,
    forwarding_address: str = "",
    acting_user: User | None,
) -> Lease:
    """The tenant was there until `last_day` included; the spaces are free from the day after.

    Before the contractual end it is an early end; after it, the end of a holding over. A lease
    that another company goes on with is ended by its assignment. Raises
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
        close(row, last_day=last_day, exit_reason=exit_reason, reason=reason)
        row.forwarding_address = forwarding_address.strip()
        row.save(update_fields=["forwarding_address"])
        keep_version(row, act=VersionAct.ENDED, why=reason.strip(), acting_user=acting_user)
        note_who_left([row.company_id], acting_user=acting_user)
        occupation_changed.send(
            sender=Lease, lease=row, days=Period(row.period.start), acting_user=acting_user
        )
    return row


def close(row: Lease, *, last_day: dt.date, exit_reason: ExitReason, reason: str) -> None:
    """Mark a *locked* lease as ended; its terms are written by the caller."""
    row.state = LeaseState.ENDED
    row.exit_on = last_day
    row.exit_reason = exit_reason
    row.end_reason = reason.strip()
    row.save(update_fields=["state", "exit_on", "exit_reason", "end_reason"])
