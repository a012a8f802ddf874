"""No lease ends by itself: past its end without an exit, the tenant is still there."""

import logging

from core.history import recorded
from core.periods import ONE_DAY, today
from leases.choices import LeaseState
from leases.models import Lease
from leases.services.locking import check_now, locked
from leases.services.occupation import let_until
from sites.errors import SpaceTaken

logger = logging.getLogger(__name__)


def carry_on() -> dict[str, SpaceTaken]:
    """Carry the bookings of every lease holding over through today, at the last rate.

    Each lease in its own transaction; however many days were missed, one run makes up for them.
    Returns the leases (by number) that could not go on because somebody else's booking is next.
    """
    blocked = {}
    for lease in Lease.objects.holding_over(today()).order_by("id"):
        try:
            _carry(lease)
        except SpaceTaken as error:
            logger.warning("Lease %s holds over into another booking: %s", lease.number, error)
            blocked[lease.number] = error
    return blocked


def _carry(lease: Lease) -> None:
    with recorded(None, reason="holding over"):
        row = locked(lease, states=set(LeaseState))
        if row.state != LeaseState.ACTIVE or not row.period.is_past(today()):
            return  # ended or renewed meanwhile
        through = today() + ONE_DAY
        for letting in row.lettings.select_related("space", "booking__space"):
            end = letting.period.end
            # A room given up before the lease's end does not come back.
            if end is not None and row.period.end is not None and row.period.end <= end < through:
                let_until(letting, through, acting_user=None)
        check_now()
