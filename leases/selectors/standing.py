"""How a lease stands on a day: its rent, whether it holds over, who is next."""

import datetime as dt
from decimal import Decimal

from django.db.models import F

from core.money import ZERO
from leases.choices import LeaseState
from leases.models import Lease
from leases.querysets import booked_by_others
from sites.models import Booking
from sites.rates import monthly_rent


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
