"""A company's last two leases end at the same moment: it has left, once."""

import threading

import pytest
from django.db import transaction

from core.periods import today
from leases.choices import LeaseState
from leases.models import Lease
from leases.selectors.departures import departures
from leases.services.exits import end_lease
from tenants.models import FollowUp
from tenants.services.asking import ask_yearly
from tests.concurrency.crowd import at_once
from tests.factories import scene, tenancies

pytestmark = pytest.mark.django_db(transaction=True)


def _leases(count: int) -> list[Lease]:
    site, company = scene.site(), scene.company(email="gerance@argan.example")
    return [
        tenancies.active(site, scene.office(site, code=f"B{number}"), company=company)
        for number in range(count)
    ]


def test_of_ends_at_once_the_last_opens_one_follow_up_and_one_letter_leaves() -> None:
    leases = _leases(4)
    at_once(
        4,
        lambda number: end_lease(
            lease=leases[number], last_day=today(), reason="x", acting_user=None
        ),
    )
    follow_up = FollowUp.objects.get()
    assert (follow_up.left_on, follow_up.closing) == (today(), "")
    FollowUp.objects.update(left_on=today().replace(year=today().year - 2, day=1))
    assert sum(at_once(4, lambda _number: ask_yearly())) == 1


def test_control_without_the_lock_each_end_sees_the_other_lease_go_on() -> None:
    leases = _leases(2)
    both = threading.Barrier(2, timeout=60)

    def end(number: int) -> bool:
        with transaction.atomic():
            Lease.objects.filter(pk=leases[number].pk).update(
                state=LeaseState.ENDED, exit_on=today()
            )
            both.wait()
            found = departures([leases[number].company_id])
            both.wait()  # neither commits before the other has looked
            return found == {}

    assert at_once(2, end) == [True, True]
