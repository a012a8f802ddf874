"""Amendments over REST: drafted from one change each, looked at, signed or dropped, refused."""

import datetime as dt
from typing import Any

import pytest

from accounts.choices import Role
from leases.models import Amendment
from sites.models import Site
from tests.factories import clients, scene
from tests.leases.test_api import leased, post

pytestmark = pytest.mark.django_db

JULY = dt.date(2026, 7, 1)
LAST = dt.date(2028, 12, 31)


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


CHANGES: dict[str, dict[str, Any]] = {
    "give_up": {},
    "resize": {"area_m2": "30.00"},
    "reprice": {
        "unit": "per_m2",
        "rates": [{"start": "2026-07-01", "rate": 90}, {"start": "2027-01-01", "rate": "110"}],
    },
    "let": {},
    "move_end": {"end": "2027-12-31"},
    "renew": {"end": "2031-12-31"},
    "renew_tacitly": {"months": 12},
    "recategorise": {"tenant_kind": "startup"},
    "add_charge": {"kind": "parking", "unit": "flat", "rate": "150", "label": "place 12"},
    "end_charge": {},
    "discount": {"unit": "percent", "value": "10", "reason": "travaux", "end": "2026-08-31"},
}


@pytest.mark.parametrize("change", CHANGES)
def test_an_amendment_is_drafted_from_one_change_looked_at_and_signed(
    site: Site, change: str
) -> None:
    lease = leased(site)
    spare = scene.office(site, code="A2", area_m2="10.00")
    client = clients.writer(Role.SITE_MANAGER, site)
    letting = lease.lettings.get()
    body = {**CHANGES[change]}
    if change in {"give_up", "resize", "reprice", "add_charge", "discount"}:
        body["letting"] = letting.pk
    if change == "let":
        body = {"space": spare.pk}
    ask: dict[str, Any] = {"reason": "Accord du comité", change: body}
    if change not in {"move_end", "renew"}:
        ask["effective_on"] = JULY.isoformat()
    if change in {"give_up", "end_charge"}:  # something to be left, something to be ended
        first = {"let": {"space": spare.pk}} if change == "give_up" else None
        first = first or {"add_charge": {**CHANGES["add_charge"], "letting": letting.pk}}
        status, made = post(
            client, lease, "amendments", {"reason": "Avant", "effective_on": "2026-02-01", **first}
        )
        assert status == 201, made
        assert post(client, lease, f"amendments/{made['id']}/sign")[0] == 200
        if change == "end_charge":
            body["charge"] = lease.charges.get(kind="parking").pk
    status, drafted = post(client, lease, "amendments", ask)
    assert status == 201, drafted
    assert (drafted["number"], drafted["state"], drafted["kind"]) == (None, "draft", KINDS[change])
    before, after = drafted["preview"]["net_before"], drafted["preview"]["net_after"]
    assert (before, after) == PREVIEWS[change]
    deposit = {"let": "3000.00"}.get(change, drafted["before"]["deposit_due"])
    assert drafted["preview"]["deposit_after"] == deposit
    shown = client.get(f"/api/v1/leases/{lease.number}/amendments/{drafted['id']}/").json()
    assert shown == drafted
    status, signed = post(client, lease, f"amendments/{drafted['id']}/sign")
    assert (status, signed["state"]) == (200, "signed")
    assert signed["after"]["end"] == {"move_end": "2027-12-31", "renew": "2031-12-31"}.get(
        change, LAST.isoformat()
    )
    query = f"from={drafted['preview']['start']}&to={drafted['preview']['end']}"
    due = client.get(f"/api/v1/leases/{lease.number}/statement/?{query}").json()
    assert due["net"] == after  # what was shown is what holds


KINDS = {
    "give_up": "space",
    "resize": "space",
    "let": "space",
    "reprice": "rent",
    "move_end": "end",
    "renew": "renewal",
    "renew_tacitly": "renewal",
    "recategorise": "category",
    "add_charge": "charges",
    "end_charge": "charges",
    "discount": "charges",
}
# Of twelve months from July 2026, for `move_end` and `renew` from the end that changes.
PREVIEWS = {
    "give_up": ("36000.00", "12000.00"),
    "resize": ("24000.00", "36000.00"),
    "reprice": ("24000.00", "24000.00"),
    "let": ("24000.00", "36000.00"),
    "move_end": ("24000.00", "0.00"),
    "renew": ("0.00", "24000.00"),
    "renew_tacitly": ("24000.00", "24000.00"),
    "recategorise": ("24000.00", "12000.00"),
    "add_charge": ("24000.00", "25800.00"),
    "end_charge": ("25800.00", "24000.00"),
    "discount": ("24000.00", "23600.00"),
}


