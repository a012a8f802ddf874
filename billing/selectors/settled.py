"""Through which day all of a lease is billed, by terms that still hold."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Final

from django.db import connection

STAMP: Final = """lease.state || ':' || coalesce(
    (SELECT max(version) FROM leases_leaseversion WHERE lease_id = lease.id), 0)"""
"""What changes with any act on a lease that may change what is due (`Settled.stamp`)."""


def settled_through(lease_ids: Collection[int]) -> Mapping[int, dt.date]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT settled.lease_id, settled.through
              FROM billing_settled AS settled JOIN leases_lease AS lease
                ON lease.id = settled.lease_id
             WHERE settled.lease_id = ANY (%(ids)s) AND settled.stamp = {STAMP}
               -- Said of both: else PostgreSQL works the stamps of all leases out to join by them.
               AND lease.id = ANY (%(ids)s)
            """,  # noqa: S608  our own words only
            {"ids": list(lease_ids)},
        )
        return dict(cursor.fetchall())
