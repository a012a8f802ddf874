"""The list of applications: its columns and filters, those that people keep, and the export."""

import csv
import io
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts import services
from accounts.choices import Role
from accounts.errors import BadFilter, NoSuchFilter
from accounts.models import SavedFilter
from applications.labels import ApplicationState
from applications.labels.clock import age_in_words
from applications.models import Application, StageTarget
from applications.services.decisions import publish
from applications.services.tasks import add_task
from core.periods import today
from sites.models import Site
from tests.factories import asked, doors, opinions, scene
from tests.factories.many import like

pytestmark = pytest.mark.django_db
LIST = "/staff/applications/application/"


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


@pytest.fixture
def officer(site: Site) -> Client:
    return doors.staff_client(Role.ADMISSIONS_OFFICER, site)


def names(client: Client, query: str) -> set[str]:
    answer = client.get(f"{LIST}?{query}")
    assert answer.status_code == 200, query
    return {file.name for file in answer.context["cl"].result_list}


@pytest.mark.parametrize(
    ("age", "left", "words"),
    [
        (0, None, "0 days"),
        (1, 2, "1 day · 2 days left"),
        (12, 0, "12 days · late"),
        (12, -1, "12 days · late by 1 day"),
    ],
)
def test_age_in_words(age: int, left: int | None, words: str) -> None:
    until = None if left is None else timedelta(days=left)
    assert age_in_words(timedelta(days=age, hours=3), until) == words


def test_list_shows_age_what_is_missing_and_what_reviewers_think(
    officer: Client, site: Site
) -> None:
    StageTarget.objects.create(site=site, stage="submitted", days=5)
    late = asked.application(site, name="Retard")
    long_ago = timezone.now() - timedelta(days=7)
    Application.objects.filter(pk=late.pk).update(
        state_since=long_ago, due_at=long_ago + timedelta(days=5)
    )
    scored = opinions.in_review(site, opinions.rubric(scene.site("RAB")), name="Noté")
    opinions.reviewed(scored, opinions.reviewer(site), team=5, market=10)
    opinions.assigned(scored, opinions.reviewer(site))
    waiting = scene.application(site, name="Attente")
    scene.asked(waiting, ["project", "team"])
    rows = {
        file.name: file
        for file in officer.get(f"{LIST}?lang=en").context["cl"].result_list
    }  # fmt: skip
    page = officer.get(f"{LIST}?lang=en").content.decode()
    assert (rows["Retard"].lacking, rows["Attente"].asked) == (1, 2)
    for words in (
        "7 days · late by 2 days",
        "1 document",
        "2 answers asked",
        "100% · 1 review awaited",
    ):
        assert words in page, words


def test_scores_stay_hidden_until_ones_own_is_in(site: Site) -> None:
    person = scene.staff(Role.ADMISSIONS_OFFICER, site)
    file = opinions.in_review(site, opinions.rubric(site))
    opinions.reviewed(file, opinions.reviewer(site), team=5, market=10)
    client = doors.signed_in(person)
    assert "100%" in client.get(f"{LIST}?lang=en").content.decode()
    opinions.assigned(file, person)
    assert "100%" not in client.get(f"{LIST}?lang=en").content.decode()


def test_filters_narrow_the_list(site: Site) -> None:
    person = scene.staff(Role.ADMISSIONS_OFFICER, site)
    officer = doors.signed_in(person)
    small = scene.application(site, name="Petit", wanted_m2=Decimal(10))
    called = asked.application(site, name="Appelé", wanted_m2=Decimal(30))
    over = scene.decided(scene.application(site, name="Fini"), "refuse")
    publish(application=over, acting_user=None)
    Application.objects.filter(pk=small.pk).update(
        submitted_at=timezone.now() - timedelta(days=40), due_at=timezone.now()
    )
    add_task(application=called, words="Appeler", assignee=person, acting_user=person)
    assert called.call_version is not None
    day = (today() - timedelta(days=1)).isoformat()
    for query, found in {
        "": {"Petit", "Appelé", "Fini"},
        "group=open": {"Petit", "Appelé"},
        "group=ended": {"Fini"},
        "late=yes": {"Petit"},
        "mine=yes": {"Appelé"},
        f"call={called.call_version.call_id}": {"Appelé"},
        "call=0&group=x&late=x": {"Petit", "Appelé", "Fini"},
        "m2_from=20": {"Appelé"},
        "m2_to=10&m2_from=": {"Petit"},
        "m2_from=NaN&m2_to=1e99&received_from=x": {"Petit", "Appelé", "Fini"},
        f"received_from={day}": {"Appelé", "Fini"},
        f"received_to={day}": {"Petit"},
        "received_from=0001-01-01&received_to=9999-12-31": {"Petit", "Appelé", "Fini"},
        "state__exact=declined": {"Fini"},
        "q=appele&group=open": {"Appelé"},
    }.items():
        assert names(officer, query) == found, query


def test_states_that_staff_never_see_are_not_offered(officer: Client, site: Site) -> None:
    scene.application(site)
    page = officer.get(f"{LIST}?lang=en")
    states = list(page.context["cl"].filter_specs[0].choices(page.context["cl"]))
    offered = [str(row["display"]) for row in states]
    assert (offered[:2], len(offered)) == (["All", "received"], 1 + len(ApplicationState) - 2)
    assert officer.get(f"{LIST}?state__exact=draft").status_code == 200


