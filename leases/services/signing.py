"""Sign a lease: its terms are kept, its spaces are let."""

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import Action
from applications.selectors.terms import planned_steps
from applications.services.lease_news import lease_signed
from core.history import recorded
from core.jobs import wake_on_commit
from core.periods import today
from leases.choices import LeaseState, VersionAct
from leases.errors import BadLeaseDate, NothingLet, StayBeganBefore
from leases.models import Lease, Letting
from leases.selectors.stays import first_startup_day
from leases.selectors.terms import priced
from leases.services.departures import note_who_left
from leases.services.documents import ISSUE_TASK
from leases.services.locking import check_now, keep_version, lock_file_of, locked
from leases.signals import occupation_changed
from leases.terms import merged
from sites.choices import BookingKind, TenantKind
from sites.permissions import require
from sites.rates import Step
from sites.services import bookings
from tenants.models import Company
from tenants.services import note_presence


def sign_lease(*, lease: Lease, signed_on: dt.date, acting_user: User | None) -> Lease:
    """Book every space firmly (a hold behind an offer becomes the letting) and keep version 1.
    A job issues the contract.

    Signed twice, the second changes nothing. Raises SpaceTaken, SpaceNotLettable, NothingLet,
    StayBeganBefore, BadLeaseDate (signed in the future), WrongLeaseState, NotAllowed.
    """
    if signed_on > today():
        raise BadLeaseDate(field="signed_on", reason=_("A lease is not signed in the future."))
    with recorded(acting_user):
        lock_file_of(lease)
        # One after the other: the months of a start-up count from the first that it signs.
        Company.objects.select_for_update(no_key=True).get(pk=lease.company_id)
        row = locked(lease, states={LeaseState.DRAFT, LeaseState.SIGNED})
        require(acting_user, Action.SIGN, "lease", row.site_id)
        if row.state == LeaseState.SIGNED:
            return row
        lettings = list(
            row.lettings.select_related("space", "booking__space")
            .prefetch_related("steps", "discounts")
            .order_by("id")
        )
        if not lettings:
            raise NothingLet(number=row.number)
        _check_stay(row, lettings)
        _book(row, lettings, acting_user)
        row.state = LeaseState.SIGNED
        row.signed_on = signed_on
        row.save(update_fields=["state", "signed_on"])
        keep_version(row, act=VersionAct.SIGNED, acting_user=acting_user)
        note_presence(
            company=row.company, site=row.site, acting_user=acting_user, since=row.period.start
        )
        note_who_left([row.company_id], acting_user=acting_user)
        if row.application is not None:
            lease_signed(application=row.application, acting_user=acting_user)
        check_now()
        wake_on_commit(ISSUE_TASK)
        occupation_changed.send(sender=Lease, lease=row, days=row.period, acting_user=acting_user)
    return row


def _book(row: Lease, lettings: Sequence[Letting], acting_user: User | None) -> None:
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


def _check_stay(row: Lease, lettings: Sequence[Letting]) -> None:
    """A start-up's first rate never begins again: a draft from before another of its leases was
    signed counts the months from its own start. What an offer promised holds."""
    first = first_startup_day(row.company)
    if row.application_id is not None or first is None:
        return
    for letting in lettings:
        if letting.tenant_kind != TenantKind.STARTUP or first >= letting.period.start:
            continue
        agreed = merged(priced(letting).steps)
        anew, due = (merged(_planned(row, letting, company)) for company in (None, row.company))
        if agreed == anew != due:
            raise StayBeganBefore(number=row.number, day=first)


def _planned(row: Lease, letting: Letting, company: Company | None) -> Sequence[Step]:
    """The plan's steps, its months counted from the company's first, or from the letting's own."""
    _unit, steps = planned_steps(
        site=row.site, tenant_kind=letting.tenant_kind, period=letting.period, company=company
    )
    return steps
