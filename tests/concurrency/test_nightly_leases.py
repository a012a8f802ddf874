"""Several workers do what the night and Monday bring to leases: it is done once."""

import datetime as dt

import pytest
import time_machine

from accounts.choices import Role
from core.models import Message
from core.periods import add_months, today
from leases.models import Amendment
from leases.services.maximum_stay import warn_of_maximum_stays
from leases.services.renewals import renew_tacitly
from leases.services.weekly import send_agendas
from sites.choices import TenantKind
from sites.models import RatePlan
from tests.concurrency.crowd import at_once
from tests.factories import scene, tenancies

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
