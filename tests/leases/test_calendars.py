"""A space's calendar: who has it and when, for programs and for calendars of people."""

import datetime as dt
from base64 import b64encode
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from core.periods import Period
from sites.choices import BookingKind
from sites.models import Booking, Site, Space
from sites.services.bookings import book
from tests.factories import clients, scene, tenancies

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


def taken(site: Site) -> Space:
    """Let for a year, then works, then held for an applicant, then held by hand."""
    space = scene.office(site, code="A1")
    company = scene.company("Étoile, Démo; SARL")
    tenancies.signed(site, space, start=dt.date(2026, 1, 1), months=12, company=company)
    for start, end, kind, label, until in (
        ((2027, 1, 1), (2027, 2, 1), BookingKind.OUT_OF_SERVICE, "peinture", None),
        ((2029, 1, 1), None, BookingKind.HOLD, "Un partenaire", dt.timedelta(days=30)),
    ):
        book(
            space=space,
            period=Period(dt.date(*start), dt.date(*end) if end else None),
            kind=kind,
            label=label,
            expires_at=timezone.now() + until if until else None,
            acting_user=None,
        )
    scene.offer(
        scene.application(site, name="Projet Démo"),
        space,
        start=dt.date(2027, 6, 1),
        last_day=dt.date(2028, 5, 31),
    )
    return space


def told(client: Client, space: Space, query: str = "") -> list[tuple[Any, ...]]:
    answer = client.get(f"/api/v1/spaces/{space.pk}/calendar/{query}")
    assert answer.status_code == 200, answer.content
    return [
        (row["kind"], row["start"], row["end"], row["company"] and row["company"]["name"],
         row["about"], row["held_until"])
        for row in answer.json()["results"]
    ]  # fmt: skip


def test_each_reads_what_they_may_see(site: Site) -> None:
    space = taken(site)
    lease = space.lettings.get().lease
    manager = clients.client(Role.SITE_MANAGER, site)
    file = Booking.objects.get(kind="hold", period__contains=dt.date(2027, 6, 1)).offer.application
    let = ("letting", "2026-01-01", "2026-12-31")
    works = ("out_of_service", "2027-01-01", "2027-01-31", None, "peinture", None)
    offered = ("hold", "2027-06-01", "2028-05-31", None)
    by_hand = ("hold", "2029-01-01", None, None, "Un partenaire", "2026-04-01")
    assert told(manager, space) == [
        (*let, "Étoile, Démo; SARL", "", None),
        works,
        (*offered, f"{file.reference} · Projet Démo", "2026-03-09"),
        by_hand,
    ]
    assert told(manager, space, "?from=2027-01-31&to=2027-06-01")[0] == works
    first = manager.get(f"/api/v1/spaces/{space.pk}/calendar/").json()["results"][0]
    assert first["lease"] == lease.number
    # Finance reads leases and no applications; an administrator reads neither.
    assert told(clients.client(Role.FINANCE_OFFICER, site), space)[2] == (
        *offered, "", "2026-03-09")  # fmt: skip
    administrator = clients.client(Role.ADMINISTRATOR)
    assert told(administrator, space)[0] == (*let, None, "", None)
    secret = administrator.get(
        f"/api/v1/spaces/{space.pk}/calendar/", headers={"accept": "text/calendar"}
    ).content.decode()
    assert lease.number not in secret
    assert file.reference not in secret


def test_a_calendar_program_reads_whole_days_with_a_password(site: Site) -> None:
    space = taken(site)
    address = f"/api/v1/spaces/{space.pk}/calendar/"
    ids = list(Booking.objects.order_by("period").values_list("pk", flat=True))
    secret = clients.token(Role.SITE_MANAGER, site)
    asked = {"accept": "text/calendar,text/plain;q=0.8,*/*;q=0.5", "accept-language": "en"}
    without = Client().get(address, headers=asked)
    assert (without.status_code, without["WWW-Authenticate"]) == (401, 'Basic realm="Technopark"')
    assert without["Content-Type"] == "application/problem+json"
    assert without.json()["code"] == "not_authenticated"
    asked["authorization"] = f"Basic {b64encode(f'agenda:{secret}'.encode()).decode()}"
    answer = Client().get(address, headers=asked)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    named = {name: asked[name] for name in ("authorization", "accept-language")}
    assert Client().get(f"{address}?format=ics", headers=named).content == answer.content
    text = answer.content.decode()
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    lines = text.replace("\r\n ", "").split("\r\n")
    uids = [f"UID:booking-{pk}.CAS@technopark" for pk in ids]
    assert [line for line in lines if line.startswith("UID:")] == uids
    lease = space.lettings.get().lease
    begin = lines.index("BEGIN:VEVENT")
    assert lines[begin : begin + 9] == [
        "BEGIN:VEVENT",
        uids[0],
        "DTSTAMP:20260302T093000Z",
        "DTSTART;VALUE=DATE:20260101",
        "DTEND;VALUE=DATE:20270101",
        f"SUMMARY:A1 · letting: Étoile\\, Démo\\; SARL · {lease.number}",
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]
    assert lines[-9:] == [
        "DTSTART;VALUE=DATE:20290101",
        "DTEND;VALUE=DATE:20360101",
        "SUMMARY:A1 · hold: Un partenaire",
        "DESCRIPTION:without an end\\nheld until: 01/04/2026",
        "STATUS:TENTATIVE",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    asked["authorization"] = f"Basic {b64encode(b'agenda:nonsense').decode()}"
    assert Client().get(address, headers=asked).status_code == 401
    asked["authorization"] = "Basic ~"
    assert Client().get(address, headers=asked).status_code == 401
    # Nowhere else is a password a token: a browser that keeps it cannot be made to act.
    for other in ("/api/v1/spaces/", "/api/v1/leases/"):
        known = {"authorization": f"Basic {b64encode(f'agenda:{secret}'.encode()).decode()}"}
        assert Client().get(other, headers=known).status_code == 401


def test_many_bookings_cost_no_more_queries(
    site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = clients.client(Role.AUDITOR)
    space = taken(site)
    for count in (4, 24):
        for year in range(2030, 2030 + count - 4):
            Booking.objects.filter(label="Un partenaire").update(
                period=Period(dt.date(2029, 1, 1), dt.date(2030, 1, 1))
            )
            works = Period(dt.date(year, 1, 1), dt.date(year, 2, 1))
            book(space=space, period=works, kind=BookingKind.OUT_OF_SERVICE, acting_user=None)
        with django_assert_num_queries(5):
            assert len(told(client, space)) == count
