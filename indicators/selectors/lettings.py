"""The lettings that count, with what several tables of the engine follow from."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple, Self

import numpy as np

from indicators.intervals import found_in, in_order, packed, places
from indicators.selectors.columns import columns, ordinal
from indicators.tables import NOWHERE, TENANT_KINDS, Ints
from leases.choices import COUNTING_STATES, ExitReason, LeaseState

_LETTINGS: Final = f"""
SELECT lease_id, id, coalesce(space_id, {NOWHERE}), {ordinal("lower(period)")},
       {ordinal("upper(period)")}, array_position(%s::text[], tenant_kind::text) - 1
  FROM leases_letting
"""  # noqa: S608  our own words only
_LEASES: Final = f"""
SELECT lease.id, coalesce(now_id, company_id), site_id, (state = %s)::int,
       {ordinal("upper(period)")}
  FROM leases_lease AS lease
  LEFT JOIN (SELECT predecessor_id, now_id FROM tenants_succession) AS line
    ON predecessor_id = company_id
 WHERE state = ANY(%s)
"""  # noqa: S608  our own words only
_CONTRACTS: Final = f"""
SELECT id, {ordinal("signed_on")}, notice_months, {ordinal("exit_on + 1")}, (exit_reason = %s)::int
  FROM leases_lease
"""  # noqa: S608  our own words only
_SITE: Final = 1
"""The place of the site among what a lease says."""


class Signed(NamedTuple):
    """Of the lease of each letting: the day it was signed, how long a notice takes, the day after
    its exit (OPEN: none), whether another company goes on with it."""

    on: Ints
    notice_months: Ints
    left: Ints
    is_assigned: Ints


@dataclass(frozen=True, eq=False)
class Lettings:
    """Columns of one length. Of the letting: its days, and the place of its kind of tenant in
    `TENANT_KINDS`. Of its lease: the company, which is the one that succeeded it, on all of its
    days; whether it is active, and the day after its term (OPEN: none).

    Lettings and leases are joined here: of a million that takes half the time it takes PostgreSQL.
    They come by site, space and first day, so that whoever looks for rooms need not sort them.
    """

    lease: Ints
    id: Ints
    space: Ints
    start: Ints
    end: Ints
    kind: Ints
    company: Ints
    site: Ints
    is_active: Ints
    term: Ints

    @classmethod
    def read(cls) -> Self:
        own = columns(_LETTINGS, [[str(kind) for kind in TENANT_KINDS]], count=6)
        states = [str(state) for state in COUNTING_STATES]
        asked = [LeaseState.ACTIVE.value, states]
        lease, *theirs = columns(_LEASES, asked, count=5)
        at = found_in(lease, own[0])
        counting = np.flatnonzero(at >= 0)
        at, own = at[counting], [column[counting] for column in own]
        _, _, space, start, *_ = own
        by_room = in_order(packed(space, start))[1]
        order = by_room[in_order(theirs[_SITE][at[by_room]])[1]]
        return cls(*(column[order] for column in own), *(column[at[order]] for column in theirs))

    @cached_property
    def signed(self) -> Signed:
        """What few figures ask of the leases."""
        lease, *found = columns(_CONTRACTS, [ExitReason.ASSIGNED.value], count=5)
        at = places(lease, self.lease, "lease")
        return Signed(*(column[at] for column in found))
