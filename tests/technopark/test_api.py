"""The REST API: whole answers, one shape of refusal, and the same cost for 1 row and for 50."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from core.limits import Limit
from core.periods import add_months, today
from sites.models import Site
from tenants.models import Company, Sector
from tests.factories import clients, scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


def get(client: Client, path: str, status: int = 200) -> Any:
    response = client.get(f"/api/v1/{path}")
    assert response.status_code == status, response.content
    expected = "application/json" if status == 200 else "application/problem+json"
    assert response["Content-Type"] == expected
    return response.json()


def test_lease_with_its_steps(site: Site) -> None:
    lease = scene.hosted(site)
    letting = lease.lettings.get()
    first, last = today(), add_months(today(), 36) - timedelta(days=1)
    step = add_months(today(), 18)
    assert get(clients.client(Role.AUDITOR), f"leases/{lease.number}/") == {
        "number": lease.number,
        "site": "CAS",
        "company": {"id": lease.company_id, "name": "Argan Démo"},
        "tenant_kind": "startup",
        "state": "signed",
        "signed_on": first.isoformat(),
        "handed_over_on": None,
        "exit_on": None,
        "deposit_due": "1000.00",
        "holding_over": False,
        "start": first.isoformat(),
        "end": last.isoformat(),
        "spaces": [letting.space.code if letting.space else None],
        "application": lease.application.reference if lease.application else None,
        "exit_reason": "",
        "end_reason": "",
        "forwarding_address": "",
        "follows": None,
        "followed_by": None,
        "notice_months": 3,
        "tacit_months": None,
        "maximum_stay_months": None,
        "charges": [],
        "deposit": {
            "due": "1000.00",
            "received": "0.00",
            "returned": "0.00",
            "kept": "0.00",
            "held": "0.00",
            "missing": "1000.00",
            "waiver": "",
            "entries": [],
        },
        "notice": None,
        "amendments": [],
        "lettings": [
            {
                "id": letting.pk,
                "charge": letting.charges.get().pk,
                "space": letting.space.code if letting.space else None,
                "tenant_kind": "startup",
                "area_m2": "20.00",
                "start": first.isoformat(),
                "end": last.isoformat(),
                "list_rate": None,
                "billing_months": 1,
                "in_advance": True,
                "vat_subject": "office",
                "discounts": [],
                "charges": [],
                "steps": [
                    {
                        "start": first.isoformat(),
                        "end": (step - timedelta(days=1)).isoformat(),
                        "unit": "per_m2",
                        "rate": "50.0000",
                    },
                    {
                        "start": step.isoformat(),
                        "end": last.isoformat(),
                        "unit": "per_m2",
                        "rate": "100.0000",
                    },
                ],
            }
        ],
    }


def test_spaces_that_are_free(site: Site) -> None:
    taken = scene.hosted(site).lettings.get().space
    small, large = scene.office(site, area_m2="12.00"), scene.office(site, area_m2="40.00")
    client = clients.client(Role.AUDITOR)
    assert taken is not None

    def codes(query: str) -> list[str]:
        return [row["code"] for row in get(client, f"spaces/?{query}")["results"]]

    assert codes("") == [taken.code, small.code, large.code]
    assert codes(f"free_on={today()}") == [small.code, large.code]
    assert codes(f"free_from={today()}&min_m2=20") == [large.code]
    assert codes(f"free_from={today()}&max_m2=20") == [small.code]
    after = add_months(today(), 36)
    assert taken.code in codes(f"free_from={after}&until={add_months(after, 2)}")
    assert get(client, "spaces/?min_m2=20")["results"][0] == {
        "id": taken.pk,
        "site": "CAS",
        "building": "A",
        "floor": "1",
        "code": taken.code,
        "kind": "office",
        "parent": None,
        "area_m2": "20.00",
        "advertised": True,
    }


def test_company_details_follow_presence(site: Site) -> None:
    lease = scene.hosted(site)
    elsewhere = scene.site("RAB")
    here = get(clients.client(Role.SITE_MANAGER, site), f"companies/{lease.company_id}/")
    there = get(clients.client(Role.SITE_MANAGER, elsewhere), f"companies/{lease.company_id}/")
    assert there == {
        "id": lease.company_id,
        "name": "Argan Démo",
        "legal_form": "none",
        "ice": "",
        "sites": ["CAS"],
        "details": None,
    }
    assert here["details"]["kind"] == "startup"


def test_application_with_its_offers(site: Site) -> None:
    lease = scene.hosted(site)
    file = lease.application
    assert file is not None
    row = get(clients.client(Role.ADMISSIONS_OFFICER, site), f"applications/{file.reference}/")
    assert (row["state"], row["contact_email"], row["company"]) == (
        "onboarding",
        file.contact_email,
        lease.company_id,
    )
    assert [(offer["state"], offer["monthly_rent"]) for offer in row["offers"]] == [
        ("accepted", "1000.00")
    ]
    listed = get(clients.client(Role.ADMISSIONS_OFFICER, site), "applications/?state=onboarding")
    assert [row["reference"] for row in listed["results"]] == [file.reference]
    assert "contact_email" not in listed["results"][0]


def test_sectors_by_their_codes() -> None:
    Sector.objects.create(code="ict", name_fr="TIC", name_ar="تكنولوجيا", name_en="ICT")
    assert get(clients.client(Role.ADMISSIONS_OFFICER), "sectors/")["results"] == [
        {"code": "ict", "name": {"fr": "TIC", "ar": "تكنولوجيا", "en": "ICT"}}
    ]


def test_sites_with_capacity_and_floors(site: Site) -> None:
    scene.office(site)
    client = clients.client(Role.AUDITOR)
    (row,) = get(client, "sites/")["results"]
    assert (row["code"], row["name"]["ar"], row["capacity"]) == ("CAS", "موقع CAS", 100)
    assert get(client, "sites/CAS/")["buildings"] == [
        {"code": "A", "name": "", "floors": [{"code": "1", "level": 1}]}
    ]


@pytest.mark.parametrize("count", [1, 12])
def test_lists_directory_and_rows_behind_a_figure_cost_the_same_for_many(
    site: Site, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        scene.hosted(site, f"Société Démo {number}")
    client = clients.client(Role.DIRECTOR)
    for path in ("sites/", "spaces/", "companies/", "leases/", "lettings/", "applications/"):
        with django_assert_num_queries(2):
            rows = get(client, path)["results"]
        assert len(rows) == (1 if path == "sites/" else count)
    Company.objects.update(in_directory=True)
    with django_assert_num_queries(3):
        assert len(get(client, "public/companies/")["results"]) == count
    with django_assert_num_queries(12):
        assert len(get(client, "indicators/hosted/rows/")["results"]) == count


def test_a_client_that_asks_too_much_holds_up_no_other(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Limit, "THROTTLE_RATES", {"client": "2/min"})
    director = scene.staff(Role.DIRECTOR)
    one, other = clients.writer_of(director), clients.writer_of(director)
    answers = [one.get("/api/v1/sites/") for _number in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1]["Content-Type"] == "application/problem+json"
    assert answers[-1].json()["code"] == "throttled"
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    assert other.get("/api/v1/sites/").status_code == 200


def test_pages_follow_each_other_without_gap_or_repetition(site: Site) -> None:
    made = [scene.office(site).code for _number in range(7)]
    client = clients.client(Role.AUDITOR)
    seen, path = [], "spaces/?limit=3"
    while path:
        page = get(client, path)
        seen.append([row["code"] for row in page["results"]])
        path = (page["next"] or "").removeprefix("http://testserver/api/v1/")
    assert seen == [made[:3], made[3:6], made[6:]]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("nowhere/", 404, "not_found"),
        ("sites/ZZZ/", 404, "not_found"),
        ("companies/99999999999999999999999999/", 404, "not_found"),
        ("spaces/?nope=1", 400, "invalid"),
        ("spaces/?kind=office&kind=desk", 400, "invalid"),
        ("spaces/?limit=0", 400, "invalid"),
        ("spaces/?limit=%D9%A3", 400, "invalid"),
        ("spaces/?free_on=2026-02-30", 400, "invalid"),
        ("spaces/?free_from=9999-12-31", 400, "invalid"),
        ("spaces/?until=2026-12-31", 400, "invalid"),
        ("spaces/?free_from=2026-12-31&until=2026-01-01", 400, "invalid"),
        ("spaces/?code=%00", 400, "invalid"),
        ("spaces/?cursor=nonsense", 404, "not_found"),
        ("spaces/?cursor=cD1hYmM%3D", 404, "not_found"),  # p=abc
        ("leases/?cursor=cD0A", 404, "not_found"),  # p=NUL
        ("public/companies/?cursor=cD0xLjU%3D", 404, "not_found"),  # p=1.5
        ("indicators/nope/", 404, "unknown_indicator"),
        ("indicators/hosted/?on=0001-01-01", 400, "invalid"),
        ("indicators/hosted/?site=ZZZ", 400, "invalid"),
    ],
)
def test_a_bad_question_is_answered_with_what_is_wrong(
    site: Site, path: str, status: int, code: str
) -> None:
    problem = get(clients.client(Role.DIRECTOR), path, status)
    assert (problem["code"], problem["status"]) == (code, status)
    assert problem["type"] == f"urn:technopark:{code}"


def test_a_request_to_no_address_is_refused_in_the_same_shape_whatever_it_wants(
    site: Site,
) -> None:
    client = Client(enforce_csrf_checks=True)
    for ask in (client.get, client.post, client.put, client.delete):
        answer = ask("/api/v1/leases/CAS-1/amendments/-1/sign/")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_an_unknown_parameter_is_told_the_known_ones(site: Site) -> None:
    client = clients.client(Role.DIRECTOR)
    told = {
        path: get(client, f"{path}?nope=1", 400)["errors"]["nope"]
        for path in ("calls/", "sites/CAS/")
    }
    assert told == {
        "calls/": ["Unknown parameter. Known: cursor, limit."],
        "sites/CAS/": ["This address takes no parameters."],
    }


@pytest.mark.parametrize(
    "header", ["", "Token", "Token nonsense", "Token a b", "Token \udcff", "Bearer x"]
)
def test_without_a_good_token_nothing_is_told(client: Client, site: Site, header: str) -> None:
    headers = {"authorization": header.encode("utf-8", "surrogateescape").decode("latin-1")}
    response = client.get("/api/v1/sites/", headers=headers)
    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Token")
    assert response["Content-Type"] == "application/problem+json"


def test_a_token_ends_with_its_day_and_with_its_user(site: Site) -> None:
    client = clients.client(Role.AUDITOR)
    get(client, "sites/")
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        get(client, "sites/", 401)
    type(site)._meta.apps.get_model("accounts", "User").objects.update(is_active=False)
    get(client, "sites/", 401)


def test_a_token_for_one_site_reaches_no_other(site: Site) -> None:
    scene.site("RAB")
    client = clients.client(Role.DIRECTOR, limited_to=[site])
    assert [row["code"] for row in get(client, "sites/")["results"]] == ["CAS"]
    get(client, "sites/RAB/", 404)
    get(client, "indicators/hosted/", 403)
    get(client, "indicators/hosted/?site=CAS")


def test_a_token_whose_only_site_is_gone_reaches_none(site: Site) -> None:
    planned = Site.objects.create(
        code="ESS", lessor=site.lessor, name_fr="E", name_ar="E", name_en="E", city="Essaouira"
    )
    client = clients.client(Role.DIRECTOR, limited_to=[planned])
    assert [row["code"] for row in get(client, "sites/")["results"]] == ["ESS"]
    planned.delete()
    get(client, "sites/", 403)


def test_language_is_the_clients_header(site: Site) -> None:
    client = clients.client(Role.AUDITOR)
    french = client.get("/api/v1/nowhere/", headers={"accept-language": "fr"})
    assert french["Content-Language"] == "fr"
    assert "Accept-Language" in french["Vary"]
    assert not french.cookies


# --- Public -----------------------------------------------------------------------------------


def test_public_answers_are_open_cacheable_and_unchanged_until_they_change(
    client: Client, site: Site
) -> None:
    scene.office(site)
    first = client.get("/api/v1/public/spaces/")
    assert first["Access-Control-Allow-Origin"] == "*"
    assert first["Cache-Control"] == "public, max-age=300"
    assert first["Vary"] == "Accept-Language"  # one copy in a cache serves all who read it
    assert not first.cookies
    again = client.get("/api/v1/public/spaces/", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Access-Control-Allow-Origin"] == "*"
    scene.office(site)
    changed = client.get("/api/v1/public/spaces/", headers={"if-none-match": first["ETag"]})
    assert (changed.status_code, len(changed.json()["results"])) == (200, 2)


def test_public_directory_shows_who_agreed_and_only_what_they_agreed_to(
    client: Client, site: Site
) -> None:
    shown, hidden = scene.hosted(site, "Montrée Démo"), scene.hosted(site, "Cachée Démo")
    Company.objects.filter(pk=shown.company_id).update(
        in_directory=True, website="https://m.example"
    )
    assert hidden.company_id != shown.company_id
    assert get(client, "public/companies/")["results"] == [
        {
            "name": "Montrée Démo",
            "sites": ["CAS"],
            "sectors": [],
            "technologies": [],
            "website": "https://m.example",
        }
    ]


def test_public_sites_tell_what_is_free(client: Client, site: Site) -> None:
    scene.office(site, area_m2="15.00")
    (row,) = get(client, "public/sites/")["results"]
    assert (row["code"], row["free_spaces"], row["smallest_m2"], row["startup_rate"]) == (
        "CAS",
        1,
        "15.00",
        "50.0000",
    )


def test_the_hundred_and_twenty_first_of_a_minute_waits(client: Client, site: Site) -> None:
    answers = [client.get("/api/v1/public/sites/") for _time in range(121)]
    assert [answer.status_code for answer in answers] == [200] * 120 + [429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    assert answers[-1].json()["code"] == "throttled"


def test_documents_need_no_token_and_nothing_from_outside(client: Client) -> None:
    document = client.get("/api/v1/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    page = client.get("/api/v1/docs/")
    assert page.status_code == 200
    assert "https://" not in page.content.decode()
    assert "'unsafe-eval'" not in page["Content-Security-Policy"]
