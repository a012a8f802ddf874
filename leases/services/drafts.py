"""Draft a lease, from an accepted offer or by hand; change it; cancel one before it is active."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from django.utils import timezone

from accounts.models import User
from accounts.rights import Action
from applications.models import Application, Offer
from applications.selectors.terms import preview_terms
from applications.services.lease_news import lease_cancelled
from applications.terms import Terms, from_json
from core import numbering
from core.history import recorded
from core.periods import Period
from leases.choices import LeaseState
from leases.errors import (
    LeaseAlreadySigned,
    NothingChanges,
    NothingLet,
    OfferStands,
    ReasonNeeded,
)
from leases.models import Lease
from leases.selectors.list_rates import list_rate
from leases.selectors.terms import rent_rhythm, terms_of
from leases.services.departures import note_who_left
from leases.services.locking import check_now, lock_file_of, locked
from leases.services.writing import write_terms
from leases.signals import occupation_changed
from leases.terms import LeaseTerms, LettingTerms
from sites.choices import TenantKind
from sites.errors import WrongSite
from sites.models import RatePlan, Site, Space
from sites.permissions import require
from sites.services import bookings
from tenants.errors import AlreadyMerged
from tenants.models import Company
from tenants.services import note_presence


def draft_lease(
    *,
    site: Site,
    company: Company,
    tenant_kind: str,
    period: Period,
    spaces: Sequence[Space],
    tacit_months: int | None = None,
    notice_months: int | None = None,
    acting_user: User | None,
) -> Lease:
    """A draft at the site's rates of the first day; it books nothing before it is signed.

    `notice_months` None: what is usual.
    Raises NothingLet, WrongSite, NoRatePlan, SpaceNotMeasured, NotAllowed, AlreadyMerged for a
    record that is a pointer to another.
    """
    require(acting_user, Action.ADD, "lease", site.pk)
    if bool(spaces) == (tenant_kind == TenantKind.DOMICILIATION):
        raise NothingLet(number="")
    with recorded(acting_user):
        # Locked against a merge, which moves the leases it finds and would miss this one.
        company = Company.objects.select_for_update(no_key=True).get(pk=company.pk)
        if company.merged_into_id is not None:
            raise AlreadyMerged(company=company.name)
        lease = open_lease(site, company, tenant_kind, period)
        lettings, deposit = [], Decimal(0)
        wanted: list[Space | None] = list(spaces) or [None]
        for space in wanted:
            if space is not None and space.site_id != site.pk:
                raise WrongSite(space=space.code, site=site.name)
            terms = preview_terms(
                site=site, space=space, tenant_kind=tenant_kind, period=period, company=company
            )
            lettings.append(drafted_letting(site, space, tenant_kind, period, terms))
            deposit += terms.deposit
        drafted = LeaseTerms(
            company.pk, tenant_kind, period, deposit, tuple(lettings), tacit_months=tacit_months
        )
        if notice_months is not None:
            lease.notice_months = notice_months
            lease.save(update_fields=["notice_months"])
        write_terms(lease, drafted, acting_user=acting_user)
        note_presence(company=company, site=site, acting_user=acting_user, since=period.start)
    return lease


def draft_from_offer(*, application: Application, offer: Offer, acting_user: User | None) -> Lease:
    """The draft that an accepted offer gives, at its frozen terms, on its hold; once."""
    with recorded(acting_user):
        known = (
            Lease.objects.filter(application=application)
            .exclude(state=LeaseState.CANCELLED)
            .first()
        )
        if known is not None:
            return known
        if application.company is None:
            raise ValueError("an accepted application has its company")
        # A cancelled draft of an earlier offer lets the application go.
        Lease.objects.filter(application=application).update(application=None)
        lease = open_lease(application.site, application.company, offer.tenant_kind, offer.period)
        lease.application = application
        lease.save(update_fields=["application"])
        terms = Terms(
            offer.area_m2, offer.unit, from_json(offer.steps), offer.monthly_rent, offer.deposit
        )
        letting = drafted_letting(
            application.site, offer.space, offer.tenant_kind, offer.period, terms
        )
        drafted = LeaseTerms(
            application.company.pk, offer.tenant_kind, offer.period, offer.deposit, (letting,)
        )
        (let,) = write_terms(lease, drafted, acting_user=acting_user)
        if offer.booking is not None:
            let.booking = offer.booking
            let.save(update_fields=["booking"])
        check_now()
    return lease


def drafted_letting(
    site: Site, space: Space | None, tenant_kind: str, period: Period, terms: Terms
) -> LettingTerms:
    """A letting at the terms of a plan or an offer; its rent bears the VAT of its space's kind, and
    where less is asked than the site's list price of the first day, that is kept beside it."""
    return LettingTerms(
        space_id=space.pk if space is not None else None,
        space=space.code if space is not None else None,
        tenant_kind=tenant_kind,
        area_m2=terms.area_m2,
        period=period,
        unit=terms.unit,
        steps=tuple(terms.steps),
        rhythm=rent_rhythm(space),
        list_rate=None if space is None else list_rate(site, tenant_kind, period.start),
    )


