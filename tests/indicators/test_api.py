"""Figures over REST: the engine's own, in scope, as JSON and as CSV."""

import csv
import datetime as dt
import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.plugin import DjangoDbBlocker

from accounts.choices import Role
from core.periods import ONE_DAY, add_months, today
from indicators.formulas import INDICATORS
from indicators.profiles import PROFILES
from sites.models import Site
from tests.factories import clients, scene, tenancies
from tests.factories.kept import for_all_tests

pytestmark = pytest.mark.django_db

CAME = add_months(today(), -3)


@pytest.fixture(scope="module")
def two_sites(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[Site, Site]]:
    """At CAS one company for two years, gone since; two that came three months ago into two of the
    three offices. At RAB one for two years, in the one office."""
    with for_all_tests(django_db_blocker):
        casa, rabat = scene.site("CAS"), scene.site("RAB")
        long_ago = add_months(CAME, -24)
        tenancies.signed(
            casa, scene.office(casa), company=scene.company("Argan Démo"), start=long_ago, months=24
        )
        for name in ("Babel Démo", "Cèdre Démo"):
            tenancies.signed(casa, scene.office(casa), company=scene.company(name), start=CAME)
        tenancies.signed(
            rabat, scene.office(rabat), company=scene.company("Dune Démo"), start=long_ago
        )
        yield casa, rabat


def get(client: Client, path: str, status: int = 200, **headers: str) -> Any:
    answer = client.get(f"/api/v1/{path}", headers=headers)
    assert answer.status_code == status, answer.content
    return answer.json()


def table(client: Client, path: str) -> list[dict[str, str]]:
    answer = client.get(f"/api/v1/{path}", headers={"accept": "text/csv"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))


@pytest.fixture
def director() -> Client:
    return clients.client(Role.DIRECTOR)


def test_the_registry_tells_every_indicator_and_profile(director: Client) -> None:
    told = get(director, "indicators/")
    assert [row["name"] for row in told["results"]] == list(INDICATORS)
    assert [row["name"] for row in told["profiles"]] == list(PROFILES)
    assert get(director, "profiles/") == {"results": told["profiles"]}
    area = next(row for row in told["results"] if row["name"] == "occupancy_area")
    assert area == {
        "name": "occupancy_area",
        "title": "Occupancy by area",
        "formula": "let m² ÷ lettable m² in service, on the day",
        "details": area["details"],
        "theme": "space",
        "theme_title": "Occupancy",
        "unit": "ratio",
        "numerator": {"code": "let_m2", "title": "area let"},
        "denominator": {"code": "m2_in_service", "title": "lettable area in service"},
        "grain": "day",
        "dimensions": ["building", "sector", "space_kind", "tenant_kind"],
        "version": 1,
    }


def test_a_figure_its_series_and_its_rows_agree(
    two_sites: tuple[Site, Site], director: Client
) -> None:
    figure = get(director, "indicators/occupancy_area/?site=CAS")
    assert figure.pop("against") is None
    read_at = dt.datetime.fromisoformat(figure.pop("computed_at"))
    assert abs(read_at - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)
    assert figure == {
        "name": "occupancy_area",
        "site": "CAS",
        "on": today().isoformat(),
        "value": "0.666667",
        "numerator": "40",
        "denominator": "60",
        "unit": "ratio",
        "formula": "let m² ÷ lettable m² in service, on the day",
        "version": 1,
        "beside": {"held_m2": "0", "out_of_service_m2": "0", "lettings_without_area": "0"},
        "window": None,
    }
    days = f"from={CAME - ONE_DAY}&to={today()}&step=year"
    series = get(director, f"indicators/occupancy_area/?site=CAS&{days}")
    assert (series["step"], series["over"], series["site"]) == ("year", "day", "CAS")
    point = {name: figure[name] for name in series["results"][-1]}
    assert series["results"][-1] == point
    rows = get(director, "indicators/occupancy_area/rows/?site=CAS")
    assert rows["figure"] == figure
    assert (rows["count"], rows["next"]) == (3, None)
    assert [row["company_name"] for row in rows["results"]] == [None, "Babel Démo", "Cèdre Démo"]
    assert sum(Decimal(row["numerator"]) for row in rows["results"]) == Decimal(40)


