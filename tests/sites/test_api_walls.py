"""Walls move over REST: spaces are split and merged, under the rights of the staff page."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.choices import Role
from core.periods import ONE_DAY, today
from sites.choices import SpaceKind
from sites.models import Floor, Site, Space
from sites.services.spaces import add_space
from tests.factories import clients, scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


@pytest.fixture
def client(site: Site) -> Client:
    return clients.writer(Role.SITE_MANAGER, site)


def post(client: Client, space: Space, act: str, body: Any, **headers: str) -> Any:
    """(status, answer)"""
    address = f"/api/v1/spaces/{space.pk}/{act}/"
    response = client.post(address, body, "application/json", headers=headers)
    return response.status_code, response.json()


def halves(**given: Any) -> Any:
    parts = [{"code": "A1-A", "area_m2": "12.50"}, {"code": "A1-B", "area_m2": 7.5}]
    return {"since": today().isoformat(), "parts": parts, **given}


def test_a_space_is_split_once_and_its_parts_are_merged(site: Site, client: Client) -> None:
    space = scene.office(site, code="A1", area_m2="20.00")
    key = {"idempotency-key": "walls-1"}
    status, answer = post(client, space, "split", halves(), **key)
    parts = [(row["code"], row["area_m2"], row["kind"], row["floor"]) for row in answer["results"]]
    assert (status, parts) == (
        201,
        [("A1-A", "12.50", "office", "1"), ("A1-B", "7.50", "office", "1")],
    )
    assert post(client, space, "split", halves(), **key) == (status, answer)
    again = post(client, space, "split", halves())
    assert (again[0], list(again[1]["errors"])) == (400, [""])  # the codes are there already
    first, second = (Space.objects.get(pk=row["id"]) for row in answer["results"])
    assert list(first.replaces.all()) == list(second.replaces.all()) == [space]
    tomorrow = (today() + ONE_DAY).isoformat()
    body = {"since": tomorrow, "spaces": [second.pk], "code": "A2", "area_m2": "19.50"}
    status, made = post(client, first, "merge", body)
    # Measured from tomorrow on.
    assert (status, made["code"], made["area_m2"], made["floor"]) == (201, "A2", None, "1")
    assert set(Space.objects.get(pk=made["id"]).replaces.all()) == {first, second}


def test_what_cannot_be_is_refused_at_its_field(site: Site, client: Client) -> None:
    space = scene.office(site, code="A1")
    upstairs = add_space(
        floor=Floor.objects.create(building=space.building, code="2", level=2),
        code="B1",
        kind=SpaceKind.OFFICE,
        area_m2=Decimal(20),
        lettable_from=site.opened_on,
        acting_user=None,
    )
    elsewhere = scene.office(scene.site("RAB"))
    merged = {"since": today().isoformat(), "code": "A9", "area_m2": "40.00"}
    one, misspelt = halves()["parts"][:1], [{"code": "A1-A", "area": "1"}, *halves()["parts"]]
    for act, body, code, field in (
        ("split", halves(parts=one), "too_few_spaces", None),
        ("split", halves(parts=misspelt), "invalid", "parts"),
        ("split", halves(parts=[{"code": "a 1", "area_m2": "1"}] * 2), "invalid", "parts"),
        ("split", halves(parts=[{"code": "A8", "area_m2": "0"}] * 2), "invalid", "parts"),
        ("split", halves(parts=[{"code": "A8", "area_m2": "1"}, {"code": "A9", "area_m2": "2"}]),
         "areas_differ", "note"),
        ("merge", {**merged, "spaces": []}, "too_few_spaces", None),
        ("merge", {**merged, "spaces": [upstairs.pk]}, "not_on_one_floor", "spaces"),
        ("merge", {**merged, "spaces": [elsewhere.pk]}, "invalid", "spaces"),
    ):  # fmt: skip
        status, problem = post(client, space, act, body)
        assert (status, problem["code"]) == (400, code), (act, body, problem)
        assert list(problem.get("errors") or ()) == ([field] if field else []), problem
    assert Space.objects.filter(site=site).count() == 2


def test_only_who_may_change_spaces_there_moves_walls(site: Site) -> None:
    space = scene.office(site, code="A1", area_m2="20.00")
    for client, status in (
        (clients.client(Role.SITE_MANAGER, site), 403),  # reads only
        (clients.writer(Role.FINANCE_OFFICER, site), 403),
        (clients.writer(Role.SITE_MANAGER, scene.site("RAB")), 404),
        (clients.writer(Role.DIRECTOR), 201),
    ):
        assert post(client, space, "split", halves())[0] == status
