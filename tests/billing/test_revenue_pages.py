"""Revenue and forecast as staff and programs read them."""

import datetime as dt
import json
import re
from html import unescape
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.choices import Role
from sites.models import Site
from tests.factories import bills, clients, doors, scene, tenancies

pytestmark = pytest.mark.django_db
day = dt.date


@pytest.fixture(autouse=True)
def _in_2026() -> Any:
    with time_machine.travel(dt.datetime(2026, 1, 10, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def site() -> Site:
    made = bills.site(starts_on=day(2026, 1, 1))
    tenancies.active(made, scene.office(made), start=day(2026, 1, 1), months=14)
    bills.issued(made, day(2026, 1, 1))
    return made


def test_programs_read_what_was_billed_and_what_is_promised(site: Site) -> None:
    client = clients.client(Role.FINANCE_OFFICER, site)
    told = client.get("/api/v1/revenue/?from=2025-12-05&to=2026-01-31").json()
    assert told["results"] == [
        {"site": "CAS", "month": "2026-01-01", "net": "2000.00", "vat": "400.00",
         "collected": "0.00", "withheld": "0.00", "deferred": "0.00"}
    ]  # fmt: skip
    assert [row["month"] for row in told["forecast"]] == [
        *(f"2026-{month:02}-01" for month in range(1, 13)), "2027-01-01", "2027-02-01",
    ]  # fmt: skip
    assert {(row["rent"], row["charges"]) for row in told["forecast"]} == {("2000.00", "0.00")}
    for wrong in ("?site=RAB", "?from=2026-02-01&to=2026-01-01", "?from=2000-01-01"):
        assert client.get(f"/api/v1/revenue/{wrong}").status_code == 400
    stranger = clients.client(Role.ADMISSIONS_OFFICER, site)
    assert stranger.get("/api/v1/revenue/").status_code == 403


def test_the_charts_say_what_their_tables_say(site: Site) -> None:
    client = doors.staff_client(Role.FINANCE_OFFICER, site)
    page = client.get(reverse("admin:revenue")).content.decode()
    past, to_come = (
        json.loads(unescape(text)) for text in re.findall(r'data-value="([^"]+)"', page)
    )
    assert [len(past["labels"]), len(to_come["labels"])] == [12, 14]
    assert [line["data"][-1] for line in past["datasets"]] == [2000, 400, 0, 0, 0]
    assert to_come["datasets"][0]["data"] == [2000] * 14
    assert page.count("2\u202f000,00") == 1 + 14 + 1  # the twins' cells, the site's sum billed
    assert "28\u202f000,00" in page
    table = client.get(f"{reverse('admin:revenue')}?format=csv").content.decode("utf-8-sig")
    assert table.splitlines()[:3] == [
        "site,month,net,vat,collected,withheld,deferred,rent,charges",
        "CAS,2026-01-01,2000.00,400.00,0.00,0.00,0.00,2000.00,0.00",
        "CAS,2026-02-01,,,,,,2000.00,0.00",
    ]
    odd = client.get(f"{reverse('admin:revenue')}?from=hier&to=2026-01")
    assert "hier" in odd.content.decode()
    reviewer = doors.staff_client(Role.REVIEWER, site)
    assert reviewer.get(reverse("admin:revenue")).status_code == 403


def test_it_asks_the_same_for_one_lease_and_for_many(site: Site) -> None:
    client = clients.client(Role.FINANCE_OFFICER, site)
    asked = []
    for _round in range(2):
        client.get("/api/v1/revenue/")
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/api/v1/revenue/").status_code == 200
        asked.append(len(captured))
        for number in range(3):
            tenancies.active(site, scene.office(site, code=f"M{_round}{number}"))
    assert asked == [11, 11]
