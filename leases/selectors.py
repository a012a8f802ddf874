"""Reads across leases and companies."""

import datetime as dt
from decimal import Decimal

from django.db.models import Exists, F, OuterRef

from core.money import ZERO
from core.periods import today
from leases.choices import LeaseState
from leases.models import Lease, Letting
from leases.querysets import LettingQuerySet, booked_by_others
from sites.choices import HOSTED_KINDS
from sites.models import Booking
from sites.rates import monthly_rent
from tenants.models import Company
from tenants.querysets import CompanyQuerySet


def hosting_lettings(on: dt.date) -> LettingQuerySet:
    """The lettings that make a company hosted on the day, as the indicators count it."""
    return Letting.objects.occupied_on(on, today()).filter(lease__tenant_kind__in=HOSTED_KINDS)


def listed_companies(on: dt.date, *, site_code: str = "") -> CompanyQuerySet:
    """The public directory: companies hosted on the day that agreed to be listed."""
    lettings = hosting_lettings(on).filter(lease__company=OuterRef("pk"))
    if site_code:
        lettings = lettings.filter(lease__site__code=site_code)
    return Company.objects.current().filter(Exists(lettings), in_directory=True)


def rent_on(lease: Lease, day: dt.date) -> Decimal:
    """The monthly rent of the lease's rooms on the day, DH excl. tax, from prefetched steps.

    Past the last step of a tenant who holds over, the last rate goes on.
    """
    total = ZERO
    for letting in lease.lettings.all():
        steps = sorted(letting.steps.all(), key=lambda step: step.period.start)
        begun = [step for step in steps if step.period.start <= day]
        if begun and (day in letting.period or is_holding_over(lease, day)):
            step = begun[-1]
            total += monthly_rent(step.rate, unit=step.unit, area_m2=letting.area_m2)
    return total


def booked_next(lease: Lease) -> list[Booking]:
    """What others have booked in the rooms that the lease ran to its end with, the next first."""
    return list(
        booked_by_others(lease.company)
        .filter(
            space__lettings__lease=lease,
            space__lettings__period__endswith__gte=lease.period.end,
            space__lettings__period__endswith__lte=F("period__startswith"),
        )
        .select_related("space")
        .order_by("period", "id")
    )


def is_holding_over(lease: Lease, day: dt.date) -> bool:
    """Handed over, past the term, and nobody has given the keys back."""
    return lease.state == LeaseState.ACTIVE and lease.period.is_past(day)
