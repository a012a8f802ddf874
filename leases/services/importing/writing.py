"""The good leases of a plan, written in bulk: signed, in the state that their dates imply."""

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone

from accounts.models import User
from core.imports import Outcome, Plan, Progress, chunks
from core.periods import Period, today
from leases.choices import ChargeKind, DepositAct, DepositMethod, LeaseState, VersionAct
from leases.models import Charge, DepositEntry, Lease, LeaseVersion, Letting, RentStep
from leases.services.departures import note_who_left
from leases.services.importing.agreed import rhythm_of, terms_of
from leases.services.importing.reading import LeaseData, LettingData
from leases.services.locking import check_now
from leases.signals import occupation_changed
from leases.terms import as_json
from sites.choices import BookingKind
from sites.models import Booking
from sites.services.bookings import lock_spaces
from tenants.models import Company, Presence


def write_leases(plan: Plan, *, acting_user: User | None, progress: Progress) -> None:
    """Inside the caller's transaction, which records who wrote."""
    leases = [row.data for row in plan.rows if row.data is not None]
    progress(sum(row.outcome == Outcome.UNCHANGED for row in plan.rows))
    if not leases:
        return
    _save_companies([lease.company for lease in leases])
    spaces = [let.space for lease in leases for let in lease.lettings if let.space is not None]
    locked = lock_spaces(spaces)
    Booking.objects.expired().filter(space__in=locked).delete()
    for some in chunks(leases):
        _write(some, acting_user)
        progress(sum(len(let.steps) for lease in some for let in lease.lettings))
    check_now()
    note_who_left({lease.company.pk for lease in leases}, acting_user=acting_user)
    first = min(lease.period.start for lease in leases)
    occupation_changed.send(sender=Lease, lease=None, days=Period(first), acting_user=acting_user)


def _save_companies(companies: Sequence[Company]) -> None:
    new = {id(company): company for company in companies if company.pk is None}
    Company.objects.bulk_create(new.values())


def _write(leases: Sequence[LeaseData], acting_user: User | None) -> None:
    day = today()
    rows = Lease.objects.bulk_create(_lease(lease, day) for lease in leases)
    known = list(zip(rows, leases, strict=True))
    _write_lettings([(row, letting) for row, lease in known for letting in lease.lettings])
    now = timezone.now()
    LeaseVersion.objects.bulk_create(
        LeaseVersion(
            lease=row,
            version=1,
            terms=as_json(terms_of(lease)),
            reason=VersionAct.IMPORTED,
            known_from=now,
            acting_user=acting_user,
        )
        for row, lease in known
    )
    DepositEntry.objects.bulk_create(
        DepositEntry(
            lease=row,
            act=DepositAct.RECEIVED,
            amount=lease.deposit_received,
            on=min(lease.period.start, day),
            method=DepositMethod.BALANCE,
            acting_user=acting_user,
        )
        for row, lease in known
        if lease.deposit_received
    )
    Presence.objects.bulk_create(
        (
            Presence(company=lease.company, site=lease.site, since=lease.period.start)
            for lease in sorted(leases, key=lambda lease: lease.period.start)
        ),
        ignore_conflicts=True,
    )


def _write_lettings(pairs: Sequence[tuple[Lease, LettingData]]) -> None:
    """Each on its booking, with its charges and steps; the data learns the ids."""
    bookings = iter(
        Booking.objects.bulk_create(
            Booking(
                space=letting.space,
                period=letting.period,
                kind=BookingKind.LETTING,
                label=row.number,
            )
            for row, letting in pairs
            if letting.space is not None
        )
    )
    made = Letting.objects.bulk_create(
        Letting(
            lease=row,
            space=letting.space,
            booking=next(bookings) if letting.space is not None else None,
            period=letting.period,
            tenant_kind=row.tenant_kind,
            area_m2=letting.area_m2,
            list_rate=letting.list_rate,
        )
        for row, letting in pairs
    )
    _write_charges(made, pairs)
    RentStep.objects.bulk_create(
        step
        for row, (_lease_row, letting) in zip(made, pairs, strict=True)
        for step in _steps(row, letting)
    )


def _write_charges(made: Sequence[Letting], pairs: Sequence[tuple[Lease, LettingData]]) -> None:
    """The rent of each letting and what comes beside it; the data learns their ids."""
    rents, others = [], []
    for let, (row, letting) in zip(made, pairs, strict=True):
        rhythm = rhythm_of(letting)
        billed = {"months": rhythm.months, "vat_subject": rhythm.vat_subject}
        rents.append(Charge(lease=row, letting=let, kind=ChargeKind.RENT, **billed))
        others += [
            Charge(
                lease=row,
                letting=let,
                kind=charge.kind,
                period=charge.period,
                unit=charge.unit,
                rate=charge.rate,
                **billed,
            )
            for charge in letting.charges
        ]
    Charge.objects.bulk_create([*rents, *others])
    numbers = (charge.pk for charge in others)
    for let, rent, (_row, letting) in zip(made, rents, pairs, strict=True):
        letting.id, letting.charge_id = let.pk, rent.pk
        for charge, number in zip(letting.charges, numbers, strict=False):
            charge.id = number


def _lease(lease: LeaseData, day: dt.date) -> Lease:
    state = LeaseState.ACTIVE
    if lease.period.start > day:
        state = LeaseState.SIGNED
    elif lease.period.is_past(day):
        state = LeaseState.ENDED
    notice = {} if lease.notice_months is None else {"notice_months": lease.notice_months}
    return Lease(
        number=lease.number,
        site=lease.site,
        company=lease.company,
        tenant_kind=lease.kind,
        state=state,
        period=lease.period,
        signed_on=min(lease.period.start, day),
        deposit_due=lease.deposit_due,
        tacit_months=lease.tacit_months,
        maximum_stay_months=lease.maximum_stay_months,
        **notice,
        exit_on=lease.period.last_day if state == LeaseState.ENDED else None,
        imported=True,
    )


def _steps(row: Letting, letting: LettingData) -> list[RentStep]:
    return [
        RentStep(letting=row, period=step.period, unit=letting.unit, rate=step.rate)
        for step in letting.steps
    ]
