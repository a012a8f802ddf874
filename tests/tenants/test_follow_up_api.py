"""Follow-ups and declarations over REST."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from core.periods import today
from sites.models import Site
from tenants.following import Departure
from tenants.models import Company, Declaration, FollowUp
from tenants.services import note_presence
from tenants.services.departures import note_departures
from tests.factories import clients, scene

pytestmark = pytest.mark.django_db


def gone(site: Site, day: dt.date) -> Company:
    company = scene.company()
    note_presence(company=company, site=site, acting_user=None)
    note_departures(left={company.pk: Departure(site.pk, day)}, acting_user=None)
    return company


def post(client: Client, company: Company, **body: Any) -> tuple[int, Any]:
    response = client.post(
        f"/api/v1/companies/{company.pk}/declarations/", data=body, content_type="application/json"
    )
    return response.status_code, response.json()


def test_declared_put_right_and_refused() -> None:
    site = scene.site("CAS")
    company, client = gone(site, dt.date(2024, 9, 30)), clients.writer(Role.SITE_MANAGER, site)
    status, made = post(client, company, on="2026-04-01", status="trading", headcount=12)
    assert status == 201
    assert {name: made[name] for name in ("on", "status", "headcount", "said_by")} == {
        "on": "2026-04-01",
        "status": "trading",
        "headcount": 12,
        "said_by": "staff",
    }
    right = {"on": "2026-04-01", "status": "closed", "replaces": made["id"]}
    assert post(client, company, **right)[0] == 201
    assert post(client, company, **right)[1]["code"] == "declaration_replaced"
    later = (today() + dt.timedelta(days=1)).isoformat()
    assert post(client, company, on=later, status="trading")[1]["code"] == "bad_declaration"
    listed = client.get(f"/api/v1/companies/{company.pk}/declarations/").json()["results"]
    assert [(row["status"], row["replaces"]) for row in listed] == [
        ("closed", made["id"]),
        ("trading", None),
    ]
    for other, answer in (
        (clients.writer(Role.SITE_MANAGER, scene.site("RAB")), 404),
        (clients.client(Role.REVIEWER, site), 403),
    ):
        assert other.get(f"/api/v1/companies/{company.pk}/declarations/").status_code == answer
    auditor = clients.writer(Role.AUDITOR)
    assert post(auditor, company, on="2026-04-01", status="trading")[0] == 403
    assert Declaration.objects.count() == 2


def test_follow_ups_with_their_milestones(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    site, other = scene.site("CAS"), scene.site("RAB")
    first = gone(site, dt.date(2020, 12, 31))
    gone(other, dt.date(2024, 9, 30))
    client = clients.client(Role.DIRECTOR)
    row = client.get("/api/v1/follow-ups/?site=CAS").json()["results"][0]
    due = ["2022-07-01", "2023-01-01", "2026-01-01"]
    assert row == {
        "id": FollowUp.objects.get(company=first).pk,
        "company": {"id": first.pk, "name": first.name},
        "site": "CAS",
        "left_on": "2020-12-31",
        "closed_at": None,
        "closing": "",
        "asked_at": None,
        "milestones": [
            {"months": months, "due_on": day, "done_at": None, "declaration": None}
            for months, day in zip((18, 24, 60), due, strict=True)
        ],
    }
    counted = {
        query: len(client.get(f"/api/v1/follow-ups/?{query}").json()["results"])
        for query in ("open=true", "open=false", "due_until=2022-12-31", f"company={first.pk}")
    }
    assert list(counted.values()) == [2, 0, 1, 1]
    narrow = clients.client(Role.SITE_MANAGER, other)
    assert len(narrow.get("/api/v1/follow-ups/").json()["results"]) == 1
    for _round in range(2):
        with django_assert_num_queries(2):
            client.get("/api/v1/follow-ups/")
        for _more in range(5):
            gone(site, dt.date(2023, 1, 31))
