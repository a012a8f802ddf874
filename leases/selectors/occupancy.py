"""Occupancy by area of a site on a day, as the indicators define it, whatever one lease lets."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef

from core.money import ZERO
from core.periods import today
from leases.models import Lease, Letting
from sites.choices import BookingKind
from sites.models import Booking, LettablePeriod, Space


@dataclass(frozen=True, slots=True)
class Occupancy:
    """m² of the day: let, of those that are lettable and in service."""

    let: Decimal
    lettable: Decimal

    @property
    def ratio(self) -> Decimal | None:
        return self.let / self.lettable if self.lettable else None


@dataclass(frozen=True, slots=True)
class Floor:
    """The site without the lease: what is lettable there, and what others have."""

    areas: Mapping[int, Decimal]
    """m² in force on the day, by space, of what is lettable and in service."""
    others: Collection[int]

    def with_spaces(self, spaces: Collection[int]) -> Occupancy:
        """The site's occupancy if the lease has these spaces."""
        let = (self.areas.get(space, ZERO) for space in {*self.others, *spaces})
        return Occupancy(sum(let, ZERO), sum(self.areas.values(), ZERO))


def floor_without(lease: Lease, day: dt.date) -> Floor:
    """Two queries."""
    lettable = LettablePeriod.objects.in_force_on(day).filter(space=OuterRef("pk"))
    out = Booking.objects.filter(
        space=OuterRef("pk"), kind=BookingKind.OUT_OF_SERVICE, period__contains=day
    )
    spaces: Any = Space.objects.filter(Exists(lettable), ~Exists(out), site=lease.site_id)
    in_service = spaces.leaves().measured_on(day).values_list("id", "area_m2")
    others = (
        Letting.objects.occupied_on(day, today())
        .filter(lease__site=lease.site_id, space__isnull=False)
        .exclude(lease=lease)
    )
    return Floor(
        areas=dict(in_service),
        others=set(others.values_list("space_id", flat=True)),
    )
