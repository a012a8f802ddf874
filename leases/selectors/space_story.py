"""One space through time: what it measured, who had it, who will, for whom it is held, works."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.periods import ONE_DAY, Period, last_day_before, today
from leases.choices import LeaseState
from leases.models import Letting, RentStep
from leases.selectors.held import held_for
from leases.selectors.standing import is_holding_over, is_there, rent_of, step_on
from sites.choices import BookingKind
from sites.models import Booking, LettablePeriod, Measure, Space


@dataclass(frozen=True, slots=True)
class Let:
    """A letting of the space, with the rent of the day that was asked about, DH a month.

    Before its first day the first, after its last day the last.
    """

    letting: Letting
    step: RentStep | None
    rent: Decimal
    holding_over: bool

    @property
    def period(self) -> Period:
        period: Period = self.letting.period
        return period


@dataclass(frozen=True, slots=True)
class Taken:
    """A hold, works, or a letting whose lease the reader may not see."""

    booking: Booking
    told: str
    application_id: int | None
    may_go: bool
    """A hold that staff made; the others end with their offer."""

    @property
    def held_until(self) -> dt.date | None:
        ends = self.booking.expires_at
        return last_day_before(ends) if ends is not None else None


@dataclass(frozen=True, slots=True)
class Story:
    space: Space
    measures: Sequence[Measure]
    lettable: Sequence[LettablePeriod]
    lettings: Sequence[Let]
    drafts: Sequence[Let]
    """Of leases that are not signed: they book nothing yet."""
    taken: Sequence[Taken]
    came_from: Sequence[Space]
    """What was split or merged into it."""
    became: Sequence[Space]

    def area_on(self, day: dt.date) -> Decimal | None:
        return next((each.area_m2 for each in self.measures if day in each.period), None)

    def there_on(self, day: dt.date) -> list[Let]:
        """The lettings of the day; holding over counts up to today."""
        return [
            let
            for let in self.lettings
            if day in let.period or (day <= today() and is_there(let.letting, day))
        ]

    def taken_on(self, day: dt.date) -> Taken | None:
        return next((each for each in self.taken if day in each.booking.period), None)

    def may_be_let_on(self, day: dt.date) -> bool:
        """In service, and nobody has it."""
        in_service = any(day in each.period for each in self.lettable)
        return in_service and not self.there_on(day) and self.taken_on(day) is None

    def free_until(self, day: dt.date) -> dt.date | None:
        """The last day before somebody has it, or it is out of service; None: nobody will."""
        lasts = [row.period.start for row in self.lettings if row.period.start > day]
        lasts += [row.booking.period.start for row in self.taken if row.booking.period.start > day]
        lasts += [
            each.period.end for each in self.lettable if day in each.period and each.period.end
        ]
        return min(lasts) - ONE_DAY if lasts else None


def story(space: Space, day: dt.date, user: Any) -> Story:
    """Nine queries, whatever the space went through; the latest first."""
    lettings = list(
        Letting.objects.visible_to(user)
        .filter(space=space)
        .exclude(lease__state=LeaseState.CANCELLED)
        .select_related("lease__company")
        .prefetch_related("steps", "discounts")
        .order_by("-period", "-id")
    )
    return Story(
        space,
        list(Measure.objects.visible_to(user).filter(space=space).order_by("-period")),
        list(LettablePeriod.objects.visible_to(user).filter(space=space).order_by("-period")),
        [_let(each, day) for each in lettings if each.lease.state != LeaseState.DRAFT],
        [_let(each, day) for each in lettings if each.lease.state == LeaseState.DRAFT],
        _taken(space, {each.booking_id for each in lettings}, user),
        list(Space.objects.visible_to(user).filter(replaced_by=space).order_by("code")),
        list(Space.objects.visible_to(user).filter(replaces=space).order_by("code")),
    )


def _let(letting: Letting, day: dt.date) -> Let:
    period = letting.period
    day = max(day, period.start)
    day = day if period.last_day is None else min(day, period.last_day)
    over = today() not in period and is_there(letting, today())
    carried = is_holding_over(letting.lease, today()) and today() in period
    return Let(letting, step_on(letting, day), rent_of(letting, day), over or carried)


def _taken(space: Space, known: set[int | None], user: Any) -> list[Taken]:
    """But for the lettings that are `known`."""
    rows = Booking.objects.visible_to(user).standing().filter(space=space).order_by("-period")
    bookings = [row for row in rows if row.kind != BookingKind.LETTING or row.pk not in known]
    held = held_for([row.pk for row in bookings if row.kind == BookingKind.HOLD], user)
    found = []
    for row in bookings:
        behind = held.get(row.pk)
        told = row.label if behind is None else behind.name
        found.append(
            Taken(
                row,
                # A letting's label is its lease's number, and this lease the reader may not see.
                told if row.kind != BookingKind.LETTING else "",
                behind.application_id if behind is not None else None,
                row.kind == BookingKind.HOLD and behind is None and row.expires_at is not None,
            )
        )
    return found
