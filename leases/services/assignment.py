"""Assign a lease: another company goes on with it, under a lease of its own."""

import datetime as dt
from collections.abc import Collection

from django.db.models import Min
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import Action
from core.history import recorded
from core.periods import ONE_DAY, Period, today
from leases.changes import assigned, vacated
from leases.choices import DepositAct, DepositMethod, ExitReason, LeaseState, VersionAct
from leases.errors import BadLeaseDate, NoticeStands, ReasonNeeded, SameCompany
from leases.models import DepositEntry, Lease, Letting, Notice
from leases.selectors.deposits import deposit_of
from leases.selectors.terms import terms_of
from leases.services.departures import note_who_left
from leases.services.drafts import open_lease
from leases.services.exits import close
from leases.services.locking import keep_version, locked
from leases.services.writing import write_terms
from leases.signals import occupation_changed
from sites.choices import HOSTED_KINDS
from sites.permissions import require
from tenants.choices import Closing
from tenants.errors import AlreadyMerged, CannotSucceed
from tenants.models import Company
from tenants.services import note_presence, note_succession


def assign_lease(
    *,
    lease: Lease,
    company: Company,
    since: dt.date,
    reason: str,
    acting_user: User | None,
    succeeds: bool = False,
) -> Lease:
    """The lease ends on the day before `since`; the one returned goes on from that day, for the
    other company, on the same terms to the same end (cession du bail).

    The keys stay out and the deposit that is held moves over. A notice does not: it is withdrawn
    first, or given anew. `succeeds`: the other company is what has become of this one (a merger,
    another legal person), so that its stay goes on.

    Raises SameCompany, AlreadyMerged, NoticeStands, BadLeaseDate (in the future, on the first day,
    or after the term), CannotSucceed, ReasonNeeded, WrongLeaseState, NotAllowed.
    """
    if since > today():
        raise BadLeaseDate(field="since", reason=_("The day has not come yet."))
    if not reason.strip():
        raise ReasonNeeded
    with recorded(acting_user, reason=reason):
        # Locked against a merge, which moves the leases it finds and would miss the new one.
        company = Company.objects.select_for_update(no_key=True).get(pk=company.pk)
        row = locked(lease, states={LeaseState.ACTIVE})
        require(acting_user, Action.SIGN, "lease", row.site_id)
        _check(row, company, since)
        if succeeds:
            _succeed(row.company, company, since, acting_user)
        terms = terms_of(row)
        following = _go_on(row, company, since)
        write_terms(row, vacated(terms, since), acting_user=acting_user)
        close(row, last_day=since - ONE_DAY, exit_reason=ExitReason.ASSIGNED, reason=reason.strip())
        write_terms(following, assigned(terms, since, company.pk), acting_user=acting_user)
        move_deposit(row, following, since, acting_user)
        for each in (row, following):
            keep_version(each, act=VersionAct.ASSIGNED, why=reason.strip(), acting_user=acting_user)
        if succeeds:
            note_who_left([row.company_id], closing=Closing.SUCCEEDED, acting_user=acting_user)
        note_who_left([row.company_id, company.pk], acting_user=acting_user)
        note_presence(company=company, site=row.site, acting_user=acting_user, since=since)
        occupation_changed.send(
            sender=Lease, lease=row, days=Period(row.period.start), acting_user=acting_user
        )
    return following


def _check(row: Lease, company: Company, since: dt.date) -> None:
    if company.merged_into_id is not None:
        raise AlreadyMerged(company=company.name)
    if company.pk == row.company_id:
        raise SameCompany
    standing = Notice.objects.standing().filter(lease=row).first()
    if standing is not None:
        raise NoticeStands(day=standing.last_day)
    if since <= row.period.start:
        reason = _("The first tenant keeps at least one day.")
        raise BadLeaseDate(field="since", reason=reason)
    if row.period.is_past(since):
        reason = _("The term is over by then: renew the lease first.")
        raise BadLeaseDate(field="since", reason=reason)


def _succeed(
    predecessor: Company, company: Company, since: dt.date, acting_user: User | None
) -> None:
    """One stay of two companies, on all of their days. Raises CannotSucceed."""
    new = note_succession(
        company=company, predecessor=predecessor, since=since, acting_user=acting_user
    )
    hosted_before = Letting.objects.counting().filter(
        lease__company=company, tenant_kind__in=HOSTED_KINDS, period__startswith__lt=since
    )
    if new and hosted_before.exists():
        reason = _("it was hosted before that day itself")
        raise CannotSucceed(company=company.name, predecessor=predecessor.name, reason=reason)
    tell_of_stays([predecessor.pk, company.pk], acting_user)


def tell_of_stays(companies: Collection[int], acting_user: User | None) -> None:
    """Whose days are counted as one company's, or no more: figures of all of them may change."""
    leases = Lease.objects.counting().filter(company__in=companies)
    first = leases.aggregate(day=Min("period__startswith"))["day"]
    if first is not None:
        occupation_changed.send(
            sender=Lease, lease=None, days=Period(first), acting_user=acting_user
        )


def _go_on(row: Lease, company: Company, since: dt.date) -> Lease:
    """The other company's lease, still without terms."""
    following = open_lease(row.site, company, row.tenant_kind, Period(since, row.period.end))
    following.follows = row
    following.state = LeaseState.ACTIVE
    following.signed_on = following.handed_over_on = since
    following.deposit_waiver = row.deposit_waiver
    following.notice_months = row.notice_months
    following.maximum_stay_months = row.maximum_stay_months
    following.save()
    return following


def move_deposit(row: Lease, following: Lease, on: dt.date, acting_user: User | None) -> None:
    """What is held goes over to the other lease: an entry in each ledger."""
    held = deposit_of(row).held
    if not held:
        return
    moves = ((row, DepositAct.RETURNED, following), (following, DepositAct.RECEIVED, row))
    for lease, act, other in moves:
        DepositEntry.objects.create(
            lease=lease,
            act=act,
            amount=held,
            on=on,
            method=DepositMethod.MOVED,
            note=_("Assignment of the lease: %(number)s") % {"number": other.number},
            acting_user=acting_user,
        )
