"""Until when was agreed, what came of it, and what is offered, as the engine reads it."""

from typing import Final

import numpy as np

from core.periods import today
from indicators.selectors.columns import columns, from_to, ordinal
from indicators.selectors.moments import days_or_open, local_days, seconds
from indicators.tables import OPEN, Contracts, Holds, Present, Renewals, Terms
from leases.choices import (
    COUNTING_STATES,
    AmendmentKind,
    AmendmentState,
    ChargeKind,
    ExitReason,
    VersionAct,
)

_COUNTING: Final = [str(state) for state in COUNTING_STATES]
_AGREED: Final = (AmendmentState.SIGNED.value, AmendmentKind.CORRECTION.value)
"""Amendments in this state, of another kind than this, agree something that was not so before."""
_AT_LAST: Final = -1
"""Stands for the number of the last amendment."""

# The end as it stood on each day: the one before the next amendment that was not signed by then,
# and that of the notice that stood. A correction finds an end that never was.
#
# A room that was given up before its lease's end has an end of its own, as long as that is agreed:
# by the terms before the next amendment; by the terms that an early exit, or an assignment, cut
# short; now by the tables. What goes on in another letting (other m² or walls, another kind of
# tenant) ends where that one does; of one that was made later the one before it says.
# By joins of whole sets: what was signed of all leases is never searched for one of them.
_TERMS: Final = f"""
WITH RECURSIVE agreed AS (
    SELECT lease_id, number, lag(number, 1, 0::smallint) OVER numbered AS follows, signed_on,
           (before->>'end')::date AS end_before, before->'lettings' AS lettings_before
      FROM leases_amendment WHERE state = %s AND kind <> %s
    WINDOW numbered AS (PARTITION BY lease_id ORDER BY number)),
edge AS (
    SELECT lease_id, signed_on AS day FROM agreed
    UNION SELECT lease_id, given_on FROM leases_notice
    UNION SELECT lease_id, withdrawn_on FROM leases_notice WHERE withdrawn_on IS NOT NULL),
stretch AS (
    SELECT lease_id, day AS begins, lead(day) OVER (PARTITION BY lease_id ORDER BY day) AS ends
      FROM (SELECT lease_id, day FROM edge UNION SELECT lease_id, DATE '0001-01-01' FROM edge)
        AS known),
signed AS (
    SELECT stretch.*, coalesce(max(number), 0) AS last
      FROM stretch
      LEFT JOIN agreed ON agreed.lease_id = stretch.lease_id AND signed_on <= begins
     GROUP BY stretch.lease_id, begins, ends),
noticed AS (
    SELECT DISTINCT ON (stretch.lease_id, begins) stretch.lease_id, begins, last_day + 1 AS leaves
      FROM stretch
      JOIN leases_notice AS notice
        ON notice.lease_id = stretch.lease_id AND given_on <= begins
       AND (withdrawn_on IS NULL OR withdrawn_on > begins)
     ORDER BY stretch.lease_id, begins, id DESC),
told AS (
    SELECT signed.lease_id, signed.begins, ends, leaves, next.number IS NULL AS by_now, last,
           end_before
      FROM signed
      LEFT JOIN agreed AS next ON next.lease_id = signed.lease_id AND next.follows = last
      LEFT JOIN noticed
        ON noticed.lease_id = signed.lease_id AND noticed.begins = signed.begins),
ended AS (
    SELECT lease_id, max(version) AS version
      FROM leases_leaseversion
     WHERE reason LIKE %s OR (reason LIKE %s AND version > 1)
     GROUP BY lease_id),
cut_short AS (
    SELECT DISTINCT ON (version.lease_id) version.lease_id, terms
      FROM ended
      JOIN leases_lease AS lease
        ON lease.id = ended.lease_id AND exit_on + 1 < coalesce(upper(lease.period), 'infinity')
      JOIN leases_leaseversion AS version
        ON version.lease_id = ended.lease_id AND version.version < ended.version
     ORDER BY version.lease_id, version.version DESC),
frame AS (
    SELECT lease_id, follows AS last, end_before AS term, lettings_before AS lettings FROM agreed
    UNION ALL
    SELECT lease_id, {_AT_LAST}, (terms->>'end')::date, terms->'lettings' FROM cut_short),
shorter AS (
    SELECT DISTINCT lease.id, upper(lease.period) AS term
      FROM leases_letting AS letting
      JOIN leases_lease AS lease ON lease.id = letting.lease_id
     WHERE upper(letting.period) < coalesce(upper(lease.period), 'infinity')
       AND upper(letting.period) IS DISTINCT FROM lease.exit_on + 1
       AND NOT EXISTS (SELECT FROM cut_short WHERE cut_short.lease_id = lease.id)),
part AS (
    SELECT lease_id, last, term, each.id, "start" AS starts, "end" AS ends, space_id,
           coalesce(continues, charge) AS origin
      FROM frame
     CROSS JOIN LATERAL jsonb_to_recordset(lettings)
        AS each (id bigint, "start" date, "end" date, space_id bigint, charge bigint,
                 continues bigint)
    UNION ALL
    SELECT letting.lease_id, {_AT_LAST}, term, letting.id, lower(letting.period),
           upper(letting.period), space_id, coalesce(rent.continues_id, rent.id)
      FROM shorter
      JOIN leases_letting AS letting ON letting.lease_id = shorter.id
      LEFT JOIN leases_charge AS rent ON rent.letting_id = letting.id AND rent.kind = %s),
going_on AS (
    SELECT part.id, part.last, following.id AS following
      FROM part
      JOIN part AS following
        ON following.lease_id = part.lease_id AND following.last = part.last
       AND following.starts = part.ends
       AND (following.space_id IS NOT DISTINCT FROM part.space_id
            OR following.origin = part.origin
            OR EXISTS (SELECT FROM sites_space_replaces
                        WHERE to_space_id = part.space_id
                          AND from_space_id = following.space_id))),
thread AS (
    SELECT id, last, id AS at FROM part
    UNION
    SELECT thread.id, thread.last, following
      FROM thread JOIN going_on ON going_on.id = thread.at AND going_on.last = thread.last),
room AS (
    SELECT thread.id, thread.last, max(ends) AS ends
      FROM thread
      JOIN part ON part.id = thread.at AND part.last = thread.last
     GROUP BY thread.id, thread.last
    HAVING max(coalesce(ends, 'infinity')) < max(coalesce(term, 'infinity'))),
early AS (
    SELECT id, last, ends FROM room
    UNION ALL
    SELECT heir.at, room.last, max(ends)
      FROM room
      JOIN (SELECT DISTINCT id, at FROM thread) AS heir ON heir.id = room.id
     WHERE NOT EXISTS (SELECT FROM part WHERE part.id = heir.at AND part.last = room.last)
     GROUP BY heir.at, room.last)
SELECT letting.id, {ordinal("coalesce(told.begins, DATE '0001-01-01')")}, {ordinal("told.ends")},
       {ordinal("CASE WHEN coalesce(by_now, TRUE) THEN upper(lease.period) ELSE end_before END")},
       {ordinal("early.ends")}, {ordinal("told.leaves")}, lease.notice_months
  FROM leases_letting AS letting
  JOIN leases_lease AS lease ON lease.id = letting.lease_id
  LEFT JOIN told ON told.lease_id = lease.id
  LEFT JOIN early
    ON early.id = letting.id
   AND early.last = CASE WHEN coalesce(by_now, TRUE) THEN {_AT_LAST} ELSE told.last END
 WHERE lease.state = ANY(%s)
"""  # noqa: S608  our own words only