def test_filters_are_kept_renamed_and_deleted_by_their_owner_alone(
    officer: Client, site: Site
) -> None:
    page = "/staff/applications/filters/?lang=en"
    answer = officer.post(
        page, {"save": "yes", "name": " Mes  retards ", "query": "late=yes&p=3&lang=ar&q=eau+douce"}
    )
    kept = SavedFilter.objects.get()
    assert (kept.name, kept.query) == ("Mes retards", "late=yes&q=eau+douce")
    assert answer["Location"] == f"{LIST}?late=yes&q=eau+douce"
    chips = officer.get(f"{LIST}?{kept.query}").content.decode()
    assert 'aria-current="true"><bdi>Mes retards</bdi>' in chips
    assert "Mes retards" in officer.get("/staff/applications/board/").content.decode()
    officer.post(page, {"rename": "yes", "pk": kept.pk, "name": "Retards"})
    other = doors.staff_client(Role.DIRECTOR)
    assert "Retards" not in other.get(LIST).content.decode()
    for act in ("rename", "delete"):
        answer = other.post(page, {act: "yes", "pk": kept.pk, "name": "x"}, follow=True)
        assert "There is no such saved filter any more." in answer.content.decode()
    assert "Retards" in officer.get(page).content.decode()
    officer.post(page, {"delete": "yes", "pk": kept.pk})
    assert not SavedFilter.objects.exists()
    assert doors.staff_client(Role.REVIEWER, site).get(page).status_code == 403


def test_what_cannot_be_kept() -> None:
    user = scene.staff(Role.DIRECTOR)
    first = services.save_filter(page="x", name="A", query="a=1", acting_user=user)
    again = services.save_filter(page="x", name="A", query="a=2", acting_user=user)
    assert (again.pk, again.query) == (first.pk, "a=2")
    other = services.save_filter(page="x", name="B", query="", acting_user=user)
    for name in ("", " \x00 ", "n" * 61, "A"):
        with pytest.raises(BadFilter):
            services.rename_filter(pk=other.pk, name=name, acting_user=user)
    with pytest.raises(BadFilter):
        services.save_filter(page="x", name="C", query="q=" + "x" * 1000, acting_user=user)
    with pytest.raises(NoSuchFilter):
        services.delete_filter(pk=other.pk, acting_user=scene.staff(Role.DIRECTOR))


@pytest.mark.parametrize("count", [1, 200])
def test_list_asks_the_same_however_many(
    site: Site, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    like(asked.application(site), count - 1)
    client = doors.staff_client(Role.DIRECTOR)
    client.get(LIST)  # what a process learns once
    with django_assert_num_queries(9):
        client.get(LIST)


def test_export_holds_what_the_list_shows_and_no_more(site: Site) -> None:
    person = scene.staff(Role.ADMISSIONS_OFFICER, site)
    refused = scene.decided(
        scene.application(site, name="Refusé", contact_name="=1+1"), "refuse"
    )  # fmt: skip
    hidden = scene.application(site, name="Conflit")
    opinions.declare_conflict(hidden, person)
    scene.application(scene.site("RAB"), name="Ailleurs")
    scene.application(site, name="Autre")
    answer = doors.signed_in(person).post(
        f"{LIST}export/?state__exact=decided", {"format": "0", "export_items": []}
    )
    assert answer.status_code == 200
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["reference"] for row in rows] == [refused.reference]
    assert {
        key: rows[0][key]
        for key in ("site_code", "state", "days_in_state", "late", "outcome", "reasons")
    } == {
        "site_code": "CAS",
        "state": "decided",
        "days_in_state": "0",
        "late": "False",
        "outcome": "refuse",
        "reasons": "no_space",
    }
    assert (rows[0]["contact_name"], rows[0]["contact_email"]) == ("'=1+1", refused.contact_email)
    # The same as a spreadsheet: numbers, days and truths are what they are, a formula is text.
    book = doors.signed_in(person, second_factor=False).post(
        f"{LIST}export/?state__exact=decided", {"format": "1"}
    )
    sheet: Any = openpyxl.load_workbook(io.BytesIO(book.content)).active
    header, *lines = sheet.iter_rows(values_only=True)
    assert len(lines) == 1
    cells = dict(zip(header, lines[0], strict=True))
    assert refused.submitted_at is not None
    assert {
        key: cells[key]
        for key in ("reference", "wanted_m2", "wanted_start", "late", "days_in_state", "reasons")
    } == {
        "reference": refused.reference,
        "wanted_m2": 18,
        "wanted_start": datetime.combine(refused.wanted_start, time()),
        "late": False,
        "days_in_state": 0,
        "reasons": "no_space",
    }
    assert (cells["contact_name"], cells["submitted_at"].date()) == (
        "'=1+1",
        timezone.localdate(refused.submitted_at),
    )
    everything = doors.signed_in(person, second_factor=False).post(
        f"{LIST}export/", {"format": "0"}
    )
    listed = {row["name"] for row in csv.DictReader(io.StringIO(everything.content.decode()))}
    assert listed == {"Refusé", "Autre"}
