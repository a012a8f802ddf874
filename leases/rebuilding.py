"""What moved walls make of the terms of whoever has the spaces: terms in, terms out. Pure.

What is charged never changes: rent and charges go on with the m² that were agreed.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from core.periods import Period
from leases.cutting import going_on, shortened
from leases.snapshot import FLAT
from leases.terms import LeaseTerms, LettingTerms
from sites.rates import Step


@dataclass(frozen=True, slots=True)
class NewSpace:
    id: int
    code: str
    area_m2: Decimal


def split(
    terms: LeaseTerms, space_id: int, since: dt.date, parts: Sequence[NewSpace]
) -> LeaseTerms:
    """From `since` on each letting of the space goes on in the first part; the others are the
    tenant's too, for nothing: their rent is in the first."""
    found: list[LettingTerms] = []
    first, *others = parts
    for letting in terms.lettings:
        if letting.space_id != space_id or letting.period.is_past(since):
            found.append(letting)
            continue
        before, after = _cut_on(letting, since)
        found += before
        found.append(replace(after, space_id=first.id, space=first.code))
        found += [_for_nothing(part, after) for part in others]
    return replace(terms, lettings=tuple(found))


def merge(
    terms: LeaseTerms, space_ids: Collection[int], since: dt.date, merged: NewSpace
) -> LeaseTerms:
    """From `since` on the first letting goes on in the merged space; what another brought over
    the same days goes on without a space, with its m²."""
    found: list[LettingTerms] = []
    taken: list[Period] = []
    for letting in terms.lettings:
        if letting.space_id not in space_ids or letting.period.is_past(since):
            found.append(letting)
            continue
        before, after = _cut_on(letting, since)
        found += before
        for piece in _cut(after, taken):
            if any(piece.period.overlaps(period) for period in taken):
                found.append(replace(piece, space_id=None, space=None))
            else:
                found.append(replace(piece, space_id=merged.id, space=merged.code))
                taken.append(piece.period)
    return replace(terms, lettings=tuple(found))


def _cut_on(letting: LettingTerms, since: dt.date) -> tuple[list[LettingTerms], LettingTerms]:
    """What is before, and what goes on; one that begins later is the same in another space."""
    before = shortened(letting, since)
    return ([], letting) if before is None else ([before], going_on(letting, since))


def _for_nothing(part: NewSpace, beside: LettingTerms) -> LettingTerms:
    return LettingTerms(
        space_id=part.id,
        space=part.code,
        area_m2=part.area_m2,
        period=beside.period,
        unit=FLAT,
        steps=(Step(beside.period, Decimal(0)),),
        tenant_kind=beside.tenant_kind,
        rhythm=beside.rhythm,
    )


def _cut(letting: LettingTerms, taken: Sequence[Period]) -> list[LettingTerms]:
    """The letting, cut where one of the periods begins or ends."""
    edges = {day for period in taken for day in (period.start, period.end) if day is not None}
    pieces, rest = [], letting
    for day in sorted(edges):
        piece = shortened(rest, day)
        if piece is None or rest.period.is_past(day):
            continue
        pieces.append(piece)
        rest = going_on(rest, day)
    return [*pieces, rest]
