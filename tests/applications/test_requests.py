"""What is missing is asked for, reminded of twice, answered or lapsed; the clock stands still."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from accounts.choices import Role
from applications.errors import BadRequest, ImpossibleStep, NotAsked
from applications.models import Application, Revision, StageTarget
from applications.services import requests, screening
from applications.services.answers import withdraw
from core.models import Message
from core.periods import today
from sites.models import Site
from tests.factories import doors, scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


def steps(file: Application) -> list[tuple[str, str, str]]:
    return list(file.transitions.order_by("id").values_list("step", "source", "target"))[1:]


def letters() -> int:
    return Message.objects.filter(matter__endswith=":request").count()


def test_answering_brings_the_file_back_where_it_was(site: Site) -> None:
    file = scene.application(site, project="Avant")
    screening.start_screening(application=file, acting_user=None)
    screening.send_to_review(application=file, acting_user=None)
    asked = scene.asked(file, ["project", "wanted_m2"])
    for _click in range(2):
        requests.answer_request(
            application=file,
            changes={"project": "Après", "wanted_m2": Decimal(25)},
            acting_user=file.applicant,
        )
    file.refresh_from_db()
    asked.refresh_from_db()
    assert (file.state, file.project, file.wanted_m2, file.revision, asked.state) == (
        "review",
        "Après",
        Decimal(25),
        2,
        "answered",
    )
    assert steps(file)[2:] == [
        ("request_information", "review", "info_requested"),
        ("answer_request", "info_requested", "review"),
    ]
    versions = Revision.objects.order_by("number")
    assert [
        (version.number, (version.answers or {})["project"], (version.answers or {})["wanted_m2"])
        for version in versions
    ] == [(1, "Avant", "18"), (2, "Après", "25")]


def test_only_what_was_asked_for_is_open(site: Site) -> None:
    file = scene.application(site)
    scene.asked(file, ["project"])
    with pytest.raises(NotAsked):
        requests.answer_request(
            application=file, changes={"name": "Autre nom"}, acting_user=file.applicant
        )
    client = doors.applicant_client(file)
    address = f"/my/{file.reference}/"
    fields = client.get(address).context["form"].fields
    assert list(fields) == ["project"]
    refused = client.post(f"{address}answer/", {"project": "", "name": "Autre"})
    assert (refused.status_code, set(refused.context["form"].errors)) == (422, {"project"})
    assert client.post(f"{address}answer/", {"project": "Mieux", "name": "x"}).status_code == 302
    before = file.name
    file.refresh_from_db()
    assert (file.name, file.project, file.state) == (before, "Mieux", "submitted")
    again = client.post(f"{address}answer/", {"project": "Encore"}, follow=True)
    assert "On ne vous demande plus rien." in again.content.decode()


def test_another_person_cannot_answer(site: Site) -> None:
    file = scene.application(site)
    scene.asked(file, ["project"])
    client = doors.applicant_client(scene.application(site))
    assert client.post(f"/my/{file.reference}/answer/", {"project": "x"}).status_code == 404


def test_the_clock_stands_still_while_the_applicant_is_awaited(site: Site) -> None:
    StageTarget.objects.create(site=site, stage="submitted", days=10)
    file = scene.application(site)
    start = timezone.now()
    with time_machine.travel(start + timedelta(days=4), tick=False):
        scene.asked(file, ["project"])
        file.refresh_from_db()
        assert file.due_at is None
        assert file.time_left is not None
        assert file.time_left.days in {5, 6}
    with time_machine.travel(start + timedelta(days=9), tick=False):
        assert Application.objects.late().count() == 0
        requests.answer_request(
            application=file, changes={"project": "x"}, acting_user=file.applicant
        )
        file.refresh_from_db()
        assert file.due_at is not None
        assert (file.due_at - start).days == 14
    with time_machine.travel(start + timedelta(days=16), tick=False):
        assert list(Application.objects.late()) == [file]


def test_reminded_at_half_time_and_before_the_end_then_lapsed(site: Site) -> None:
    file = scene.application(site)
    start = timezone.now()
    scene.asked(file, ["project"])  # ten days
    acts = {}
    for day in range(14):
        with time_machine.travel(start + timedelta(days=day), tick=False):
            acts[day] = [requests.remind_and_lapse(), requests.remind_and_lapse()]
    assert {day: done for day, done in acts.items() if done != [0, 0]} == {
        5: [1, 0],
        8: [1, 0],
        11: [1, 0],
    }
    file.refresh_from_db()
    assert (file.state, file.requests.get().state, letters()) == ("lapsed", "lapsed", 4)


def test_days_of_downtime_shorten_nobodys_time(site: Site) -> None:
    file = scene.application(site)
    start = timezone.now()
    scene.asked(file, ["project"])
    acts = {}
    for day in range(30, 36):
        with time_machine.travel(start + timedelta(days=day), tick=False):
            acts[day] = requests.remind_and_lapse()
    assert acts == {30: 1, 31: 1, 32: 0, 33: 0, 34: 1, 35: 0}


def test_staff_go_on_without_the_answer(site: Site) -> None:
    file = scene.application(site)
    asked = scene.asked(file, ["project"])
    requests.close_request(application=file, reason="by phone", acting_user=None)
    asked.refresh_from_db()
    file.refresh_from_db()
    assert (file.state, asked.state) == ("submitted", "closed")


def test_withdrawing_closes_the_request(site: Site) -> None:
    file = scene.application(site)
    asked = scene.asked(file, ["project"])
    withdraw(application=file, reason="no", acting_user=file.applicant)
    asked.refresh_from_db()
    assert asked.state == "closed"
    with pytest.raises(ImpossibleStep):
        requests.answer_request(
            application=file, changes={"project": "x"}, acting_user=file.applicant
        )


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"fields": []}, "fields_wanted"),
        ({"fields": ["contact_email"]}, "fields_wanted"),
        ({"documents": ["plan"]}, "documents_wanted"),
        ({"message": " "}, "message"),
        ({"due_on": today() + timedelta(days=2)}, "due_on"),
    ],
)
def test_a_bad_request_names_its_field(site: Site, changed: dict[str, object], field: str) -> None:
    values = {"fields": ["project"], "message": "x", "due_on": today() + timedelta(days=5)}
    with pytest.raises(BadRequest) as refused:
        requests.request_information(
            application=scene.application(site),
            acting_user=None,
            **{**values, **changed},  # type: ignore[arg-type]
        )
    assert refused.value.field == field


def test_an_officer_asks_from_the_files_page(site: Site) -> None:
    file = scene.application(site)
    officer = doors.staff_client(Role.ADMISSIONS_OFFICER, site)
    address = f"/staff/applications/application/{file.pk}/request-information/"
    given = {
        "fields_wanted": ["team", "sectors"],
        "message": "Qui fait quoi ?",
        "due_on": (today() + timedelta(days=7)).isoformat(),
    }
    refused = officer.post(address, {**given, "due_on": today().isoformat()})
    assert set(refused.context["form"].errors) == {"due_on"}
    assert officer.post(address, given).status_code == 302
    asked = file.requests.get()
    assert list(asked.items.values_list("key", flat=True)) == ["team", "sectors"]
    assert "Qui fait quoi ?" in Message.objects.get(matter__endswith=":request").body


def test_another_request_a_moment_later_is_refused_not_forgotten(site: Site) -> None:
    file = scene.application(site)
    first = scene.asked(file, ["team"])
    assert scene.asked(file, ["team"]) == first
    with pytest.raises(ImpossibleStep):
        scene.asked(file, ["team", "project"])