def test_rows_come_page_by_page_and_add_up_to_the_last_decimal(
    two_sites: tuple[Site, Site], director: Client
) -> None:
    """An average's shares are rounded so that together they are the average that is shown."""
    seen: list[Any] = []
    path = "indicators/turnover/rows/?limit=2"
    while path:
        page = get(director, path)
        assert len(page["results"]) <= 2
        seen += page["results"]
        path = (page["next"] or "").removeprefix("http://testserver/api/v1/")
    assert len(seen) == page["count"] == 6
    for part in ("numerator", "denominator"):
        assert sum(Decimal(row[part]) for row in seen) == Decimal(page["figure"][part])
    everything = table(director, "indicators/turnover/rows/")
    assert [row["denominator"] for row in everything] == [row["denominator"] for row in seen]


def test_a_change_tells_who_came_and_who_left(
    two_sites: tuple[Site, Site], director: Client
) -> None:
    before = CAME - ONE_DAY
    told = get(director, f"indicators/hosted/change/?site=CAS&from={before}")
    assert (told["before"]["value"], told["after"]["value"]) == ("1", "2")
    assert told["difference"] == {"value": "1", "numerator": "1", "denominator": None}
    assert told["causes"] == [
        {
            "cause": "came",
            "title": "came for the first time",
            "lines": 2,
            "numerator": "2",
            "denominator": None,
            "effect": "2",
        },
        {
            "cause": "left",
            "title": "left",
            "lines": 1,
            "numerator": "-1",
            "denominator": None,
            "effect": "-1",
        },
    ]
    lines = [(row["cause"], row["company_name"], row["effect"]) for row in told["results"]]
    assert lines == [
        ("came", "Babel Démo", "1"),
        ("came", "Cèdre Démo", "1"),
        ("left", "Argan Démo", "-1"),
    ]
    turnover = get(director, f"indicators/turnover/change/?from={before}")
    effects = [Decimal(row["effect"]) for row in turnover["results"]]
    assert sum(effects) == Decimal(turnover["difference"]["value"])
    assert sum(Decimal(row["effect"]) for row in turnover["causes"]) == sum(effects)
    in_file = table(director, f"indicators/turnover/change/?from={before}&limit=1")
    assert [Decimal(row["effect"]) for row in in_file] == effects
    first = get(director, f"indicators/turnover/change/?from={before}&limit=1")
    assert (first["results"], first["causes"]) == (turnover["results"][:1], turnover["causes"])


def test_a_period_is_added_up_and_stands_beside_a_year_before_or_another_site(
    two_sites: tuple[Site, Site], director: Client
) -> None:
    days = f"from={CAME}&to={CAME + ONE_DAY}&step=day"
    told = get(director, f"indicators/entries/?{days}&over=period&against=RAB")
    assert [point["value"] for point in told["results"]] == ["2", "0"]
    assert [point["window"]["end"] for point in told["results"]] == [
        CAME.isoformat(),
        (CAME + ONE_DAY).isoformat(),
    ]
    assert [point["value"] for point in told["against"]] == ["0", "0"]
    figure = get(director, "indicators/hosted/?against=year")
    assert (figure["value"], figure["against"]["value"]) == ("3", "2")
    assert figure["against"]["on"] == add_months(today(), -12).isoformat()
    in_file = table(director, f"indicators/entries/?{days}&over=period&against=year")
    assert [(row["line"], row["value"], row["new"]) for row in in_file] == [
        ("asked", "2", "2"),
        ("asked", "0", "0"),
        ("against", "0", "0"),
        ("against", "0", "0"),
    ]


def test_a_part_is_asked_for_by_words(two_sites: tuple[Site, Site], director: Client) -> None:
    for words, value in (
        ("building=CAS:A", "2"),
        ("building=RAB:A&tenant_kind=sme", "1"),
        ("space_kind=desk", "0"),
    ):
        assert get(director, f"indicators/hosted/?{words}")["value"] == value
        assert get(director, f"indicators/hosted/rows/?{words}")["count"] == int(value)
        change = get(director, f"indicators/hosted/change/?{words}&from={CAME}")
        assert change["after"]["value"] == value


def test_a_profile_line_by_line(two_sites: tuple[Site, Site], director: Client) -> None:
    scene.application(two_sites[0], name="Estran Démo")
    told = get(director, "profiles/funnel/?site=CAS")
    assert (told["title"], told["on"], told["site"]) == ("Funnel", today().isoformat(), "CAS")
    assert told["axis"] == {"code": "stage", "title": "stage"}
    assert told["results"][0] == {
        "key": "received",
        "label": "received",
        "values": {"applications": "1", "share": "1.000000"},
    }
    assert table(director, "profiles/funnel/?site=CAS")[0] == {
        "stage": "received",
        "label": "received",
        "applications": "1",
        "share": "1.000000",
    }


