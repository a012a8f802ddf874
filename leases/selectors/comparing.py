"""What other terms would make of a lease, side by side with its own; nothing is written."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from core.money import ZERO
from core.periods import first_of_month, today
from leases.choices import LeaseState
from leases.differences import Month, months_compared
from leases.models import Lease
from leases.selectors.occupancy import Floor, Occupancy, floor_without
from leases.selectors.statements import vat_table
from leases.snapshot import area_on, lettings_on, rent_on
from leases.terms import LeaseTerms
from sites.models import Booking, Space

MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class Side:
    """On the day: the rent of a whole month and the deposit due, DH; m²; the site's occupancy."""

    rent: Decimal
    area_m2: Decimal
    deposit: Decimal
    occupancy: Occupancy | None


@dataclass(frozen=True, slots=True)
class Months:
    """Whole months, DH without tax."""

    months: Sequence[Month]

    @property
    def before(self) -> Decimal:
        return sum((month.before for month in self.months), ZERO)

    @property
    def after(self) -> Decimal:
        return sum((month.after for month in self.months), ZERO)

    @property
    def difference(self) -> Decimal:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Wanted:
    """A space that would be let on days that the lease does not have yet; what stands there."""

    space: Space
    in_the_way: Sequence[Booking]


@dataclass(frozen=True, slots=True)
class Comparison:
    day: dt.date
    before: Side
    after: Side
    past: Months
    """Those that are over already: what differs there is owed, or given back."""
    year: Months
    """Twelve from the present one, or from the one in which the change takes effect."""
    wanted: Sequence[Wanted]


def compared(
    lease: Lease, before: LeaseTerms, after: LeaseTerms, since: dt.date, *, still: bool = True
) -> Comparison:
    """`since`: the first day that changes; `still`: it can still be signed, so that the site and
    its spaces as they are now matter."""
    day = max(since, after.period.start)
    floor = floor_without(lease, day) if still else None
    rules = vat_table(lease.site.lessor_id)
    this_month, first = first_of_month(today()), first_of_month(since)
    gone = (this_month.year - first.year) * 12 + this_month.month - first.month
    found = months_compared(before, after, first=first, count=max(gone, 0) + MONTHS, vat=rules)
    over = lease.state == LeaseState.ACTIVE and lease.period.is_past(day) and day <= today()
    return Comparison(
        day=day,
        before=_side(before, day, floor, over=over),
        after=_side(after, day, floor, over=over),
        past=Months(found[: max(gone, 0)]),
        year=Months(found[max(gone, 0) :]),
        wanted=_wanted(lease, before, after) if still else (),
    )


def _side(terms: LeaseTerms, day: dt.date, floor: Floor | None, *, over: bool) -> Side:
    there = lettings_on(terms, day, over=over and terms.period.is_past(day))
    spaces = {let.space_id for let in there if let.space_id is not None}
    return Side(
        rent=rent_on(terms, day, over=over),
        area_m2=area_on(terms, day, over=over),
        deposit=terms.deposit_due,
        occupancy=floor.with_spaces(spaces) if floor is not None else None,
    )


def _wanted(lease: Lease, before: LeaseTerms, after: LeaseTerms) -> list[Wanted]:
    asked = [
        let
        for let in after.lettings
        if let.space_id is not None
        and not any(
            had.space_id == let.space_id and had.period.covers(let.period)
            for had in before.lettings
        )
    ]
    if not asked:
        return []
    bookings = list(
        Booking.objects.standing()
        .filter(space__in=[let.space_id for let in asked])
        .exclude(letting__lease=lease)
        .order_by("period")
    )
    spaces = Space.objects.select_related("building").in_bulk([let.space_id for let in asked])
    return [
        Wanted(
            spaces[let.space_id],
            [
                booking
                for booking in bookings
                if booking.space_id == let.space_id and booking.period.overlaps(let.period)
            ],
        )
        for let in asked
        if let.space_id is not None
    ]
