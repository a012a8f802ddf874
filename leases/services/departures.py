"""Companies whose last lease is over are followed up; those that come back are not."""

from collections.abc import Collection
from typing import Final

from django.db import connection

from accounts.models import User
from leases.selectors.departures import departures
from tenants.choices import Closing
from tenants.services.departures import note_departures, note_stays

_LOCK: Final = 5_120_804  # pg advisory lock: one for the companies of each of so many drawers
_DRAWERS: Final = 64


def note_who_left(
    companies: Collection[int],
    *,
    acting_user: User | None,
    closing: Closing = Closing.CAME_BACK,
) -> None:
    """Bring the follow-ups of these companies (by id) in line with their leases, inside the
    transaction that changed them, after the change. As many queries for one as for many.

    `closing`: why a follow-up is over where the company is there.
    """
    with connection.cursor() as cursor:
        # Two last leases of a company that end at once would each see the other go on. Taken after
        # the leases' own locks, in one order.
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, drawer) FROM unnest(%s::int[]) AS drawer",
            [_LOCK, sorted({company % _DRAWERS for company in companies})],
        )
    left = departures(companies)
    note_stays(
        companies=set(companies) - left.keys(),
        closing=closing,
        acting_user=acting_user,
    )
    note_departures(left=left, acting_user=acting_user)
