"""How a lease stands on a day: its rent, whether it holds over, who is next."""

import datetime as dt
from decimal import Decimal

from django.db.models import F

from core.money import ZERO
from leases import snapshot
from leases.choices import LeaseState
from leases.models import Lease, Letting, RentStep
from leases.querysets import booked_by_others
from leases.selectors.rows import LeaseRow
from leases.selectors.terms import priced
from sites.models import Booking


def rent_on(lease: Lease, day: dt.date) -> Decimal:
    """The monthly rent of the lease's rooms on the day, DH excl. tax, from prefetched steps and
    discounts.

    Past the last step of a tenant who holds over, the last rate goes on.
    """
    return sum((rent_of(letting, day) for letting in lettings_on(lease, day)), ZERO)


def lettings_on(lease: Lease, day: dt.date) -> list[Letting]:
    """Of the prefetched lettings those that the tenant has on the day."""
    return [letting for letting in lease.lettings.all() if is_there(letting, day)]


def step_on(letting: Letting, day: dt.date) -> RentStep | None:
    """The last step that has begun by the day, of the prefetched; None: none has."""
    begun = [step for step in letting.steps.all() if step.period.start <= day]
    return max(begun, key=lambda step: step.period.start, default=None)


def rent_of(letting: Letting, day: dt.date) -> Decimal:
    """The room's rent of a whole month at the rate and the discount of the day, DH excl. tax."""
    return snapshot.rent_of(priced(letting), day)


def is_there(letting: Letting, day: dt.date) -> bool:
    """Whether the room is let on the day, or held over: what was given up before its lease's term
    is not."""
    ends, term = letting.period.end, letting.lease.period.end
    to_the_term = ends is not None and term is not None and ends >= term
    return day in letting.period or (to_the_term and is_holding_over(letting.lease, day))


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


def is_holding_over(lease: Lease | LeaseRow, day: dt.date) -> bool:
    """Handed over, past the term, and nobody has given the keys back."""
    return lease.state == LeaseState.ACTIVE and lease.period.is_past(day)
