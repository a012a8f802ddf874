"""The memory of what is billed through which day, so that a run need not look at all since ever."""

import datetime as dt
from collections.abc import Collection

from django.db import connection

from billing.selectors.settled import STAMP


def remember(lease_ids: Collection[int], through: dt.date, *, closed: bool = False) -> None:
    """All of these leases is billed through the day, by what they say now; `closed`: nothing will
    fall due any more."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO billing_settled (lease_id, through, stamp, closed)
            SELECT lease.id, %s, {STAMP}, %s FROM leases_lease AS lease WHERE lease.id = ANY (%s)
                ON CONFLICT (lease_id) DO UPDATE
               SET through = excluded.through, stamp = excluded.stamp, closed = excluded.closed
            """,  # noqa: S608  our own words only
            [through, closed, list(lease_ids)],
        )
