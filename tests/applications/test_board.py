"""The board: what waits in which state, the files that are due first, within one's sites."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from applications.models import Application
from applications.selectors import board
from applications.services.decisions import publish
from sites.models import Site
from tests.factories import doors, opinions, scene
from tests.factories.many import like

BOARD = "/staff/applications/board/?lang=en"


@pytest.fixture
def site(db: None) -> Site:
    return scene.site("CAS")


def cards(client: Client, query: str = "") -> dict[str, list[str]]:
    """The names on the cards, by the state of the column."""
    answer = client.get(f"{BOARD}&{query}")
    return {
        column.state.value: [card.file.name for card in shown]
        for column, _rest, shown in answer.context["columns"]
        if shown
    }


def due(file: Application, days: int | None) -> None:
    now = timezone.now()
    due_at = None if days is None else now + timedelta(days=days, hours=1)
    Application.objects.filter(pk=file.pk).update(due_at=due_at, state_since=now)


def test_columns_hold_the_files_that_are_due_first(site: Site) -> None:
    for name, days in (("Plus tard", 9), ("Sans délai", None), ("Retard", -2), ("Demain", 1)):
        due(scene.application(site, name=name), days)
    scored = opinions.in_review(site, opinions.rubric(site), name="Noté")
    opinions.reviewed(scored, opinions.reviewer(site), team=5, market=10)
    scene.asked(scene.application(site, name="Attente"), ["project", "team"])
    publish(
        application=scene.decided(scene.application(site, name="Fini"), "refuse"), acting_user=None
    )
    officer = doors.staff_client(Role.ADMISSIONS_OFFICER, site)
    assert cards(officer) == {
        "submitted": ["Retard", "Demain", "Plus tard", "Sans délai"],
        "review": ["Noté"],
        "info_requested": ["Attente"],
    }
    answer = officer.get(BOARD)
    found = {card.file.name: card for _c, _r, shown in answer.context["columns"] for card in shown}
    late, awaited = found["Retard"], found["Attente"]
    assert (late.late, late.age) == (True, "0 days · late by 1 day")
    assert [str(title) for _address, title in late.acts] == ["Start screening"]
    assert (awaited.late, awaited.missing, awaited.acts) == (False, ["2 answers asked"], [])
    assert found["Noté"].opinions == ["100%"]
    assert [(column.state, column.count) for column, _rest in answer.context["folded"]] == [
        ("declined", 1)
    ]
    page = answer.content.decode()
    assert f'href="{late.address}"' in page
    assert f"/staff/applications/application/{late.file.pk}/start-screening/" in page


def test_board_is_narrowed_like_the_list(site: Site) -> None:
    due(scene.application(site, name="Énergie"), -1)
    scene.application(site, name="Eau")
    officer = doors.staff_client(Role.ADMISSIONS_OFFICER, site)
    for query, found in {
        "q=energie": {"submitted": ["Énergie"]},
        "late=yes": {"submitted": ["Énergie"]},
        "state__exact=review": {},
        "m2_from=1000": {},
    }.items():
        assert cards(officer, query) == found, query
    assert officer.get(f"{BOARD}&state__exact__x=1").status_code == 302
    answer = officer.get(f"{BOARD}&late=yes&q=%C3%A9nergie&p=4")
    rest = {column.state: rest for column, rest, _cards in answer.context["columns"]}
    assert rest["submitted"] == (
        "/staff/applications/application/?lang=en&late=yes&q=%C3%A9nergie&state__exact=submitted&o=8"
    )
    assert len(officer.get(rest["submitted"]).context["cl"].result_list) == 1


def test_nobody_sees_beyond_their_sites_and_conflicts(site: Site) -> None:
    file = scene.application(site, name="Ici")
    person = scene.staff(Role.ADMISSIONS_OFFICER, site)
    officer = doors.signed_in(person)
    assert cards(officer) == {"submitted": ["Ici"]}
    assert cards(doors.staff_client(Role.ADMISSIONS_OFFICER, scene.site("RAB"))) == {}
    opinions.declare_conflict(file, person)
    assert cards(officer) == {}
    auditor = doors.staff_client(Role.AUDITOR)
    assert "start-screening" not in auditor.get(BOARD).content.decode()
    assert cards(auditor) == {"submitted": ["Ici"]}
    reviewer = doors.staff_client(Role.REVIEWER, site)
    assert reviewer.get(BOARD).status_code == 403


def test_columns_stop_counting(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "COUNTED", 2)
    monkeypatch.setattr(board, "SHOWN", 1)
    for _number in range(3):
        scene.application(site)
    user = scene.staff(Role.DIRECTOR)
    for searched in (False, True):
        shown, _folded = board.columns(Application.objects.all(), user, searched=searched)
        assert [(c.state, c.count, c.capped, len(c.files)) for c in shown if c.count] == [
            ("submitted", 2, True, 1)
        ]


@pytest.mark.parametrize("count", [1, 200])
def test_board_asks_the_same_however_many(
    site: Site, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    file = opinions.in_review(site, opinions.rubric(site))
    opinions.reviewed(file, opinions.reviewer(site))
    states = [*board.COLUMNS, *(state for state in board.FOLDED if state != "duplicate")]
    listed = ", ".join(f"'{state}'" for state in states)
    like(file, count - 1, state=f"(ARRAY[{listed}])[1 + n % {len(states)}]")
    client = doors.staff_client(Role.DIRECTOR)
    client.get(BOARD)  # what a process learns once
    with django_assert_num_queries(10):
        client.get(BOARD)


def test_the_board_is_in_the_side_bar_of_who_may_see_it(site: Site) -> None:
    assert admin.site.name == "admin"
    officer = doors.staff_client(Role.ADMISSIONS_OFFICER, site)
    reviewer = doors.staff_client(Role.REVIEWER, site)
    link = 'href="/staff/applications/board/"'
    assert link in officer.get("/staff/").content.decode()
    assert link not in reviewer.get("/staff/").content.decode()
