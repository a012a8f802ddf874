"""Several workers do what the night and Monday bring to leases: it is done once."""

import datetime as dt
import threading

import pytest
import time_machine

from accounts.choices import Role
from core.models import Message
from core.periods import ONE_DAY, Period, add_months, today
from leases.models import Amendment, Lease, LeaseVersion, RentStep
from leases.services.holding_over import carry_on
from leases.services.maximum_stay import warn_of_maximum_stays
from leases.services.renewals import renew_tacitly
from leases.services.weekly import send_agendas
from sites.choices import TenantKind
from sites.models import Booking, RatePlan
from tests.concurrency.crowd import at_once
from tests.factories import scene, tenancies
from tests.leases import legality

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_term_is_renewed_once_and_each_letter_is_written_once() -> None:
    with time_machine.travel(dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)):
        site = scene.site("CAS")
        RatePlan.objects.filter(tenant_kind=TenantKind.STARTUP).update(maximum_stay_months=60)
        for _reader in range(2):
            scene.staff(Role.SITE_MANAGER, site)
        start = add_months(today(), -55)
        lease = tenancies.active(
            site,
            scene.office(site),
            start=start,
            months=54,
            tacit_months=12,
            kind=TenantKind.STARTUP,
        )
        assert at_once(6, lambda _worker: renew_tacitly()) == [{}] * 6
        lease.refresh_from_db()
        assert lease.period.end == add_months(start, 66)
        assert Amendment.objects.count() == 1
        assert sum(at_once(6, lambda _worker: send_agendas())) == 2
        assert sum(at_once(6, lambda _worker: warn_of_maximum_stays())) == 1
        for matter in ("agenda:", "stay:"):
            assert Message.objects.filter(matter__startswith=matter).count() == 2


def _over(*, tacit_months: int | None) -> Lease:
    """A year of a lease that was over three days ago."""
    start = add_months(today(), -12) - dt.timedelta(days=3)
    site = scene.site("CAS" if tacit_months else "RAB")
    lease = tenancies.active(
        site, scene.office(site), start=start, months=12, tacit_months=tacit_months
    )
    lease.refresh_from_db()
    return lease


def test_two_nights_at_once_renew_and_carry_on_as_one() -> None:
    renewed, held_over = _over(tacit_months=6), _over(tacit_months=None)

    def night(_worker: int) -> object:
        return renew_tacitly(), carry_on()

    written = Booking.pgh_event_model.objects.count()  # type: ignore[attr-defined]
    assert at_once(6, night) == [({}, {})] * 6
    # Each booking was lengthened once, and both rents go on as one step.
    assert Booking.pgh_event_model.objects.count() == written + 2  # type: ignore[attr-defined]
    end = add_months(renewed.period.start, 18)
    through = [Period(renewed.period.start, end), Period(held_over.period.start, today() + ONE_DAY)]
    assert list(Booking.objects.order_by("id").values_list("period", flat=True)) == through
    assert list(RentStep.objects.order_by("letting_id").values_list("period", flat=True)) == through
    assert LeaseVersion.objects.filter(lease=renewed).count() == 2
    assert Amendment.objects.count() == 1
    legality.check_all(legality.all_terms())


def test_control_without_the_lock_each_night_finds_the_same_to_do() -> None:
    renewed, held_over = _over(tacit_months=6), _over(tacit_months=None)
    all_have_looked = threading.Barrier(6, timeout=60)

    def attempt(_worker: int) -> list[list[int]]:
        due = (Lease.objects.to_renew_tacitly(today()), Lease.objects.holding_over(today()))
        found = [sorted(rows.values_list("pk", flat=True)) for rows in due]
        all_have_looked.wait()
        return found

    found = [[renewed.pk], sorted([renewed.pk, held_over.pk])]
    assert at_once(6, attempt) == [found] * 6
