"""A company applied to several sites and accepts all its offers at once: it is one company."""

import threading

import pytest

from applications.models import Application
from applications.selectors.relatives import known_company
from applications.services.answers import accept_offer
from tenants.models import Company
from tenants.services import register_company
from tests.concurrency.crowd import at_once
from tests.factories import scene

pytestmark = pytest.mark.django_db(transaction=True)


def _made_together(count: int) -> list[Application]:
    site = scene.site()
    files = [scene.application(site, name="Argan Démo") for _number in range(count)]
    Application.objects.exclude(pk=files[0].pk).update(sister_of=files[0])
    return files


def test_offers_accepted_at_once_make_one_company() -> None:
    offers = [scene.offer(file, scene.office(file.site)) for file in _made_together(6)]
    at_once(6, lambda number: accept_offer(offer=offers[number], acting_user=None).state)
    company = Company.objects.get()
    assert set(Application.objects.values_list("company", "state")) == {(company.pk, "accepted")}


def test_control_without_the_lock_each_makes_its_own() -> None:
    files = _made_together(6)
    all_have_looked = threading.Barrier(6, timeout=60)

    def attempt(number: int) -> bool:
        known = known_company(files[number])
        all_have_looked.wait()
        if known is None:
            register_company(name=files[number].name, acting_user=None)
        return known is None

    assert at_once(6, attempt) == [True] * 6
    assert Company.objects.count() == 6
