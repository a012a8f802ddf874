"""What a file takes along to its new site: tasks, the clock; and who has it there no more."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from applications.errors import BadSession
from applications.models import StageTarget, TaskTemplate
from applications.services import committee, requests, reviews, screening, tasks, transfers
from applications.services.decisions import revoke_decision
from sites.models import Site
from tests.applications.moving import Officers, asked, seen_by
from tests.factories import opinions, scene

pytestmark = pytest.mark.django_db


def test_tasks_stay_and_the_new_sites_lines_come(
    sites: tuple[Site, Site], officers: Officers
) -> None:
    here, there = officers
    for site, title in ((sites[0], "Ici"), (sites[1], "Là"), (None, "Partout")):
        TaskTemplate.objects.create(list="screening", title_fr=title, site=site)
    file = scene.application(sites[0])
    screening.start_screening(application=file, acting_user=here)
    tasks.complete_task(task=file.tasks.get(template__title_fr="Ici"), acting_user=here)
    transfers.agree_transfer(transfer=asked(file, sites[1]), acting_user=there)
    assert {
        (task.template.title_fr, task.assignee, task.done_at is not None)
        for task in file.tasks.select_related("template", "assignee")
        if task.template
    } == {("Ici", here, True), ("Partout", here, False), ("Là", there, False)}


@pytest.mark.parametrize("awaited", [False, True])
def test_the_clock_goes_on_with_the_new_sites_target(
    sites: tuple[Site, Site], awaited: bool
) -> None:
    for site, days in zip(sites, (10, 4), strict=True):
        StageTarget.objects.create(site=site, stage="submitted", days=days)
    file = scene.application(sites[0])
    due = file.due_at
    assert due is not None
    if awaited:
        scene.asked(file, ["team"])
        file.refresh_from_db()
        assert file.time_left is not None
    left = file.time_left
    transfers.agree_transfer(transfer=asked(file, sites[1]), acting_user=None)
    file.refresh_from_db()
    shorter = timedelta(days=6)
    expected = (None, left - shorter) if left is not None else (due - shorter, None)
    assert (file.due_at, file.time_left) == expected
    if awaited:
        requests.answer_request(application=file, changes={"team": "Deux."}, acting_user=None)
        file.refresh_from_db()
        assert file.due_at is not None
        assert abs(file.due_at - (due - shorter)) < timedelta(minutes=1)


def test_a_clock_that_nobody_had_set_stands_still_while_the_applicant_is_awaited(
    sites: tuple[Site, Site],
) -> None:
    StageTarget.objects.create(site=sites[1], stage="submitted", days=4)
    file = scene.application(sites[0])
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        scene.asked(file, ["team"])
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        transfers.agree_transfer(transfer=asked(file, sites[1]), acting_user=None)
    file.refresh_from_db()
    assert file.time_left is not None
    assert (file.due_at, round(file.time_left / timedelta(days=1), 2)) == (None, 3.0)


def test_reviewers_and_the_committee_of_the_old_site_have_it_no_more(
    sites: tuple[Site, Site],
) -> None:
    file = opinions.in_review(sites[0])
    reader = opinions.reviewer(sites[0])
    review = opinions.assigned(file, reader, days=1)
    reviews.open_review(review=review, acting_user=reader)
    screening.prepare_for_committee(application=file, acting_user=None)
    session = opinions.sitting(sites[0], [file])
    chair = session.chair
    opinions.votes(session.agenda.get(), "admit")
    assert seen_by(reader, chair) == [(True, False), (True, False)]
    transfers.agree_transfer(transfer=asked(file, sites[1]), acting_user=None)
    assert seen_by(reader, chair) == [(False, False), (False, False)]
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert reviews.remind_reviewers() == 0
    assert not session.agenda.exists()
    # The new site's committee takes it.
    file.refresh_from_db()
    assert opinions.sitting(sites[1], [file]).agenda.get().application == file


def test_what_the_old_sites_committee_settled_once_stays_in_its_minutes_alone(
    sites: tuple[Site, Site],
) -> None:
    file = scene.for_committee(scene.application(sites[0]))
    session = opinions.sitting(sites[0], [file])
    item = session.agenda.get()
    opinions.votes(item, "refuse", "refuse", "refuse")
    committee.settle_item(item=item, outcome="refuse", reasons=["other"], acting_user=None)
    revoke_decision(application=file, reason="x", acting_user=None)
    transfers.agree_transfer(transfer=asked(file, sites[1]), acting_user=None)
    assert seen_by(session.chair) == [(False, False)]
    with pytest.raises(BadSession):
        committee.settle_item(item=item, outcome="admit", note="x", acting_user=None)
    assert session.agenda.get().decision.outcome == "refuse"  # type: ignore[union-attr]
