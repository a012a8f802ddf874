"""What came of what was agreed, and what is held, as the engine reads it."""

import numpy as np

from core.periods import today
from indicators.intervals import found_in
from indicators.selectors.columns import columns, from_to, ordinal
from indicators.selectors.lettings import Lettings
from indicators.selectors.moments import days_or_open, local_days, seconds
from indicators.selectors.terms import AGREED
from indicators.tables import OPEN, Contracts, Holds, Present, Renewals
from leases.choices import COUNTING_STATES, AmendmentKind


def contracts(lettings: Lettings) -> Contracts:
    """A room that an amendment added was let from the signing of that one on."""
    added, since = columns(
        f"""
        SELECT letting.id, {ordinal("min(amendment.signed_on)")}
          FROM leases_amendment AS amendment
          JOIN leases_letting AS letting ON letting.lease_id = amendment.lease_id,
               jsonb_build_array(jsonb_build_object('space_id', space_id)) AS room
         WHERE amendment.state = %s AND kind <> %s
           AND after->'lettings' @> room AND NOT before->'lettings' @> room
         GROUP BY letting.id
        """,  # noqa: S608  our own words only
        AGREED,
        count=2,
    )
    row, signed = found_in(lettings.id, added), lettings.signed.on.copy()
    signed[row[row >= 0]] = since[row >= 0]
    return Contracts(lettings.id, signed, lettings.signed.left, lettings.signed.is_assigned)


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
            SELECT letting.id, {ordinal("version.ends")}
              FROM version
              JOIN leases_amendment AS amendment
                ON amendment.version_id = version.next AND amendment.kind <> %s
              JOIN leases_lease AS lease
                ON lease.id = version.lease_id AND lease.state = ANY(%s)
              JOIN leases_letting AS letting ON letting.lease_id = lease.id
             WHERE version.ends < version.earliest
            """,  # noqa: S608  our own words only
            [str(AmendmentKind.CORRECTION), [str(state) for state in COUNTING_STATES]],
            count=2,
        )
    )


def holds() -> Holds:
    """Of offers: open ones until they run out, accepted ones until the lease is signed or given up,
    others until they were closed. And what staff hold by hand, of which nothing is kept once it is
    let go."""
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
         UNION ALL
        SELECT space_id, {from_to()}, {seconds("held_on")}, {seconds("expires_at")}, {OPEN}
          FROM sites_booking AS booking
         WHERE kind = 'hold'
           AND NOT EXISTS (SELECT FROM applications_offer WHERE booking_id = booking.id)
        """,  # noqa: S608  our own words only
        count=6,
    )
    return Holds(space, start, end, local_days(made), np.minimum(days_or_open(closed), signed))


def present() -> Present:
    return Present.of([(today().toordinal(),)])
