"""Leases over REST: drafts, acts, what is shown, what is refused and to whom."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from core.periods import ONE_DAY, add_months, today
from leases.api.actions import ACTS
from leases.models import Lease
from sites.models import Site
from tests.factories import clients, scene, tenancies

pytestmark = pytest.mark.django_db

START = dt.date(2026, 1, 1)


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


def leased(site: Site) -> Lease:
    """Three years from 1 January 2026, 20 m² at 100 DH; the keys are out."""
    return tenancies.active(site, scene.office(site, code="A1"), start=START)


def post(client: Client, lease: Lease, path: str, body: Any = None, **headers: str) -> Any:
    """(status, answer)"""
    response = client.post(
        f"/api/v1/leases/{lease.number}/{path}/",
        data=body or {},
        content_type="application/json",
        headers=headers,
    )
    return response.status_code, response.json()


def test_a_lease_goes_the_whole_way(site: Site) -> None:
    client = clients.writer(Role.SITE_MANAGER, site)
    drafted = client.post(
        "/api/v1/leases/",
        data={
            "site": "CAS",
            "company": scene.company().pk,
            "tenant_kind": "sme",
            "start": today(),
            "end": add_months(today(), 36) - ONE_DAY,
            "spaces": [scene.office(site, area_m2="20.00").pk],
            "notice_months": 2,
        },
        content_type="application/json",
    )
    assert (drafted.status_code, drafted.json()["state"]) == (201, "draft"), drafted.content
    assert drafted.json()["notice_months"] == 2
    lease = Lease.objects.get(number=drafted.json()["number"])
    why = {"reason": "Pour de bonnes raisons."}
    day = today().isoformat()
    seen = []
    for name, body in (
        ("sign", {}),
        ("waive-deposit", why),
        ("hand-over", {}),
        ("take-back-handover", why),
        ("waive-deposit", {"reason": ""}),
        ("enter-deposit", {"act": "received", "amount": "2000.00"}),
        ("hand-over", {"on": day}),
        ("give-notice", {"given_by": "tenant", "given_on": day}),
        ("withdraw-notice", why),
        ("end", {"last_day": day, "exit_reason": "agreed", "forwarding_address": "Fès", **why}),
        ("take-back-end", why),
        ("end", {"last_day": day, **why}),
        ("enter-deposit", {"act": "returned", "amount": "150.00", "note": "Trop perçu."}),
    ):
        status, answer = post(client, lease, name, body)
        assert status == 200, (name, answer)
        notice, deposit = answer["notice"], answer["deposit"]
        seen.append((name, answer["state"], notice and notice["last_day"], deposit["held"]))
    assert seen == [
        ("sign", "signed", None, "0.00"),
        ("waive-deposit", "signed", None, "0.00"),
        ("hand-over", "active", None, "0.00"),
        ("take-back-handover", "signed", None, "0.00"),
        ("waive-deposit", "signed", None, "0.00"),
        ("enter-deposit", "signed", None, "2000.00"),
        ("hand-over", "active", None, "2000.00"),
        ("give-notice", "active", add_months(today(), 2).isoformat(), "2000.00"),
        ("withdraw-notice", "active", None, "2000.00"),
        ("end", "ended", None, "2000.00"),
        ("take-back-end", "active", None, "2000.00"),
        ("end", "ended", None, "2000.00"),
        ("enter-deposit", "ended", None, "1850.00"),
    ]
    entry = answer["deposit"]["entries"][-1]
    assert entry == {
        "id": entry["id"],
        "act": "returned",
        "amount": "150.00",
        "on": day,
        "note": "Trop perçu.",
        "method": "transfer",
        "takes_back": None,
    }
    status, answer = post(client, lease, "take-back-deposit", {"entry": entry["id"], **why})
    assert (status, answer["deposit"]["held"]) == (200, "2000.00")
    assert answer["deposit"]["entries"][-1]["takes_back"] == entry["id"]
    versions = client.get(f"/api/v1/leases/{lease.number}/versions/").json()["results"]
    assert [(row["version"], row["act"], row["why"], row["terms"]["lettings"][0]["end"])
            for row in versions] == [
        (1, "signed", "", (add_months(today(), 36) - ONE_DAY).isoformat()),
        (2, "ended", "Pour de bonnes raisons.", day),
        (3, "reopened", "Pour de bonnes raisons.", (add_months(today(), 36) - ONE_DAY).isoformat()),
        (4, "ended", "Pour de bonnes raisons.", day),
    ]  # fmt: skip


def test_what_cannot_be_drafted_as_a_lease_is_refused_at_its_field(site: Site) -> None:
    elsewhere = scene.office(scene.site("RAB"))
    client = clients.writer(Role.SITE_MANAGER, site)
    here = {"site": "CAS", "company": scene.company().pk, "tenant_kind": "sme",
            "start": "2026-01-01", "spaces": [scene.office(site).pk]}  # fmt: skip
    for change, status, code, errors in (
        ({"site": "RAB"}, 400, "invalid", ["site"]),
        ({"company": 987654321}, 400, "invalid", ["company"]),
        ({"spaces": [elsewhere.pk]}, 400, "invalid", ["spaces"]),
        ({"end": "2025-12-31"}, 400, "invalid", ["end"]),
        ({"spaces": []}, 409, "nothing_let", []),
        ({"tenant_kind": "large"}, 409, "no_rate_plan", []),
    ):
        answer = client.post("/api/v1/leases/", {**here, **change}, "application/json")
        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (status, code), problem
        assert list(problem.get("errors", ())) == errors
    reader = clients.writer(Role.FINANCE_OFFICER, site)
    assert reader.post("/api/v1/leases/", here, "application/json").status_code == 403
    assert not Lease.objects.exists()


def test_a_lease_is_assigned_to_another_company_and_says_which_lease_goes_on(site: Site) -> None:
    lease, other = leased(site), scene.company("Suivante Démo")
    client = clients.writer(Role.SITE_MANAGER, site)
    body = {"company": other.pk, "since": "2026-07-01", "reason": "Cession du bail"}
    status, answer = post(client, lease, "assign", body)
    assert (status, answer["state"], answer["exit_reason"]) == (200, "ended", "assigned")
    assert answer["lettings"][0]["end"] == "2026-06-30"
    following = client.get(f"/api/v1/leases/{answer['followed_by']}/").json()
    assert (following["company"]["name"], following["follows"], following["start"]) == (
        "Suivante Démo",
        lease.number,
        "2026-07-01",
    )
    body = {"company": 987654321, "reason": "Cession du bail"}
    status, problem = post(client, lease, "assign", body)
    assert (status, list(problem["errors"])) == (400, ["company"])


def test_the_same_request_again_gets_the_first_answer_and_does_nothing(site: Site) -> None:
    lease, client = leased(site), clients.writer(Role.FINANCE_OFFICER, site)
    body = {"act": "received", "amount": "10.00"}
    key = {"idempotency-key": "topped-up-1"}
    first = post(client, lease, "enter-deposit", body, **key)
    assert first == post(client, lease, "enter-deposit", body, **key)
    assert first[0] == 200
    assert lease.deposit_entries.count() == 2


def test_who_may_not_is_told_so_and_elsewhere_there_is_no_lease(site: Site) -> None:
    lease = leased(site)
    words = {
        "company": scene.company().pk,
        "reason": "x",
        "last_day": "2026-02-01",
        "given_by": "tenant",
        "given_on": "2026-01-01",
        "act": "received",
        "amount": "1.00",
        "entry": lease.deposit_entries.get().pk,
    }
    reader = clients.writer(Role.AUDITOR)
    elsewhere = clients.writer(Role.SITE_MANAGER, scene.site("RAB"))
    states = {
        "sign": "draft",
        "change-draft": "draft",
        "cancel": "signed",
        "waive-deposit": "signed",
    }
    for act in ACTS:
        if act.name in {*states, "take-back-end", "withdraw-notice"}:
            continue  # of a lease in another state
        body = {name: word for name, word in words.items() if name in act.body().fields}
        assert post(reader, lease, act.name, body)[0] == 403, act.name
        assert post(elsewhere, lease, act.name, body)[0] == 404, act.name
    assert post(clients.writer(Role.ADMINISTRATOR), lease, "end", {})[0] == 403
    finance = clients.writer(Role.FINANCE_OFFICER, site)
    assert post(finance, lease, "enter-deposit", {"act": "received", "amount": "1.00"})[0] == 200
    resize = {"letting": lease.lettings.get().pk, "area_m2": "30.00"}
    draft = {"reason": "Accord", "effective_on": "2026-07-01", "resize": resize}
    assert post(finance, lease, "amendments", draft)[0] == 403
    assert post(elsewhere, lease, "amendments", draft)[0] == 404


def test_lettings_with_the_rate_of_today(site: Site) -> None:
    lease = leased(site)
    tenancies.drafted(site, start=add_months(today(), 1), kind="domiciliation")
    reader = clients.client(Role.AUDITOR)
    letting = lease.lettings.get()
    here = {
        "id": letting.pk,
        "lease": lease.number,
        "state": "active",
        "site": "CAS",
        "space": letting.space_id,
        "code": "A1",
        "tenant_kind": "sme",
        "area_m2": "20.00",
        "list_rate": None,
        "unit": "per_m2",
        "rate": "100.0000",
        "company": {"id": lease.company_id, "name": lease.company.name},
        "start": "2026-01-01",
        "end": "2028-12-31",
    }
    both = reader.get("/api/v1/lettings/").json()["results"]
    assert both[0] == here
    assert (both[1]["state"], both[1]["code"], both[1]["rate"]) == ("draft", None, None)
    for query, found in (
        (f"on={today()}", [here]),
        ("on=2025-12-31", []),
        (f"lease={lease.number}&state=active&site=CAS&tenant_kind=sme", [here]),
        (f"space={letting.space_id}&company={lease.company_id}", [here]),
        ("site=RAB", []),
    ):
        assert reader.get(f"/api/v1/lettings/?{query}").json()["results"] == found


def test_the_deposit_is_shown_to_who_may_see_deposits(site: Site) -> None:
    lease = leased(site)
    seen = {}
    for role in (Role.ADMISSIONS_OFFICER, Role.FINANCE_OFFICER):
        answer = clients.client(role, site).get(f"/api/v1/leases/{lease.number}/").json()
        seen[role] = answer["deposit"] and answer["deposit"]["held"]
    assert seen == {Role.ADMISSIONS_OFFICER: None, Role.FINANCE_OFFICER: "2000.00"}


def test_a_lease_costs_the_same_with_many_of_everything(
    site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    reader, writer = clients.client(Role.AUDITOR), clients.writer(Role.DIRECTOR)
    one = leased(site)
    offices = [scene.office(site) for _number in range(9)]
    many = tenancies.active(site, *offices, start=START)
    for number in range(4):
        body = {
            "reason": "Accord",
            "effective_on": f"2026-0{number + 2}-01",
            "add_charge": {
                "kind": "parking",
                "unit": "flat",
                "rate": "150",
                "letting": many.lettings.all()[number].pk,
            },
        }
        pk = post(writer, many, "amendments", body)[1]["id"]
        assert post(writer, many, f"amendments/{pk}/sign")[0] == 200
    for lease, lettings, versions in ((one, 1, 1), (many, 9, 5)):
        with django_assert_num_queries(11):
            answer = reader.get(f"/api/v1/leases/{lease.number}/").json()
        assert len(answer["lettings"]) == lettings
        with django_assert_num_queries(3):
            answer = reader.get(f"/api/v1/leases/{lease.number}/versions/").json()
        assert len(answer["results"]) == versions
