"""Walls move under a lease: it goes on in the new spaces, and what it charges stays."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import F

from accounts.models import User
from core.history import recorded
from core.periods import Period, today
from leases.choices import LeaseState, VersionAct
from leases.errors import StillHoldingOver
from leases.models import Lease
from leases.rebuilding import NewSpace, merge, split
from leases.selectors.terms import terms_of
from leases.services.locking import keep_version, locked
from leases.services.writing import write_terms
from leases.signals import occupation_changed
from sites.models import Measure, Space

GOING_ON = {LeaseState.SIGNED, LeaseState.ACTIVE}


def go_on_in_new_spaces(
    *, old: Sequence[Space], new: Sequence[Space], since: dt.date, acting_user: User | None
) -> Lease | None:
    """The lease that has the old spaces from `since` on has the new ones instead, as a version.

    None when nobody has them, or more than one lease: then nothing changes, and whoever moves the
    walls is told what is in the way. It needs no right on leases. Raises StillHoldingOver,
    SpaceTaken.
    """
    with recorded(acting_user):
        _check_nobody_holds_over(old, since)
        found = Lease.objects.filter(
            state__in=GOING_ON, lettings__space__in=old, lettings__period__overlap=Period(since)
        ).distinct()[:2]
        if len(found) != 1:
            return None
        row = locked(found[0], states=GOING_ON)
        areas = dict(Measure.objects.filter(space__in=new).values_list("space_id", "area_m2"))
        spaces = [NewSpace(space.pk, space.code, areas[space.pk]) for space in new]
        terms = terms_of(row)
        if len(old) == 1:
            act, after = VersionAct.SPLIT, split(terms, old[0].pk, since, spaces)
        else:
            act, after = VersionAct.MERGED, merge(terms, [s.pk for s in old], since, spaces[0])
        write_terms(row, after, acting_user=acting_user)
        what = " → ".join(", ".join(space.code for space in side) for side in (old, new))
        keep_version(row, act=act, why=what, acting_user=acting_user)
        occupation_changed.send(
            sender=Lease, lease=row, days=Period(since), acting_user=acting_user
        )
    return row


def _check_nobody_holds_over(old: Sequence[Space], since: dt.date) -> None:
    """Days past the term's end are nobody's agreement: the nightly job carries the letting on."""
    staying = (
        Lease.objects.holding_over(today())
        .filter(
            period__endswith__lte=since,
            lettings__space__in=old,
            # Only what ran to the lease's end holds over; a room given up before does not.
            lettings__period__endswith__gte=F("period__endswith"),
        )
        .first()
    )
    if staying is not None:
        raise StillHoldingOver(number=staying.number)
