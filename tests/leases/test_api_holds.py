"""Holds by hand over REST: placed, prolonged, released; what stands in the way is said."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.choices import Role
from core.periods import add_months
from sites.models import Booking, Site, Space
from tests.factories import clients, scene, tenancies

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)
WANTED = {"start": "2026-05-01", "end": "2027-04-30", "held_until": "2026-03-31",
          "reason": "Un partenaire"}  # fmt: skip


@pytest.fixture(autouse=True)
def now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


@pytest.fixture
def space(site: Site) -> Space:
    return scene.office(site, code="A1")


@pytest.fixture
def client(site: Site) -> Client:
    return clients.writer(Role.SITE_MANAGER, site)


def post(client: Client, space: Space, act: str, body: Any, **headers: str) -> Any:
    """(status, answer)"""
    address = f"/api/v1/spaces/{space.pk}/{act}/"
    response = client.post(address, body, "application/json", headers=headers)
    return response.status_code, response.json()


def test_a_hold_is_placed_once_prolonged_and_released(client: Client, space: Space) -> None:
    key = {"idempotency-key": "hold-1"}
    status, held = post(client, space, "hold", WANTED, **key)
    assert (status, held) == (
        201,
        {
            "id": held["id"],
            "kind": "hold",
            "start": "2026-05-01",
            "end": "2027-04-30",
            "lease": None,
            "company": None,
            "about": "Un partenaire",
            "held_until": "2026-03-31",
        },
    )
    assert post(client, space, "hold", WANTED, **key) == (status, held)
    assert post(client, space, "hold", WANTED)[1]["code"] == "space_taken"
    longer = {"hold": held["id"], "held_until": "2026-04-30"}
    after = {**held, "held_until": "2026-04-30"}
    assert post(client, space, "prolong-hold", longer) == (200, after)
    assert post(client, space, "release-hold", {"hold": held["id"]}) == (200, after)
    assert not Booking.objects.exists()


def test_a_hold_that_ran_out_is_not_prolonged(client: Client, space: Space) -> None:
    hold = post(client, space, "hold", WANTED)[1]["id"]
    Booking.objects.update(expires_at=NOW)
    longer = {"hold": hold, "held_until": "2026-04-30"}
    assert post(client, space, "prolong-hold", longer)[1]["code"] == "hold_not_found"


def test_what_cannot_be_is_refused_at_its_field(site: Site, client: Client, space: Space) -> None:
    other = scene.office(site, code="A2")
    offer = scene.offer(scene.application(site), other, start=add_months(NOW.date(), 1))
    let = scene.office(site, code="A3")
    letting = tenancies.signed(site, let).lettings.get().booking_id
    promised = offer.booking_id
    until = {"held_until": "2026-04-30"}
    for place, act, body, status, code, field in (
        (space, "hold", {**WANTED, "end": "2026-04-30"}, 400, "invalid", "end"),
        (space, "hold", {**WANTED, "reason": " "}, 400, "invalid", "reason"),
        (space, "hold", {**WANTED, "held_until": "2026-03-01"}, 400, "hold_is_over", "held_until"),
        (space, "hold", {**WANTED, "until": "2026-04-01"}, 400, "invalid", "until"),
        (space, "prolong-hold", {"hold": promised, **until}, 400, "invalid", "hold"),
        (other, "prolong-hold", {"hold": promised, **until}, 409, "hold_is_promised", None),
        (other, "release-hold", {"hold": promised}, 409, "hold_is_promised", None),
        (let, "release-hold", {"hold": letting}, 409, "hold_not_found", None),
    ):
        seen, problem = post(client, place, act, body)
        assert (seen, problem["code"]) == (status, code), (act, body, problem)
        assert list(problem.get("errors") or ()) == ([field] if field else []), problem


def test_only_who_may_book_there_holds(site: Site, space: Space) -> None:
    hold = post(clients.writer(Role.DIRECTOR), space, "hold", WANTED)[1]["id"]
    for client, status in (
        (clients.client(Role.SITE_MANAGER, site), 403),  # reads only
        (clients.writer(Role.FINANCE_OFFICER, site), 403),
        (clients.writer(Role.SITE_MANAGER, scene.site("RAB")), 404),
    ):
        assert post(client, space, "hold", WANTED)[0] == status
        longer = {"hold": hold, "held_until": "2026-04-30"}
        assert post(client, space, "prolong-hold", longer)[0] == status
        assert post(client, space, "release-hold", {"hold": hold})[0] == status
    assert Booking.objects.get().pk == hold
