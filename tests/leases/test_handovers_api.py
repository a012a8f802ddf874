"""Handover reports over REST: begun, filled piece by piece, closed."""

import hashlib
import json
from typing import Any

import pytest

from accounts.choices import Role
from core.periods import today
from leases.models import HandoverPhoto, Lease
from sites.models import Site
from tests.factories import clients, handovers, scene, tenancies, uploads

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


@pytest.fixture
def lease(site: Site) -> Lease:
    return tenancies.signed(site, scene.office(site, code="A1", kind="desk"))


def test_a_report_is_written_over_rest(lease: Lease, site: Site) -> None:
    client = clients.writer(Role.SITE_MANAGER, site)
    base = f"/api/v1/leases/{lease.number}/handovers/"

    def sent(verb: str, path: str, body: Any = None, status: int = 200) -> Any:
        answer = client.generic(
            verb, f"{base}{path}", "" if body is None else json.dumps(body),
            content_type="application/json",
        )  # fmt: skip
        assert answer.status_code == status, answer.content
        return answer.json() if answer.content else None

    report = sent("POST", "", {"way": "in", "language": "en"}, 201)
    one = f"{report['id']}/"
    elements = ["Desk", "Chair", "Locker or drawers", "Sockets and switches", "Network sockets"]
    assert [row["element"] for row in report["items"]] == elements
    assert report["to_do"] == [f"A1, {element}" for element in elements]
    assert (report["way"], report["day"], report["state"]) == ("in", str(today()), "draft")
    added = sent("POST", f"{one}items/", {"element": "Lamp"}, 201)["items"][-1]
    assert sent("DELETE", f"{one}items/{added['id']}/", status=204) is None
    first = report["items"][0]["id"]
    data = uploads.photo()
    put = client.put(f"{base}{one}items/{first}/photos/img.jpg", data, "image/jpeg")
    photo = put.json()
    assert client.put(f"{base}{one}items/{first}/photos/x.jpg", data, "image/jpeg").json() == photo
    opened: Any = client.get(f"{base}{one}photos/{photo['id']}/")
    content = b"".join(opened.streaming_content)
    for close in opened._resource_closers:
        close()
    assert hashlib.sha256(content).hexdigest() == photo["sha256"]
    for row in report["items"]:
        told = {"condition": "worn", "remark": "marks"}
        sent("PATCH", f"{one}items/{row['id']}/", told)
    sent("PUT", f"{one}keys/", {"keys": [{"what": "Badge", "identifier": "7", "count": 1}]})
    meters = [{"kind": "water", "number": "W1", "reading": "12.500"}]
    sent("PUT", f"{one}meters/", {"meters": meters})
    problem = sent("POST", f"{one}close/", status=400)
    assert (problem["code"], list(problem["errors"])) == (
        "present_missing",
        ["present_for_lessor"],
    )
    sent("PATCH", one, {"present_for_lessor": "M. Bennis"})
    closed = sent("POST", f"{one}close/")
    assert (closed["state"], closed["to_do"]) == ("closed", [])
    assert closed["items"][0] == {
        "id": first,
        "space": lease.lettings.get().space_id,
        "space_code": "A1",
        "room": "",
        "element": "Desk",
        "condition": "worn",
        "remark": "marks",
        "condition_before": "",
        "worse": False,
        "photos": [photo],
    }
    key = {"what": "Badge", "identifier": "7", "count": 1, "count_before": None}
    assert closed["keys"] == [key]
    assert closed["meters"][0]["reading"] == "12.500"
    refused = sent("PATCH", f"{one}items/{first}/", {"remark": "later"}, 409)
    assert refused["code"] == "report_closed"
    assert sent("GET", "")["results"] == [
        {name: closed[name] for name in (
            "id", "way", "day", "state", "language", "closed_at", "compared_with")}
    ]  # fmt: skip
    tenancies.moved_in(lease)
    out = sent("POST", "", {"way": "out"}, 201)
    assert (out["compared_with"], out["items"][0]["condition_before"]) == (report["id"], "worn")
    below = {"meters": [{"kind": "water", "number": "W1", "reading": "12.499"}]}
    assert sent("PUT", f"{out['id']}/meters/", below, 400)["code"] == "reading_below_entry"
    dropped = sent("POST", f"{out['id']}/drop/", {"reason": "Autre jour"})
    assert (dropped["state"], dropped["reason"]) == ("dropped", "Autre jour")


def test_whoever_may_not_hand_over_writes_nothing(lease: Lease, site: Site) -> None:
    report = handovers.begun(lease)
    item = report.items.all()[0]
    base = f"/api/v1/leases/{lease.number}/handovers/{report.pk}/"
    for client, expected in (
        (clients.writer(Role.FINANCE_OFFICER, site), 403),
        (clients.writer(Role.SITE_MANAGER, scene.site("RAB")), 404),
    ):
        told = {"condition": "good"}
        changed = client.patch(f"{base}items/{item.pk}/", told, content_type="application/json")
        put = client.put(f"{base}items/{item.pk}/photos/a.jpg", uploads.photo(), "image/jpeg")
        assert (changed.status_code, put.status_code) == (expected, expected)
    assert not HandoverPhoto.objects.exists()
