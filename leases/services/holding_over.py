"""No lease ends by itself: past its end without an exit, the tenant is still there."""

import logging

from django.db import transaction

from core import messages
from core.history import recorded
from core.models import Message
from core.periods import ONE_DAY, today
from leases.changes import carried_on
from leases.choices import LeaseState
from leases.letters import next_waits
from leases.models import Lease
from leases.selectors.standing import booked_next, is_holding_over
from leases.selectors.terms import terms_of
from leases.services.locking import locked
from leases.services.writing import write_terms
from sites.errors import SpaceTaken
from sites.selectors import managers_of

logger = logging.getLogger(__name__)


def carry_on() -> dict[str, SpaceTaken]:
    """Carry the bookings of every lease holding over through today, at the last rate.

    Each lease in its own transaction; however many days were missed, one run makes up for them.
    Returns the leases (by number) that could not go on because somebody else's booking is next.
    """
    blocked = {}
    for lease in Lease.objects.holding_over(today()).order_by("id"):
        taken = _carry(lease)
        if taken is not None:
            logger.warning("Lease %s holds over into another booking: %s", lease.number, taken)
            blocked[lease.number] = taken
    return blocked


def warn_managers() -> int:
    """Write to the managers of the site, once, when a tenant holding over keeps the next one out.

    Before the next booking's first day, too: that is when there is time to act. Returns how many
    leases it was written about.
    """
    return sum(_warn(lease) for lease in Lease.objects.keeping_the_next_out(today()).order_by("id"))


def _warn(lease: Lease) -> bool:
    with recorded(None, reason="holding over"):
        row = locked(lease, states=set(LeaseState))
        following = booked_next(row)
        if not (is_holding_over(row, today()) and following):
            return False  # ended, renewed or free meanwhile
        matter = f"lease:{row.pk}:next:{following[0].pk}"
        if Message.objects.filter(matter=matter).exists():
            return False
        managers = managers_of(row.site)
        for manager in managers:
            letter = next_waits(row, following, manager.language)
            messages.queue(
                to=manager.email,
                subject=letter.subject,
                body=letter.body,
                language=manager.language,
                matter=matter,
                site_code=row.site.code,
            )
    return bool(managers)


def _carry(lease: Lease) -> SpaceTaken | None:
    """What is in the way of one of its rooms, if anything is; the others go on."""
    taken = None
    with recorded(None, reason="holding over"):
        row = locked(lease, states=set(LeaseState))
        if row.state != LeaseState.ACTIVE or not row.period.is_past(today()):
            return None  # ended or renewed meanwhile
        through = today() + ONE_DAY
        for position, letting in enumerate(terms_of(row).lettings):
            end = letting.period.end
            # A room given up before the lease's end does not come back.
            if end is None or row.period.end is None or not row.period.end <= end < through:
                continue
            try:
                with transaction.atomic():
                    after = carried_on(terms_of(row), position, through)
                    write_terms(row, after, acting_user=None)
            except SpaceTaken as error:
                taken = error
    return taken