REFUSED: list[tuple[dict[str, Any], int, str, list[str] | None]] = [
    ({}, 400, "invalid", [""]),
    ({"give_up": {"letting": 1}, "renew": {"end": None}}, 400, "invalid", [""]),
    ({"give_up": {"letting": 987654321}}, 400, "invalid", ["give_up"]),
    ({"give_up": {"letting": 0}}, 400, "invalid", ["give_up"]),
    ({"resize": {"letting": "HERE", "area_m2": "0"}}, 400, "invalid", ["resize"]),
    ({"resize": {"letting": "HERE", "area": "9"}}, 400, "invalid", ["resize"]),
    ({"let": {"space": 987654321}}, 400, "invalid", ["let"]),
    ({"end_charge": {"charge": 987654321}}, 400, "invalid", ["end_charge"]),
    ({"move_end": {"end": "2025-12-31"}}, 400, "invalid", ["move_end"]),
    ({"effective_on": "2026-01-01", "give_up": {"letting": "HERE"}}, 400, "bad_terms", None),
    ({"renew": {"end": "2027-12-31"}}, 400, "invalid", ["renew"]),
    ({"renew": {"end": "2028-12-31"}}, 409, "nothing_changes", None),
    (
        {"effective_on": "2029-01-01", "resize": {"letting": "HERE", "area_m2": "9"}},
        400,
        "invalid",
        ["effective_on"],
    ),
    (
        {"reprice": {"letting": "HERE", "unit": "flat",
                     "rates": [{"start": "2026-08-01", "rate": "1"}]}},
        400,
        "bad_terms",
        None,
    ),
    (
        {"discount": {"letting": "HERE", "unit": "flat", "value": "2000.01", "reason": "x"}},
        400,
        "bad_terms",
        None,
    ),
    ({"recategorise": {"tenant_kind": "large"}}, 409, "no_rate_plan", None),
    ({"reason": ""}, 400, "invalid", ["reason"]),
]  # fmt: skip


def test_what_cannot_be_drafted_is_refused_at_its_field(site: Site) -> None:
    lease, client = leased(site), clients.writer(Role.DIRECTOR)
    here = lease.lettings.get().pk
    for body, status, code, errors in REFUSED:
        given: dict[str, Any] = {"reason": "Accord", "effective_on": JULY.isoformat(), **body}
        asked = {
            name: {**part, "letting": here}
            if isinstance(part, dict) and part.get("letting") == "HERE"
            else part
            for name, part in given.items()
        }
        answer = post(client, lease, "amendments", asked)
        assert (answer[0], answer[1]["code"]) == (status, code), (body, answer)
        assert errors is None or list(answer[1]["errors"]) == errors, (body, answer)
    assert not Amendment.objects.exists()


def test_a_draft_is_dropped_or_overtaken_by_another_act(site: Site) -> None:
    lease, client = leased(site), clients.writer(Role.DIRECTOR)
    ids = []
    for area in ("25.00", "30.00", "35.00"):
        resize = {"letting": lease.lettings.get().pk, "area_m2": area}
        body = {"reason": "Accord", "effective_on": "2026-07-01", "resize": resize}
        ids.append(post(client, lease, "amendments", body)[1]["id"])
    status, dropped = post(client, lease, f"amendments/{ids[0]}/drop")
    assert (status, dropped["state"]) == (200, "dropped")
    status, signed = post(client, lease, f"amendments/{ids[1]}/sign", {"signed_on": "2026-06-30"})
    assert (status, signed["number"], signed["signed_on"]) == (200, 1, "2026-06-30")
    for pk, code in ((ids[0], "amendment_closed"), (ids[2], "lease_moved_on"), (0, "not_found")):
        status, problem = post(client, lease, f"amendments/{pk}/sign")
        assert (status, problem["code"]) == (404 if pk == 0 else 409, code)
