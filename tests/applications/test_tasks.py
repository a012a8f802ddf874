"""Checklists come by themselves; what is done on them is said by whom."""

import csv
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from accounts.models import User
from applications.errors import BadTask
from applications.labels import TaskList
from applications.models import Application, Declaration, Task, TaskTemplate
from applications.services import screening, tasks
from applications.services.answers import accept_offer
from core.errors import NotAllowed
from core.periods import today
from sites.models import Site
from tests.factories import doors, scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


@pytest.fixture
def officer(site: Site) -> User:
    return scene.staff(Role.ADMISSIONS_OFFICER, site)


def line(name: str, title: str, site: Site | None = None, **given: object) -> TaskTemplate:
    return TaskTemplate.objects.create(
        list=name, title_fr=title, title_en=title, site=site, **given
    )


def listed(file: Application) -> list[tuple[str, str, bool]]:
    """(list, what, whether it is done) of each task."""
    rows = file.tasks.select_related("template")
    return [(task.list, task.title, task.done_at is not None) for task in rows]


def test_checklists_of_the_site_and_of_the_network_come_once(site: Site, officer: User) -> None:
    line("screening", "Elsewhere", scene.site("RAB"))
    line("screening", "Gone", retired=True)
    line("screening", "Second", position=2, days=5)
    line("screening", "First", site, position=1, for_applicant=True)
    line("onboarding", "Keys")
    file = scene.application(site)
    assert listed(file) == []
    screening.start_screening(application=file, acting_user=officer)
    assert [
        (task.title, task.assignee, task.due_on, task.created_by)
        for task in file.tasks.select_related("template")
    ] == [
        ("First", None, None, officer),
        ("Second", officer, today() + timedelta(days=5), officer),
    ]
    # Ended and opened again: what was done stays done, nothing comes twice.
    tasks.complete_task(task=file.tasks.get(template__title_fr="First"), acting_user=officer)
    screening.mark_spam(application=file, acting_user=officer)
    screening.reopen(application=file, reason="Une vraie société.", acting_user=officer)
    assert listed(file) == [("screening", "First", True), ("screening", "Second", False)]


def test_the_onboarding_checklist_comes_with_the_accepted_offer(site: Site) -> None:
    line("onboarding", "Keys", days=30)
    line("onboarding", "Insurance", for_applicant=True)
    file = scene.application(site)
    accept_offer(offer=scene.offer(file, scene.office(site)), acting_user=file.applicant)
    assert listed(file) == [("onboarding", "Keys", False), ("onboarding", "Insurance", False)]
    assert set(file.tasks.values_list("assignee", flat=True)) == {None}


def test_a_task_is_added_given_done_and_taken_up_again(site: Site, officer: User) -> None:
    other = scene.staff(Role.SITE_MANAGER, site)
    file = scene.application(site)
    task = tasks.add_task(
        application=file, words=" Call them ", assignee=officer, acting_user=officer
    )
    day = today() + timedelta(days=2)
    tasks.assign_task(task=task, assignee=other, due_on=day, acting_user=officer)
    done = tasks.complete_task(task=task, note=" Nobody answered ", acting_user=other)
    again = tasks.complete_task(task=task, note="Twice", acting_user=officer)
    assert (again.done_at, again.done_by, again.note) == (done.done_at, other, "Nobody answered")
    tasks.reopen_task(task=task, acting_user=officer)
    task.refresh_from_db()
    assert (task.words, task.list, task.assignee, task.due_on, task.done_at, task.done_by) == (
        "Call them",
        TaskList.OTHER,
        other,
        day,
        None,
        None,
    )


def test_only_who_works_on_the_file_touches_its_tasks(site: Site, officer: User) -> None:
    file = scene.application(site)
    task = tasks.add_task(application=file, words="Call", acting_user=None)
    conflicted = scene.staff(Role.DIRECTOR)
    Declaration.objects.create(
        application=file, user=conflicted, conflicted=True, declared_at=timezone.now()
    )
    elsewhere = scene.staff(Role.ADMISSIONS_OFFICER, scene.site("RAB"))
    auditor = scene.staff(Role.AUDITOR)
    for user in (conflicted, elsewhere, auditor, file.applicant):
        acts: list[Callable[..., object]] = [
            partial(tasks.complete_task, task=task),
            partial(tasks.reopen_task, task=task),
            partial(tasks.assign_task, task=task, assignee=None, due_on=None),
            partial(tasks.add_task, application=file, words="x"),
        ]
        for act in acts:
            with pytest.raises(NotAllowed):
                act(acting_user=user)
        with pytest.raises(BadTask):
            tasks.assign_task(task=task, assignee=user, due_on=None, acting_user=officer)
    with pytest.raises(BadTask):
        tasks.add_task(application=file, words="  ", acting_user=officer)
    assert Task.objects.get().done_at is None


@pytest.mark.parametrize("count", [1, 4])
def test_an_export_says_what_each_task_is(
    site: Site, officer: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """A line of a checklist bears its words in its template."""
    lines = [line(TaskList.SCREENING, f"Lire {number}") for number in range(count)]
    file = scene.application(site)
    screening.start_screening(application=file, acting_user=officer)
    tasks.add_task(application=file, words="Appeler", acting_user=officer)
    client = doors.signed_in(officer)
    address = "/staff/applications/task/export/?lang=en"
    client.post(address, {"format": "0"})
    with django_assert_num_queries(4):
        taken = client.post(address, {"format": "0"}).content.decode("utf-8-sig")
    told = [row["title"] for row in csv.DictReader(taken.splitlines())]
    assert told == ["Appeler", *(row.title for row in lines)]