def change_draft(
    *, lease: Lease, after: LeaseTerms, reason: str, acting_user: User | None
) -> Lease:
    """Other terms of a draft: a charge, a discount, another rent agreed before anybody signs.

    What an offer promised stays: only charges, discounts and the tacit renewal of its lease change.
    Raises OfferStands, NothingChanges, BadTerms, ReasonNeeded, WrongLeaseState, NotAllowed.
    """
    if not reason.strip():
        raise ReasonNeeded
    with recorded(acting_user, reason=reason):
        row = locked(lease, states={LeaseState.DRAFT})
        require(acting_user, Action.CHANGE, "lease", row.site_id)
        before = terms_of(row)
        if after == before:
            raise NothingChanges
        if row.application_id is not None and _promised(after) != _promised(before):
            raise OfferStands(number=row.number)
        write_terms(row, after, acting_user=acting_user)
    return row


def _promised(terms: LeaseTerms) -> LeaseTerms:
    """What of the terms an offer names."""
    lettings = (replace(let, charges=(), discounts=()) for let in terms.lettings)
    return replace(terms, lettings=tuple(lettings), charges=(), tacit_months=None)


def cancel_lease(*, lease: Lease, reason: str, acting_user: User | None) -> Lease:
    """Cancel a draft or a signed lease that was not handed over; its space is free again.

    Raises WrongLeaseState, ReasonNeeded, NotAllowed.
    """
    if not reason.strip():
        raise ReasonNeeded
    with recorded(acting_user, reason=reason):
        lock_file_of(lease)
        row = locked(lease, states={LeaseState.DRAFT, LeaseState.SIGNED})
        require(acting_user, Action.CHANGE, "lease", row.site_id)
        _cancel(row, reason, acting_user)
    return row


def cancel_unwanted(*, application: Application, reason: str, acting_user: User | None) -> None:
    """The applicant withdraws: their draft lease is cancelled. They need no right on leases.

    Raises LeaseAlreadySigned: a signed one is cancelled by the site's manager.
    """
    lease = (
        Lease.objects.filter(application=application).exclude(state=LeaseState.CANCELLED).first()
    )
    if lease is None:
        return
    if lease.state != LeaseState.DRAFT:
        raise LeaseAlreadySigned(number=lease.number)
    with recorded(acting_user, reason=reason):
        _cancel(locked(lease, states={LeaseState.DRAFT}), reason, acting_user)


def _cancel(row: Lease, reason: str, acting_user: User | None) -> None:
    was_signed = row.state == LeaseState.SIGNED
    taken = []
    for letting in row.lettings.select_related("booking__space"):
        if letting.booking is not None:
            taken.append(letting.booking)
            letting.booking = None
            letting.save(update_fields=["booking"])
    row.state = LeaseState.CANCELLED
    row.cancelled_at = timezone.now()
    row.end_reason = reason.strip()
    row.save(update_fields=["state", "cancelled_at", "end_reason"])
    if row.application is not None:
        lease_cancelled(application=row.application, reason=reason, acting_user=acting_user)
    for booking in taken:
        bookings.release(booking=booking, acting_user=acting_user)
    check_now()
    if was_signed:
        note_who_left([row.company_id], acting_user=acting_user)
        occupation_changed.send(sender=Lease, lease=row, days=row.period, acting_user=acting_user)


def open_lease(site: Site, company: Company, tenant_kind: str, period: Period) -> Lease:
    """A draft without terms, under the site's next number; its maximum stay is that of the plan of
    its first day."""
    year = period.start.year
    number = numbering.take(scope=site.code, series="lease", year=year)
    return Lease.objects.create(
        number=f"{site.code}-{year}-{number:04d}",
        site=site,
        company=company,
        tenant_kind=tenant_kind,
        period=period,
        maximum_stay_months=RatePlan.objects.for_tenant(
            site_id=site.pk, tenant_kind=tenant_kind, day=period.start
        )
        .values_list("maximum_stay_months", flat=True)
        .first(),
    )