@pytest.mark.parametrize(
    ("path", "refusal", "about"),
    [
        ("indicators/nope/", "404 unknown_indicator", "There is no indicator « nope »."),
        ("indicators/hosted/series/", "404 not_found", "Not found."),
        ("profiles/nope/", "404 unknown_profile", "There is no profile « nope »."),
        ("indicators/hosted/?on=0001-01-01", "400 invalid", "A day from 1990"),
        ("indicators/hosted/?on=2026-02-30", "400 invalid", "A day such as"),
        ("indicators/hosted/?site=ZZZ", "400 invalid", "Known: CAS, RAB."),
        ("indicators/hosted/?against=ZZZ", "400 invalid", "Known: year, CAS, RAB."),
        ("indicators/hosted/?step=week", "400 invalid", "Known: day, month, quarter, year."),
        ("indicators/hosted/?over=all", "400 invalid", "Known: day, period."),
        ("indicators/hosted/?over=period", "400 not_of_a_period", "« hosted » is a state"),
        ("indicators/hosted/?on=2026-01-01&from=2025-01-01", "400 invalid", "Ask for a day"),
        ("indicators/hosted/?from=2026-01-01&to=2020-01-01", "400 bad_series", "must end after"),
        ("indicators/hosted/?from=1990-01-01&step=day", "400 bad_series", "at most 4000"),
        ("indicators/waiting_list/?from=2024-01-01&step=day", "400 bad_series", "at most 400"),
        ("indicators/hosted/?building=CAS:Z", "400 unknown_part", "no building « CAS:Z »"),
        ("indicators/waiting_list/?sector=ict", "400 not_narrowed", "cannot be narrowed"),
        ("indicators/hosted/rows/?limit=20000", "400 invalid", "A number from 1 to 10000."),
        ("indicators/hosted/rows/?cursor=x", "400 invalid", "Take it from the page before."),
        ("indicators/hosted/rows/?from=2026-01-01", "400 invalid", "Unknown parameter."),
        (
            "indicators/hosted/change/?from=2026-01-02&to=2026-01-01",
            *("400 bad_change", "The last day is before the first."),
        ),
    ],
)
def test_a_bad_question_is_answered_in_words(
    two_sites: tuple[Site, Site], director: Client, path: str, refusal: str, about: str
) -> None:
    """Also where CSV was asked for."""
    for headers in ({}, {"accept": "text/csv"}):
        answer = director.get(f"/api/v1/{path}", headers=headers)
        assert answer["Content-Type"] == "application/problem+json"
        problem = answer.json()
        assert f"{answer.status_code} {problem['code']}" == refusal
        assert about in problem["title"] + str(problem.get("errors", ""))


def test_a_sites_client_sees_the_site_alone(two_sites: tuple[Site, Site]) -> None:
    casa, _rabat = two_sites
    manager = clients.client(Role.SITE_MANAGER, casa)
    narrowed = clients.client(Role.DIRECTOR, limited_to=[casa])
    for client in (manager, narrowed):
        for path in ("", "rows/", "change/"):
            get(client, f"indicators/hosted/{path}", 403)
            get(client, f"indicators/hosted/{path}?site=RAB", 400)
            assert "Dune" not in str(get(client, f"indicators/hosted/{path}?site=CAS"))
        get(client, "indicators/hosted/?site=CAS&against=RAB", 400)
        get(client, "indicators/hosted/?site=CAS&building=RAB:A", 400)
        get(client, "profiles/funnel/", 403)
    get(clients.client(Role.REVIEWER, casa), "indicators/", 403)


@pytest.mark.parametrize("more", [0, 9])
def test_the_same_queries_for_few_and_for_many(
    two_sites: tuple[Site, Site],
    director: Client,
    more: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(more):
        site = two_sites[0]
        company = scene.company(f"Société Démo {number}")
        tenancies.signed(site, scene.office(site), company=company, start=CAME)
    for path, count in (
        ("indicators/", 1),
        ("indicators/hosted/", 9),
        ("indicators/hosted/?from=2020-01-01&step=day&to=2026-01-01&against=year", 9),
        ("indicators/hosted/?building=CAS:A", 10),
        ("indicators/hosted/rows/", 12),
        (f"indicators/hosted/change/?from={CAME - ONE_DAY}", 12),
        ("profiles/funnel/", 11),
    ):
        with django_assert_num_queries(count):
            get(director, path)
