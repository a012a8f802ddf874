"""Who waits at one site waits, last, at the other; also where two change sites at once."""

import threading

import pytest
from django.db import OperationalError

from applications.models import Place, Transfer
from applications.services import transfers, waiting
from applications.services.decisions import publish
from sites.models import Site
from tests.applications.moving import Officers, asked
from tests.concurrency.crowd import at_once
from tests.factories import scene

pytestmark = pytest.mark.django_db


def waits(site: Site) -> Place:
    file = scene.decided(scene.application(site), "waitlist")
    publish(application=file, acting_user=None)
    return Place.objects.get(application=file)


def ranks(site: Site) -> list[tuple[int | None, int, str]]:
    """(rank, file, kind) in the list's order."""
    standing = Place.objects.standing().filter(site=site).order_by("rank")
    return list(standing.values_list("rank", "application", "tenant_kind"))


def test_who_waits_comes_last_on_the_other_list(
    sites: tuple[Site, Site], officers: Officers
) -> None:
    here, there = sites
    goes, stays, waited = waits(here), waits(here), waits(there)
    waiting.change_kind(place=goes, tenant_kind="sme", acting_user=None)
    transfer = asked(goes.application, there, officers[0])
    assert ranks(here)[0] == (1, goes.application_id, "sme")  # until it is agreed
    transfers.agree_transfer(transfer=transfer, acting_user=officers[1])
    transfers.agree_transfer(transfer=transfer, acting_user=officers[1])
    assert ranks(here) == [(1, stays.application_id, "startup")]
    assert ranks(there) == [
        (1, waited.application_id, "startup"),
        (2, goes.application_id, "sme"),
    ]
    told = goes.moves.order_by("id").values_list("source", "target", "reason", "moved_by")
    assert list(told) == [
        (None, 1, "", None),
        (1, None, "Un bureau y est libre.", officers[1].pk),
    ]
    # The place is a place there: a space of that site can be offered.
    offer = scene.offer(goes.application, scene.office(there), tenant_kind="sme")
    assert (offer.state, len(ranks(there))) == ("open", 1)


@pytest.mark.django_db(transaction=True)
def test_two_who_wait_change_sites_at_once(sites: tuple[Site, Site]) -> None:
    here, there = sites
    for _round in range(2):
        crossing = [
            asked(waits(source).application, target)
            for source, target in ((here, there), (there, here))
        ]

        def agree(number: int, crossing: list[Transfer] = crossing) -> str:
            agreed = transfers.agree_transfer(transfer=crossing[number], acting_user=None)
            return str(agreed.state)

        assert at_once(2, agree) == ["done", "done"]
    for site in sites:
        assert [rank for rank, _file, _kind in ranks(site)] == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_control_locked_one_after_the_other_two_who_wait_stand_in_each_others_way(
    sites: tuple[Site, Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = sites
    crossing = [
        asked(waits(source).application, target)
        for source, target in ((here, there), (there, here))
    ]
    both_hold_one = threading.Barrier(2, timeout=60)
    lock = waiting._lock_lists

    def one_by_one(*site_ids: int) -> None:
        lock(site_ids[0])
        both_hold_one.wait()
        lock(*site_ids[1:])

    monkeypatch.setattr(waiting, "_lock_lists", one_by_one)

    def agree(number: int) -> str:
        try:
            return str(transfers.agree_transfer(transfer=crossing[number], acting_user=None).state)
        except OperationalError:
            both_hold_one.abort()
            return "deadlock"
        except threading.BrokenBarrierError:
            return "alone"

    assert "deadlock" in at_once(2, agree)
