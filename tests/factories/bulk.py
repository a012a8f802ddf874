"""A building of any number of spaces, in no time: let, free, held, out of service in turn."""

import datetime as dt
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils import timezone

from core.periods import Period, add_months, today
from leases.choices import ChargeKind, LeaseState
from leases.models import Charge, Lease, Letting, RentStep
from sites.choices import BookingKind, RateUnit, SpaceKind, TenantKind
from sites.models import Booking, Building, Floor, LettablePeriod, Measure, Site, Space
from tests.factories import scene

A_FLOOR: Final = 40
"""Spaces of a floor."""
_OPENED: Final = dt.date(2015, 1, 1)


@transaction.atomic
def building(site: Site, count: int) -> Building:
    """Of each four spaces the first was let before and is let now, by one company all of them."""
    made = Building.objects.create(site=site, code="BIG")
    spaces = _spaces(made, count)
    Measure.objects.bulk_create(
        Measure(space=space, period=Period(_OPENED), area_m2=Decimal(12 + number * 7 % 50))
        for number, space in enumerate(spaces)
    )
    LettablePeriod.objects.bulk_create(
        LettablePeriod(space=space, period=Period(_OPENED)) for space in spaces
    )
    _let(site, spaces[::4])
    soon, until = today() - dt.timedelta(days=20), add_months(today(), 5)
    Booking.objects.bulk_create(
        Booking(
            space=space,
            period=Period(soon, until),
            kind=BookingKind.HOLD,
            expires_at=timezone.now() + dt.timedelta(days=9),
            label="by hand",
        )
        for space in spaces[2::4]
    )
    Booking.objects.bulk_create(
        Booking(
            space=space,
            period=Period(soon, until),
            kind=BookingKind.OUT_OF_SERVICE,
            label="works",
        )
        for space in spaces[3::4]
    )
    return made


def _spaces(made: Building, count: int) -> list[Space]:
    floors = Floor.objects.bulk_create(
        Floor(building=made, code=f"R+{level}", level=level)
        for level in range((count - 1) // A_FLOOR + 1)
    )
    return Space.objects.bulk_create(
        Space(
            site=made.site,
            building=made,
            floor=floors[number // A_FLOOR],
            code=f"B{number // A_FLOOR}{number % A_FLOOR:02}",
            kind=SpaceKind.OFFICE,
        )
        for number in range(count)
    )


def _let(site: Site, spaces: list[Space]) -> None:
    """Two lettings each: one that is over, and one whose end varies from space to space."""
    company = scene.company("Société de démonstration")
    terms = [
        Period(today() - dt.timedelta(days=700), today() - dt.timedelta(days=200)),
        Period(today() - dt.timedelta(days=150), add_months(today(), 24)),
    ]
    leases = Lease.objects.bulk_create(
        Lease(
            number=f"BULK-{space.code}-{turn}",
            site=site,
            company=company,
            tenant_kind=TenantKind.SME,
            state=LeaseState.ACTIVE if turn else LeaseState.ENDED,
            period=_shorter(term, number) if turn else term,
            signed_on=term.start,
            exit_on=None if turn else term.last_day,
        )
        for number, space in enumerate(spaces)
        for turn, term in enumerate(terms)
    )
    pairs = [(spaces[place // 2], lease) for place, lease in enumerate(leases)]
    bookings = Booking.objects.bulk_create(
        Booking(space=space, period=lease.period, kind=BookingKind.LETTING, label=lease.number)
        for space, lease in pairs
    )
    lettings = Letting.objects.bulk_create(
        Letting(
            lease=lease,
            space=space,
            booking=booking,
            period=lease.period,
            tenant_kind=lease.tenant_kind,
            area_m2=Decimal(20),
        )
        for (space, lease), booking in zip(pairs, bookings, strict=True)
    )
    RentStep.objects.bulk_create(
        RentStep(
            letting=letting, period=letting.period, unit=RateUnit.PER_M2, rate=Decimal("100.0000")
        )
        for letting in lettings
    )
    Charge.objects.bulk_create(
        Charge(lease=letting.lease, letting=letting, kind=ChargeKind.RENT) for letting in lettings
    )


def _shorter(term: Period, number: int) -> Period:
    """Every third ends within six months, every tenth is held over since a week."""
    if number % 10 == 9:
        return Period(term.start, today() - dt.timedelta(days=7))
    return Period(term.start, add_months(today(), 4)) if number % 3 == 2 else term
