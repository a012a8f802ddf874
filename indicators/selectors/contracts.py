"""Contracts, their renewals and what is offered, as the engine reads them."""

import numpy as np

from core.periods import today
from indicators.selectors.columns import columns, from_to, ordinal
from indicators.selectors.moments import days_or_open, local_days, seconds
from indicators.tables import OPEN, Contracts, Offers, Present, Renewals
from leases.choices import COUNTING_STATES, AmendmentKind, ExitReason

_COUNTING = [str(state) for state in COUNTING_STATES]


def contracts() -> Contracts:
    return Contracts(
        *columns(
            f"""
            SELECT letting.id, {ordinal("lease.signed_on")}, {ordinal("upper(lease.period)")},
                   {ordinal("notice.given_on")}, {ordinal("notice.last_day + 1")},
                   {ordinal("lease.exit_on + 1")}, (lease.exit_reason = %s)::int
              FROM leases_letting AS letting
              JOIN leases_lease AS lease ON lease.id = letting.lease_id
              LEFT JOIN leases_notice AS notice
                ON notice.lease_id = lease.id AND notice.withdrawn_on IS NULL
             WHERE lease.state = ANY(%s)
            """,  # noqa: S608  our own words only
            [str(ExitReason.ASSIGNED), _COUNTING],
            count=7,
        )
    )


def renewals() -> Renewals:
    """The ends that an amendment made later, from the versions that it was made upon.

    A later version that ends before makes them void; a correction finds an end that never was.
    """
    return Renewals(
        *columns(
            f"""
            WITH version AS (
              SELECT lease_id, (terms->>'end')::date AS ends, lead(id) OVER later AS next,
                     min(coalesce((terms->>'end')::date, 'infinity'))
                       OVER (later ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS earliest
                FROM leases_leaseversion
               WHERE lease_id IN (SELECT lease_id FROM leases_amendment WHERE number IS NOT NULL)
              WINDOW later AS (PARTITION BY lease_id ORDER BY version)
            )
            SELECT letting.id, {ordinal("version.ends")}, {ordinal("amendment.signed_on")}
              FROM version
              JOIN leases_amendment AS amendment
                ON amendment.version_id = version.next AND amendment.kind <> %s
              JOIN leases_lease AS lease
                ON lease.id = version.lease_id AND lease.state = ANY(%s)
              JOIN leases_letting AS letting ON letting.lease_id = lease.id
             WHERE version.ends < version.earliest
            """,  # noqa: S608  our own words only
            [str(AmendmentKind.CORRECTION), _COUNTING],
            count=3,
        )
    )


def offers() -> Offers:
    """Open ones until they run out, accepted ones until the lease is signed or given up, others
    until they were closed."""
    space, start, end, made, closed, signed = columns(
        f"""
        SELECT offer.space_id, {from_to("offer.period")}, {seconds("offer.created_at")},
               {
            seconds('''CASE WHEN offer.state = 'open' THEN offer.expires_at
                                WHEN offer.state = 'accepted' THEN lease.cancelled_at
                                ELSE coalesce(offer.answered_at, offer.expires_at) END''')
        },
               CASE WHEN offer.state = 'accepted' THEN {ordinal("lease.signed_on")}
                    ELSE {OPEN} END
          FROM applications_offer AS offer
          LEFT JOIN leases_lease AS lease ON lease.application_id = offer.application_id
         WHERE offer.space_id IS NOT NULL
        """,  # noqa: S608  our own words only
        count=6,
    )
    return Offers(space, start, end, local_days(made), np.minimum(days_or_open(closed), signed))


def present() -> Present:
    return Present.of([(today().toordinal(),)])
