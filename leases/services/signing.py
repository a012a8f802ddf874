"""Sign a lease: its terms are kept, its spaces are let."""

import datetime as dt

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import Action
from applications.services.lease_news import lease_signed
from core.history import recorded
from core.jobs import wake_on_commit
from core.periods import today
from leases.choices import LeaseState, VersionAct
from leases.errors import BadLeaseDate, NothingLet
from leases.models import Lease
from leases.services.documents import ISSUE_TASK
from leases.services.locking import check_now, keep_version, locked
from leases.signals import occupation_changed
from sites.choices import BookingKind
from sites.permissions import require
from sites.services import bookings
from tenants.services import note_presence


def sign_lease(*, lease: Lease, signed_on: dt.date, acting_user: User | None) -> Lease:
    """Book every space firmly (a hold behind an offer becomes the letting) and keep version 1.
    A job issues the contract.

    Signed twice, the second changes nothing. Raises SpaceTaken, SpaceNotLettable, NothingLet,
    BadLeaseDate (signed in the future), WrongLeaseState, NotAllowed.
    """
    if signed_on > today():
        raise BadLeaseDate(field="signed_on", reason=_("A lease is not signed in the future."))
    with recorded(acting_user):
        row = locked(lease, states={LeaseState.DRAFT, LeaseState.SIGNED})
        require(acting_user, Action.SIGN, "lease", row.site_id)
        if row.state == LeaseState.SIGNED:
            return row
        lettings = list(row.lettings.select_related("space", "booking__space").order_by("id"))
        if not lettings:
            raise NothingLet(number=row.number)
        bookings.lock_spaces(letting.space for letting in lettings if letting.space)
        for letting in lettings:
            if letting.space is None:
                continue
            if letting.booking is not None:
                bookings.turn_into_letting(
                    booking=letting.booking, label=row.number, acting_user=acting_user
                )
                continue
            letting.booking = bookings.book(
                space=letting.space,
                period=letting.period,
                kind=BookingKind.LETTING,
                label=row.number,
                acting_user=acting_user,
            )
            letting.save(update_fields=["booking"])
        row.state = LeaseState.SIGNED
        row.signed_on = signed_on
        row.save(update_fields=["state", "signed_on"])
        keep_version(row, act=VersionAct.SIGNED, acting_user=acting_user)
        note_presence(
            company=row.company, site=row.site, acting_user=acting_user, since=row.period.start
        )
        if row.application is not None:
            lease_signed(application=row.application, acting_user=acting_user)
        check_now()
        wake_on_commit(ISSUE_TASK)
        occupation_changed.send(sender=Lease, lease=row, days=row.period, acting_user=acting_user)
    return row