def terms() -> Terms:
    ends = (f"{VersionAct.ENDED}%", f"{VersionAct.ASSIGNED}%")
    return Terms(*columns(_TERMS, [*_AGREED, *ends, ChargeKind.RENT.value, _COUNTING], count=7))


def contracts() -> Contracts:
    """A room that an amendment added was let from the signing of that one on."""
    return Contracts(
        *columns(
            f"""
            WITH added AS (
              SELECT letting.id, min(amendment.signed_on) AS signed_on
                FROM leases_amendment AS amendment
                JOIN leases_letting AS letting ON letting.lease_id = amendment.lease_id,
                     jsonb_build_array(jsonb_build_object('space_id', space_id)) AS room
               WHERE amendment.state = %s AND kind <> %s
                 AND after->'lettings' @> room AND NOT before->'lettings' @> room
               GROUP BY letting.id)
            SELECT letting.id, {ordinal("coalesce(added.signed_on, lease.signed_on)")},
                   {ordinal("exit_on + 1")}, (exit_reason = %s)::int
              FROM leases_letting AS letting
              JOIN leases_lease AS lease ON lease.id = letting.lease_id
              LEFT JOIN added ON added.id = letting.id
             WHERE state = ANY(%s)
            """,  # noqa: S608  our own words only
            [*_AGREED, ExitReason.ASSIGNED.value, _COUNTING],
            count=4,
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
            SELECT letting.id, {ordinal("version.ends")}
              FROM version
              JOIN leases_amendment AS amendment
                ON amendment.version_id = version.next AND amendment.kind <> %s
              JOIN leases_lease AS lease
                ON lease.id = version.lease_id AND lease.state = ANY(%s)
              JOIN leases_letting AS letting ON letting.lease_id = lease.id
             WHERE version.ends < version.earliest
            """,  # noqa: S608  our own words only
            [str(AmendmentKind.CORRECTION), _COUNTING],
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
        SELECT space_id, {from_to()}, 0, {seconds("expires_at")}, {OPEN}
          FROM sites_booking AS booking
         WHERE kind = 'hold'
           AND NOT EXISTS (SELECT FROM applications_offer WHERE booking_id = booking.id)
        """,  # noqa: S608  our own words only
        count=6,
    )
    return Holds(space, start, end, local_days(made), np.minimum(days_or_open(closed), signed))


def present() -> Present:
    return Present.of([(today().toordinal(),)])
