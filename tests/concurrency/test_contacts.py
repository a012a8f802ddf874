"""Keys of one company's rooms are handed over at the same moment: who applied is kept once."""

import pytest

from applications.services.answers import accept_offer
from core.periods import today
from leases.models import Lease
from leases.services.handover import hand_over
from leases.services.signing import sign_lease
from tenants.models import Contact
from tests.concurrency.crowd import at_once
from tests.factories import scene, tenancies

pytestmark = pytest.mark.django_db(transaction=True)


def test_whoever_applied_for_several_rooms_is_one_contact() -> None:
    site = scene.site()
    leases = []
    for _room in range(3):
        file = scene.application(site, ice="001525713000072", contact_email="samira@argan.example")
        accept_offer(offer=scene.offer(file, scene.office(site)), acting_user=None)
        lease = Lease.objects.get(application=file)
        sign_lease(lease=lease, signed_on=today(), acting_user=None)
        tenancies.pay_deposit(lease)
        leases.append(lease)
    at_once(3, lambda number: hand_over(lease=leases[number], on=today(), acting_user=None))
    assert list(Contact.objects.values_list("email", "for_billing")) == [
        ("samira@argan.example", True)
    ]
