"""Until when was agreed, as it stood on each day, as the engine reads it."""

from typing import Final

import numpy as np

from indicators.intervals import Spans, distinct, found_in, in_order, intersect, packed
from indicators.selectors.columns import columns, ordinal
from indicators.selectors.lettings import Lettings
from indicators.tables import OPEN, Ints, Terms
from leases.choices import AmendmentKind, AmendmentState, ChargeKind, VersionAct

AGREED: Final = (AmendmentState.SIGNED.value, AmendmentKind.CORRECTION.value)
"""Amendments in this state, of another kind than this, agree something that was not so before."""
_AT_LAST: Final = -1
"""Stands for the number of the last amendment: what is agreed is in the tables."""
_NUMBER_BITS: Final = 16

# The end as it stood on each day: the one before the next amendment that was not signed by then,
# and that of the notice that stood. A correction finds an end that never was. Of those leases alone
# of which more than one thing was ever told.
# By joins of whole sets: what was signed of all leases is never searched for one of them.
_TOLD: Final = f"""
WITH agreed AS (
    SELECT lease_id, number, lag(number, 1, 0::smallint) OVER numbered AS follows, signed_on,
           (before->>'end')::date AS end_before
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
     ORDER BY stretch.lease_id, begins, id DESC)
SELECT signed.lease_id, {ordinal("signed.begins")}, {ordinal("ends")}, {ordinal("leaves")},
       CASE WHEN next.number IS NULL THEN {_AT_LAST} ELSE last END, {ordinal("end_before")}
  FROM signed
  LEFT JOIN agreed AS next ON next.lease_id = signed.lease_id AND next.follows = last
  LEFT JOIN noticed
    ON noticed.lease_id = signed.lease_id AND noticed.begins = signed.begins
"""  # noqa: S608  our own words only

# A room that was given up before its lease's end has an end of its own, as long as that is agreed:
# by the terms before the next amendment; by the terms that an early exit, or an assignment, cut
# short; now by the tables. What goes on in another letting (other m² or walls, another kind of
# tenant) ends where that one does; of one that was made later the one before it says.
# Few leases ever had such a room: those cut short and those with one in the tables are given, the
# others are found by what their amendments say.
_EARLY: Final = f"""
WITH RECURSIVE cut_short AS (
    SELECT DISTINCT ON (version.lease_id) version.lease_id, terms
      FROM (SELECT lease_id, max(version) AS version
              FROM leases_leaseversion
             WHERE lease_id = ANY(%(cut_short)s)
               AND (reason LIKE %(ended)s OR (reason LIKE %(assigned)s AND version > 1))
             GROUP BY lease_id) AS ended
      JOIN leases_leaseversion AS version
        ON version.lease_id = ended.lease_id AND version.version < ended.version
     ORDER BY version.lease_id, version.version DESC),
shorter AS (
    SELECT id, upper(period) AS term
      FROM leases_lease
     WHERE id = ANY(%(shorter)s) AND id NOT IN (SELECT lease_id FROM cut_short)),
asked AS (
    SELECT lease_id FROM leases_amendment
     WHERE state = %(signed)s AND kind <> %(correction)s AND before @? %(given_up)s
     UNION SELECT lease_id FROM cut_short
     UNION SELECT id FROM shorter),
frame AS (
    SELECT lease_id, lag(number, 1, 0::smallint) OVER (PARTITION BY lease_id ORDER BY number)
             AS last,
           (before->>'end')::date AS term, before->'lettings' AS lettings
      FROM leases_amendment
     WHERE state = %(signed)s AND kind <> %(correction)s
       AND lease_id IN (SELECT lease_id FROM asked)
    UNION ALL
    SELECT lease_id, {_AT_LAST}, (terms->>'end')::date, terms->'lettings' FROM cut_short),
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
      LEFT JOIN leases_charge AS rent ON rent.letting_id = letting.id AND rent.kind = %(rent)s),
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
SELECT id, last, {ordinal("ends")} FROM early
"""  # noqa: S608  our own words only
_GIVEN_UP: Final = "$.lettings[*].end ? (@ != null && ($.end == null || @ < $.end))"


def terms(lettings: Lettings) -> Terms:
    """Of most leases nothing was ever agreed but what stands."""
    row, begins, ends, leaves, last, before = _told(lettings.lease)
    letting, term = lettings.id[row], lettings.term[row]
    return Terms(
        letting=letting,
        start=begins,
        end=ends,
        term=np.where(last == _AT_LAST, term, before),
        early=_early(lettings, letting, last),
        notice=leaves,
        notice_months=lettings.signed.notice_months[row],
    )


def _told(lease: Ints) -> tuple[Ints, ...]:
    """What was told of each letting's lease, in stretches: the letting's row, from when and until
    when, the end by a notice, the number of the last amendment and the term before the next."""
    of_lease, begins, ends, *told = columns(_TOLD, AGREED, count=6)
    order = in_order(packed(of_lease, begins))[1]
    ever = np.ones(len(lease), np.int64), np.full(len(lease), OPEN)
    row, other, start, end = intersect(
        Spans(lease, *ever), Spans(of_lease[order], begins[order], ends[order])
    )
    stretch = order[other]
    silent = np.ones(len(lease), np.bool_)
    silent[row] = False
    others = np.flatnonzero(silent)
    found = start, end, *(column[stretch] for column in told)
    otherwise = 1, OPEN, OPEN, _AT_LAST, OPEN
    return np.concatenate((row, others)), *(
        np.concatenate((column, np.full(len(others), value)))
        for column, value in zip(found, otherwise, strict=True)
    )


def _early(lettings: Lettings, letting: Ints, last: Ints) -> Ints:
    """The end of its own that each letting had when so many amendments were signed, or OPEN."""
    end, term, left = lettings.end, lettings.term, lettings.signed.left
    asked = {
        "cut_short": distinct(lettings.lease[left < term]).tolist(),
        "shorter": distinct(lettings.lease[(end < term) & (end != left)]).tolist(),
        "ended": f"{VersionAct.ENDED}%",
        "assigned": f"{VersionAct.ASSIGNED}%",
        "signed": AGREED[0],
        "correction": AGREED[1],
        "given_up": _GIVEN_UP,
        "rent": ChargeKind.RENT.value,
    }
    known, number, ends = columns(_EARLY, asked, count=3)
    row = found_in(_numbered(known, number), _numbered(letting, last))
    early: Ints = np.append(ends, OPEN)[row]
    return early


def _numbered(letting: Ints, last: Ints) -> Ints:
    return (letting << _NUMBER_BITS) | (last - _AT_LAST)
