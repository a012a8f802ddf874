"""What holds of leases whatever people do: asked after every step of the random walk."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Final

from django.db import connection
from django.db.models import TextField
from django.db.models.functions import Cast

from core.periods import Period
from leases.choices import COUNTING_STATES, LeaseState
from leases.flaws import covers_exactly, same_before
from leases.models import (
    Amendment,
    Charge,
    DepositEntry,
    Discount,
    Lease,
    LeaseVersion,
    Letting,
    Notice,
    RentStep,
)
from leases.rent import RentStatement, VatTable
from leases.selectors.statements import statement
from leases.selectors.terms import terms_of
from leases.terms import LeaseTerms, from_json
from sites.choices import BookingKind
from sites.models import Booking, LettablePeriod, Measure, Space
from sites.rates import Step
from tests.leases import oracle

Money = tuple[object, ...]
WRITTEN: Final = (
    *(Lease, Letting, RentStep, Discount, Charge, Booking, Amendment, Notice, DepositEntry),
    *(Measure, LettablePeriod, Space),
)


def all_terms() -> dict[int, LeaseTerms]:
    """Of every lease, from the tables."""
    return {lease.pk: terms_of(lease) for lease in Lease.objects.all()}


def check_all(terms: Mapping[int, LeaseTerms]) -> None:
    """All lettings and bookings, and the versions of the leases that have these terms."""
    every_letting_is_its_booking()
    no_space_is_booked_twice()
    every_letting_has_one_rent_whose_steps_cover_it()
    every_version_follows_the_last(terms)
    connection.check_constraints()


def every_letting_is_its_booking() -> None:
    """Of what was signed, all but what has no space, over the same days; of nothing else any."""
    expected = {
        (let.space_id, str(let.period), let.lease.number)
        for let in Letting.objects.filter(
            lease__state__in=COUNTING_STATES, space__isnull=False
        ).select_related("lease")
    }
    booked = [
        (booking.space_id, str(booking.period), booking.label)
        for booking in Booking.objects.filter(kind=BookingKind.LETTING)
    ]
    assert len(booked) == len(expected)
    assert set(booked) == expected
    unsigned = Letting.objects.exclude(lease__state__in=COUNTING_STATES)
    assert not unsigned.filter(booking__isnull=False).exists()


def no_space_is_booked_twice() -> None:
    bookings = sorted(Booking.objects.all(), key=lambda each: (each.space_id, each.period.start))
    for one, other in pairwise(bookings):
        assert one.space_id != other.space_id or one.period.is_past(other.period.start)


def every_letting_has_one_rent_whose_steps_cover_it() -> None:
    for letting in Letting.objects.prefetch_related("steps", "charges"):
        steps = [Step(step.period, step.rate) for step in letting.steps.all()]
        assert covers_exactly(steps, letting.period)
        assert [charge.kind for charge in letting.charges.all()].count("rent") == 1


def every_version_follows_the_last(terms: Mapping[int, LeaseTerms]) -> None:
    """The last is what the tables say, but for the days of a holding over."""
    for lease in Lease.objects.filter(pk__in=terms).prefetch_related("versions"):
        versions = sorted(lease.versions.all(), key=lambda each: each.version)
        assert [each.version for each in versions] == list(range(1, len(versions) + 1))
        assert all(one.known_from <= other.known_from for one, other in pairwise(versions))
        if lease.state not in COUNTING_STATES:
            continue
        kept, now = from_json(versions[-1].terms), terms[lease.pk]
        end = lease.period.end
        # Signed: it may have been held over before its handover was taken back.
        if lease.state != LeaseState.ENDED and end is not None:
            assert same_before(kept, now, end)
        else:
            assert kept == now


def says_what_counting_the_days_says(
    lease: Lease, terms: LeaseTerms, period: Period, vat: VatTable
) -> None:
    """The statement, and the oracle fed from the tables, to the centime."""
    said = statement(lease, period)
    assert said is not None
    if lease.state == LeaseState.CANCELLED:
        assert not said.lines
        return
    engine = sorted(
        (line.period.start, line.period.last_day, line.amount, str(line.vat_rate))
        for line in said.lines
    )
    slow = sorted(
        (line.first, line.last, line.amount, str(line.vat_rate))
        for line in oracle.due(terms, period, vat)
    )
    assert engine == slow


def charged(said: RentStatement) -> list[Money]:
    """A statement's lines without the ids of their rows."""
    return sorted(
        (line.space or "", line.kind, line.label, line.period.start, line.unit, line.rate,
         line.area_m2 or Decimal(0), line.amount, line.vat)
        for line in said.lines
    )  # fmt: skip


def brought(said: RentStatement) -> list[Money]:
    """What a statement's lines charge, wherever: without spaces, and without what is nil."""
    return sorted(
        (line.kind, line.label, line.period.start, line.unit, line.rate, line.amount, line.vat)
        for line in said.lines
        if line.amount
    )


def versions() -> Sequence[Money]:
    rows = LeaseVersion.objects.order_by("lease_id", "version")
    terms = Cast("terms", TextField())
    return list(rows.values_list("lease_id", "version", "reason", terms, "known_from"))


def written() -> object:
    """All that acts write, in one question to the database."""
    tables = ", ".join(
        f"(SELECT string_agg(t::text, ';' ORDER BY t.id) FROM {model._meta.db_table} AS t)"
        for model in WRITTEN
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {tables}")
        return cursor.fetchone()
