"""Files are found by the words of their answers, in French and in Arabic, by whoever may see."""

import threading

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from applications.models import Application, SearchEntry
from applications.services import tasks
from applications.services.requests import answer_request
from applications.services.retention import anonymise_now
from applications.services.screening import mark_spam
from applications.services.searching import reindex
from sites.models import Site
from tests.concurrency.crowd import at_once
from tests.factories import clients, doors, opinions, scene

pytestmark = pytest.mark.django_db

# French and Arabic, emoji, Markdown, HTML and marks of direction, up to 20,000 characters.
_FILLER = 'Le réseau **d\'eau** \u200fتجربة\u200f 💧 <p class="x">pièce</p> '
_END = " Récolte connectée للزراعة الذَّكِيَّة المقاولات"
LONG = (_FILLER * 400)[: 20_000 - len(_END)] + _END


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


@pytest.fixture
def file(site: Site) -> Application:
    scene.application(site, name="Autre Projet", project="Des pompes.")
    return scene.application(
        site, name="Énergie Démo", project=LONG, team=LONG, website="https://argan.example/a",
        contact_name="Zineb Démo", contact_email="zineb.demo@example.org", ice="000000001000021",
    )  # fmt: skip


def found(text: str) -> list[str]:
    return [row.name for row in Application.objects.matching(text)]


@pytest.mark.parametrize(
    "text",
    [
        *("connectée", "CONNECTEE", "recoltes connectees", "récol", '"récolte connectée"'),
        *("الذكية", "الذَّكِيَّة", "الزراعة", "للزراعه الذكيـــة", "مقاولات", "المقاو"),
        *("energie", "zineb", "argan.example", "zineb.demo@example.org", "000000001000021"),
        *("la récolte -pompes", "introuvable ou connectée", "introuvable أو المقاولات"),
    ],
)
def test_answers_are_found_to_their_end(file: Application, text: str) -> None:
    assert len(file.project) == 20_000
    assert found(text) == ["Énergie Démo"]


@pytest.mark.parametrize(
    "text", ["introuvable", '"connectée récolte"', "récolte -demo", "!!", "a & b:*", "';--", "\x00"]
)
def test_nothing_else_is_found(file: Application, text: str) -> None:
    assert found(text) == []


def test_reference_and_its_beginning(file: Application) -> None:
    assert found(file.reference.lower()) == [file.name]
    assert found(file.reference[:-2]) == [file.name, "Autre Projet"]
    assert found("  ") == [file.name, "Autre Projet"]


def test_new_answers_take_the_place_of_the_old(site: Site, file: Application) -> None:
    scene.asked(file, ["project", "name"])
    answer_request(
        application=file, changes={"project": "Un four solaire.", "name": "Four"}, acting_user=None
    )
    assert (found("four"), found("energie"), found("récolte")) == (["Four"], [], ["Four"])


def test_files_without_an_entry_are_indexed_in_batches(site: Site, file: Application) -> None:
    SearchEntry.objects.all().delete()
    assert found("connectée") == []
    Application.objects.filter(name="Autre Projet").update(state="draft")
    assert (reindex(batch=1), reindex()) == (1, 0)
    assert found("connectée") == [file.name]


def test_list_site_search_and_rest_list_find_the_same(site: Site, file: Application) -> None:
    officer = doors.staff_client(Role.ADMISSIONS_OFFICER, site)
    rows = officer.get("/staff/applications/application/?q=recoltes").context["cl"].result_list
    assert list(rows) == [file]
    assert file.reference in officer.get("/staff/search/?s=recoltes").content.decode()
    rest = clients.client(Role.ADMISSIONS_OFFICER, site)
    answer = rest.get("/api/v1/applications/?q=recoltes").json()
    assert [row["reference"] for row in answer["results"]] == [file.reference]


def test_what_hangs_on_a_file_is_found_as_the_file_is(site: Site, file: Application) -> None:
    tasks.add_task(application=file, words="Appeler", acting_user=None)
    scene.offer(scene.decided(file), scene.office(site, code="Z9"))
    officer = doors.staff_client(Role.ADMISSIONS_OFFICER, site)

    def count(kind: str, text: str) -> int:
        page = officer.get(f"/staff/applications/{kind}/", {"q": text})
        rows: int = page.context["cl"].result_count
        return rows

    texts = ("Énergie", "récolte connectée", file.reference[:7], "introuvable")
    assert [count("task", text) for text in (*texts, "appel")] == [1, 1, 1, 0, 1]
    assert [count("offer", text) for text in (*texts, "Z9")] == [1, 1, 1, 0, 1]
    hidden = scene.staff(Role.ADMISSIONS_OFFICER, site)
    opinions.declare_conflict(file, hidden)
    page = doors.signed_in(hidden).get("/staff/applications/task/", {"q": "appel"})
    assert page.context["cl"].result_count == 0


def test_search_reveals_nothing_out_of_sight(site: Site, file: Application) -> None:
    def results(client: Client) -> str:
        return client.get("/staff/search/?s=recoltes").content.decode()

    elsewhere = doors.staff_client(Role.ADMISSIONS_OFFICER, scene.site("RAB"))
    assert file.reference not in results(elsewhere)
    person = scene.staff(Role.ADMISSIONS_OFFICER, site)
    officer = doors.signed_in(person)
    assert file.reference in results(officer)
    opinions.declare_conflict(file, person)
    assert file.reference not in results(officer)
    listed = officer.get("/staff/applications/application/?q=recoltes").content.decode()
    assert file.reference not in listed


def test_searching_is_one_query(
    file: Application, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        assert found("recoltes") == [file.name]
    with CaptureQueriesContext(connection) as captured:
        found("recoltes")
    assert "@@" in captured[0]["sql"]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_indexed_of_a_file_that_is_being_anonymised(site: Site) -> None:
    file = scene.application(site, name="Énergie Démo")
    mark_spam(application=file, acting_user=None)
    SearchEntry.objects.all().delete()
    anonymised, indexed = threading.Event(), threading.Event()

    def act(number: int) -> int:
        if number == 0:
            assert anonymised.wait(60)
            done = reindex()
            indexed.set()
            return done
        with transaction.atomic():
            anonymise_now(application=file, reason="x", acting_user=None)
            anonymised.set()
            indexed.wait(1)  # it waits for us
        return 0

    assert at_once(2, act) == [0, 0]
    assert not SearchEntry.objects.exists()
