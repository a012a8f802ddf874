"""Terms into tables: the one door by which lettings, rent steps, discounts and charges change.

An act computes the terms that it wants (`leases.changes`) and writes them here. What is the same
stays untouched; days that are given up are given up before others are taken, so that spaces can
change hands within one act.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from accounts.models import User
from leases.choices import COUNTING_STATES, ChargeKind
from leases.errors import BadTerms
from leases.flaws import flaws
from leases.labels import FLAWS
from leases.models import Charge, Discount, Lease, Letting, RentStep
from leases.services.locking import check_now
from leases.terms import ChargeTerms, LeaseTerms, LettingTerms, Rhythm
from sites.choices import BookingKind
from sites.models import Booking, Space
from sites.services import bookings


def write_terms(row: Lease, terms: LeaseTerms, *, acting_user: User | None) -> list[Letting]:
    """Bring a *locked* lease to `terms`; the lettings in their order, those just made with ids.

    Spaces are booked firmly once the lease is signed; a draft books nothing. Raises BadTerms,
    SpaceTaken, SpaceNotLettable.
    """
    if found := flaws(terms):
        raise BadTerms(reasons=" ".join(dict.fromkeys(str(FLAWS[flaw]) for flaw, _at in found)))
    row.period = terms.period
    row.tenant_kind = terms.tenant_kind
    row.deposit_due = terms.deposit_due
    row.tacit_months = terms.tacit_months
    row.save(update_fields=["period", "tenant_kind", "deposit_due", "tacit_months"])
    stored = {letting.pk: letting for letting in _stored(row)}
    spaces = Space.objects.in_bulk(
        {letting.space_id for letting in terms.lettings if letting.space_id is not None}
    )
    leaving = [letting.space for letting in stored.values() if letting.space is not None]
    bookings.lock_spaces([*spaces.values(), *leaving])
    wanted = {letting.id for letting in terms.lettings}
    for letting in stored.values():
        if letting.pk not in wanted:
            _remove(letting, acting_user)
    for asked in terms.lettings:
        if asked.id is not None and asked.space_id != stored[asked.id].space_id:
            _leave_space(stored[asked.id], acting_user)
        if asked.id is not None and not asked.period.covers(stored[asked.id].period):
            _change_period(stored[asked.id], asked, acting_user)
    written = []
    for asked in terms.lettings:
        if asked.id is None:
            letting = _add(row, asked, spaces, acting_user)
        else:
            letting = stored[asked.id]
            _change_period(letting, asked, acting_user)
            if asked.space_id != letting.space_id:
                _take_space(row, letting, asked, spaces, acting_user)
            _change(letting, asked)
        _put_charges(row, letting, asked.charges)
        written.append(letting)
    _put_charges(row, None, terms.charges)
    check_now()
    return written


def _stored(row: Lease) -> Iterable[Letting]:
    return (
        row.lettings.select_related("space", "booking__space")
        .prefetch_related("steps", "discounts")
        .order_by("id")
    )


def _remove(letting: Letting, acting_user: User | None) -> None:
    booking = letting.booking
    # The keys over periods are checked at the end; Django knows nothing of theirs.
    RentStep.objects.filter(letting=letting).delete()
    letting.delete()
    if booking is not None:
        bookings.release(booking=booking, acting_user=acting_user)


def _change_period(letting: Letting, asked: LettingTerms, acting_user: User | None) -> None:
    if letting.period == asked.period:
        return
    if letting.booking is not None:
        bookings.change_period(
            booking=letting.booking, period=asked.period, acting_user=acting_user
        )
    letting.period = asked.period
    letting.save(update_fields=["period"])


def _leave_space(letting: Letting, acting_user: User | None) -> None:
    """Walls moved before its first day: the letting and its charges keep their ids."""
    booking = letting.booking
    letting.space = letting.booking = None
    letting.save(update_fields=["space", "booking"])
    if booking is not None:
        bookings.release(booking=booking, acting_user=acting_user)


def _take_space(
    row: Lease,
    letting: Letting,
    asked: LettingTerms,
    spaces: dict[int, Space],
    acting_user: User | None,
) -> None:
    letting.space, letting.booking = _booked(row, asked, spaces, acting_user)
    letting.save(update_fields=["space", "booking"])


def _change(letting: Letting, asked: LettingTerms) -> None:
    facts = (asked.tenant_kind, asked.area_m2, asked.list_rate)
    if facts != (letting.tenant_kind, letting.area_m2, letting.list_rate):
        letting.tenant_kind, letting.area_m2, letting.list_rate = facts
        letting.save(update_fields=["tenant_kind", "area_m2", "list_rate"])
    _put_steps(letting, asked)
    _put_discounts(letting, asked)
    rent = Charge.objects.get(letting=letting, kind=ChargeKind.RENT)
    if _rhythm(asked.rhythm) != (rent.months, rent.in_advance, rent.vat_subject):
        rent.months, rent.in_advance, rent.vat_subject = _rhythm(asked.rhythm)
        rent.save(update_fields=["months", "in_advance", "vat_subject"])


def _add(
    row: Lease, asked: LettingTerms, spaces: dict[int, Space], acting_user: User | None
) -> Letting:
    space, booking = _booked(row, asked, spaces, acting_user)
    letting = Letting.objects.create(
        lease=row,
        space=space,
        booking=booking,
        period=asked.period,
        tenant_kind=asked.tenant_kind,
        area_m2=asked.area_m2,
        list_rate=asked.list_rate,
    )
    _put_steps(letting, asked)
    _put_discounts(letting, asked)
    months, in_advance, vat_subject = _rhythm(asked.rhythm)
    Charge.objects.create(
        lease=row,
        letting=letting,
        kind=ChargeKind.RENT,
        continues_id=asked.continues,
        months=months,
        in_advance=in_advance,
        vat_subject=vat_subject,
    )
    return letting


def _booked(
    row: Lease, asked: LettingTerms, spaces: dict[int, Space], acting_user: User | None
) -> tuple[Space | None, Booking | None]:
    if asked.space_id is None:
        return None, None
    space = spaces[asked.space_id]
    if row.state not in COUNTING_STATES:
        return space, None
    booking = bookings.book(
        space=space,
        period=asked.period,
        kind=BookingKind.LETTING,
        label=row.number,
        acting_user=acting_user,
    )
    return space, booking


def _put_steps(letting: Letting, asked: LettingTerms) -> None:
    """Delete and insert: the key without overlaps is checked at each statement."""
    there = [(step.period, step.unit, step.rate) for step in letting.steps.all()]
    steps = [(step.period, asked.unit, step.rate) for step in asked.steps]
    if sorted(there, key=_start) == sorted(steps, key=_start):
        return
    RentStep.objects.filter(letting=letting).delete()
    RentStep.objects.bulk_create(
        RentStep(letting=letting, period=period, unit=unit, rate=rate)
        for period, unit, rate in steps
    )


def _put_discounts(letting: Letting, asked: LettingTerms) -> None:
    there = [(each.period, each.unit, each.value, each.reason) for each in letting.discounts.all()]
    granted = [(each.period, each.unit, each.value, each.reason) for each in asked.discounts]
    if sorted(there, key=_start) == sorted(granted, key=_start):
        return
    Discount.objects.filter(letting=letting).delete()
    Discount.objects.bulk_create(
        Discount(letting=letting, period=period, unit=unit, value=value, reason=reason)
        for period, unit, value, reason in granted
    )


def _put_charges(row: Lease, letting: Letting | None, asked: Sequence[ChargeTerms]) -> None:
    there = Charge.objects.beside_rent().filter(lease=row, letting=letting).in_bulk()
    gone = there.keys() - {charge.id for charge in asked}
    Charge.objects.filter(pk__in=gone).delete()
    for charge in asked:
        months, in_advance, vat_subject = _rhythm(charge.rhythm)
        found = there[charge.id] if charge.id is not None else Charge(lease=row, letting=letting)
        facts = {
            "continues_id": charge.continues,
            "kind": charge.kind,
            "label": charge.label,
            "period": charge.period,
            "unit": charge.unit,
            "rate": charge.rate,
            "months": months,
            "in_advance": in_advance,
            "vat_subject": vat_subject,
        }
        if all(getattr(found, name) == value for name, value in facts.items()):
            continue
        for name, value in facts.items():
            setattr(found, name, value)
        found.save()


def _rhythm(rhythm: Rhythm) -> tuple[int, bool, str]:
    return rhythm.months, rhythm.in_advance, rhythm.vat_subject


def _start(row: tuple[Any, ...]) -> dt.date:
    start: dt.date = row[0].start
    return start
