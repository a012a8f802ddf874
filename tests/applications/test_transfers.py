"""A file goes to another site: both agree, both see it meanwhile, then the new one alone."""

import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import OperationalError
from django.utils import timezone

from accounts.choices import Role
from accounts.models import User
from accounts.rights import Action
from applications.errors import BadSession, NotTransferable, ReasonNeeded, TransferClosed
from applications.models import (
    Application,
    Declaration,
    Place,
    StageTarget,
    TaskTemplate,
    Transfer,
)
from applications.services import (
    committee,
    requests,
    reviews,
    screening,
    tasks,
    transfers,
    waiting,
)
from applications.services.decisions import publish, revoke_decision
from core.errors import DomainError, NotAllowed
from core.models import Message
from sites.models import Site
from tests.concurrency.crowd import at_once
from tests.factories import doors, opinions, scene
from tests.factories.file_pages import address, opened_by, shown

pytestmark = pytest.mark.django_db

Officers = tuple[User, User]


@pytest.fixture
def sites() -> tuple[Site, Site]:
    return scene.site("CAS"), scene.site("TNG")


@pytest.fixture
def officers(sites: tuple[Site, Site]) -> Officers:
    here, there = (scene.staff(Role.ADMISSIONS_OFFICER, site) for site in sites)
    return here, there


def asked(file: Application, target: Site, by: User | None = None) -> Transfer:
    return transfers.ask_transfer(
        application=file, target=target, reason="Un bureau y est libre.", acting_user=by
    )


def seen_by(*users: User) -> list[tuple[bool, bool]]:
    """(reads, acts) of each user on the only file."""
    files = Application.objects
    return [
        (files.visible_to(user).exists(), files.visible_to(user, Action.SCREEN).exists())
        for user in users
    ]


def test_both_see_it_under_way_then_the_new_site_alone(
    sites: tuple[Site, Site], officers: Officers
) -> None:
    here, there = officers
    file = scene.application(sites[0])
    reference, mails = file.reference, list(Message.objects.values_list("pk", "site_code"))
    assert seen_by(here, there) == [(True, True), (False, False)]
    transfer = asked(file, sites[1], here)
    assert asked(file, sites[1], here) == transfer
    assert seen_by(here, there) == [(True, True), (True, False)]
    # The sending site goes on with its work.
    screening.start_screening(application=file, acting_user=here)
    with pytest.raises(NotAllowed):
        screening.send_to_review(application=file, acting_user=there)
    transfers.agree_transfer(transfer=transfer, acting_user=there)
    again = transfers.agree_transfer(transfer=transfer, acting_user=there)
    assert (again.state, again.asked_by, again.settled_by) == ("done", here, there)
    assert seen_by(here, there) == [(False, False), (True, True)]
    file.refresh_from_db()
    assert (file.reference, file.site, file.also_site) == (reference, sites[1], None)
    screening.send_to_review(application=file, acting_user=there)
    # One letter tells the applicant; what was written before stays where it was.
    assert list(Message.objects.filter(pk__in=dict(mails)).values_list("pk", "site_code")) == mails
    letter = Message.objects.exclude(pk__in=dict(mails)).get()
    assert (letter.to, letter.site_code, letter.matter) == (
        file.contact_email,
        "TNG",
        f"application:{file.pk}:transfer",
    )


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


def test_refused_or_cancelled_the_file_stays(sites: tuple[Site, Site], officers: Officers) -> None:
    here, there = officers
    file = scene.application(sites[0])
    with pytest.raises(ReasonNeeded):
        transfers.refuse_transfer(transfer=asked(file, sites[1]), answer=" ", acting_user=there)
    refused = transfers.refuse_transfer(
        transfer=Transfer.objects.get(), answer="Complet.", acting_user=there
    )
    assert (refused.state, refused.answer) == ("refused", "Complet.")
    with pytest.raises(TransferClosed):
        transfers.agree_transfer(transfer=refused, acting_user=there)
    cancelled = transfers.cancel_transfer(transfer=asked(file, sites[1]), acting_user=here)
    assert cancelled.state == "cancelled"
    assert seen_by(here, there) == [(True, True), (False, False)]
    file.refresh_from_db()
    assert (file.site, file.also_site) == (sites[0], None)
    assert not Message.objects.filter(matter__endswith=":transfer").exists()


def test_each_side_speaks_for_itself_alone(sites: tuple[Site, Site], officers: Officers) -> None:
    here, there = officers
    file = scene.application(sites[0])
    for user in (there, scene.staff(Role.AUDITOR), file.applicant):
        with pytest.raises(NotAllowed):
            asked(file, sites[1], user)
    transfer = asked(file, sites[1], here)
    conflicted = scene.staff(Role.DIRECTOR)
    Declaration.objects.create(
        application=file, user=conflicted, conflicted=True, declared_at=timezone.now()
    )
    for user, act, given in (
        (here, transfers.agree_transfer, {}),
        (here, transfers.refuse_transfer, {"answer": "Non."}),
        (there, transfers.cancel_transfer, {}),
        (conflicted, transfers.agree_transfer, {}),
        (conflicted, transfers.cancel_transfer, {}),
    ):
        with pytest.raises(NotAllowed):
            act(transfer=transfer, acting_user=user, **given)
    # A network officer speaks for both sites.
    director = scene.staff(Role.DIRECTOR)
    assert transfers.agree_transfer(transfer=transfer, acting_user=director).state == "done"


def test_what_is_held_or_ended_goes_nowhere(sites: tuple[Site, Site]) -> None:
    here, there = sites
    offered = scene.application(here)
    transfer = asked(offered, there)
    scene.offer(offered, scene.office(here))
    ended = scene.application(here)
    calls_off = asked(ended, there)
    screening.mark_spam(application=ended, acting_user=None)
    for called_off, file in ((transfer, offered), (calls_off, ended)):
        called_off.refresh_from_db()
        file.refresh_from_db()
        assert (called_off.state, file.also_site) == ("cancelled", None)
        with pytest.raises(NotTransferable):
            asked(file, there)
    with pytest.raises(NotTransferable):
        asked(scene.application(here), here)
    underway = scene.application(here)
    asked(underway, there)
    with pytest.raises(NotTransferable):
        asked(underway, scene.site("AGA"))


def waits(site: Site) -> Place:
    file = scene.decided(scene.application(site), "waitlist")
    publish(application=file, acting_user=None)
    return Place.objects.get(application=file)


def ranks(site: Site) -> list[tuple[int | None, int, str]]:
    """(rank, file, kind) in the list's order."""
    standing = Place.objects.standing().filter(site=site).order_by("rank")
    return list(standing.values_list("rank", "application", "tenant_kind"))


def test_who_waits_comes_last_on_the_other_list(
    sites: tuple[Site, Site], officers: Officers
) -> None:
    here, there = sites
    goes, stays, waited = waits(here), waits(here), waits(there)
    waiting.change_kind(place=goes, tenant_kind="sme", acting_user=None)
    transfer = asked(goes.application, there, officers[0])
    assert ranks(here)[0] == (1, goes.application_id, "sme")  # until it is agreed
    transfers.agree_transfer(transfer=transfer, acting_user=officers[1])
    transfers.agree_transfer(transfer=transfer, acting_user=officers[1])
    assert ranks(here) == [(1, stays.application_id, "startup")]
    assert ranks(there) == [
        (1, waited.application_id, "startup"),
        (2, goes.application_id, "sme"),
    ]
    told = goes.moves.order_by("id").values_list("source", "target", "reason", "moved_by")
    assert list(told) == [
        (None, 1, "", None),
        (1, None, "Un bureau y est libre.", officers[1].pk),
    ]
    # The place is a place there: a space of that site can be offered.
    offer = scene.offer(goes.application, scene.office(there), tenant_kind="sme")
    assert (offer.state, len(ranks(there))) == ("open", 1)


@pytest.mark.django_db(transaction=True)
def test_two_who_wait_change_sites_at_once(sites: tuple[Site, Site]) -> None:
    here, there = sites
    for _round in range(2):
        crossing = [
            asked(waits(source).application, target)
            for source, target in ((here, there), (there, here))
        ]

        def agree(number: int, crossing: list[Transfer] = crossing) -> str:
            agreed = transfers.agree_transfer(transfer=crossing[number], acting_user=None)
            return str(agreed.state)

        assert at_once(2, agree) == ["done", "done"]
    for site in sites:
        assert [rank for rank, _file, _kind in ranks(site)] == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_control_locked_one_after_the_other_two_who_wait_stand_in_each_others_way(
    sites: tuple[Site, Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = sites
    crossing = [
        asked(waits(source).application, target)
        for source, target in ((here, there), (there, here))
    ]
    both_hold_one = threading.Barrier(2, timeout=60)
    lock = waiting._lock_lists

    def one_by_one(*site_ids: int) -> None:
        lock(site_ids[0])
        both_hold_one.wait()
        lock(*site_ids[1:])

    monkeypatch.setattr(waiting, "_lock_lists", one_by_one)

    def agree(number: int) -> str:
        try:
            return str(transfers.agree_transfer(transfer=crossing[number], acting_user=None).state)
        except OperationalError:
            both_hold_one.abort()
            return "deadlock"
        except threading.BrokenBarrierError:
            return "alone"

    assert "deadlock" in at_once(2, agree)


@pytest.mark.django_db(transaction=True)
def test_agreed_and_cancelled_at_once_one_wins(
    sites: tuple[Site, Site], officers: Officers
) -> None:
    here, there = officers
    for _round in range(4):
        file = scene.application(sites[0])
        transfer = asked(file, sites[1])

        def settle(number: int, transfer: Transfer = transfer) -> str:
            act: Any = (transfers.agree_transfer, transfers.cancel_transfer)[number % 2]
            try:
                act(transfer=transfer, acting_user=(there, here)[number % 2])
            except DomainError as refusal:
                return refusal.code
            return "settled"

        outcomes = at_once(2, settle)
        transfer.refresh_from_db()
        file.refresh_from_db()
        assert sorted(outcomes) == ["settled", "transfer_closed"]
        moved = transfer.state == "done"
        assert (file.site, file.also_site) == (sites[1] if moved else sites[0], None)
        letters = Message.objects.filter(matter=f"application:{file.pk}:transfer")
        assert letters.count() == int(moved)


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_both_would_win(
    sites: tuple[Site, Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading the row without locking it lets both sides think that they settled it."""
    file = scene.application(sites[0])
    transfer = asked(file, sites[1])
    both_have_looked = threading.Barrier(2, timeout=60)
    monkeypatch.setattr(transfers, "locked", lambda row: Application.objects.get(pk=row.pk))
    monkeypatch.setattr(transfers, "_check_open", lambda _transfer: both_have_looked.wait())
    acts: list[Any] = [transfers.agree_transfer, transfers.cancel_transfer]
    ended = at_once(2, lambda nr: str(acts[nr](transfer=transfer, acting_user=None).state))
    assert ended == ["done", "cancelled"]


def test_a_transfer_is_asked_and_answered_on_the_pages(
    sites: tuple[Site, Site], officers: Officers
) -> None:
    here, there = sites
    file = scene.application(here)
    client, receiver = opened_by(officers[0]), doors.signed_in(officers[1])
    wish = {"target": str(there.pk), "reason": "Un bureau y est libre."}
    assert client.post(address(file, "transfer/"), wish).status_code == 302
    transfer = file.transfers.get()
    page = shown(receiver, file)
    assert 'class="file-next" href="#transfer"' in page
    assert address(file, "start-screening/") not in page
    answer = f"/staff/applications/transfer/{transfer.pk}/answer/"
    choices = [
        [key for key, _label in one.get(answer).context["form"].fields["verdict"].choices]
        for one in (receiver, client)
    ]
    assert choices == [["agree", "refuse"], ["cancel"]]
    assert receiver.post(answer, {"verdict": "cancel"}).status_code == 200
    assert receiver.post(answer, {"verdict": "refuse", "answer": ""}).status_code == 200
    assert receiver.post(answer, {"verdict": "agree"}).headers["Location"] == address(file)
    assert client.get(address(file)).status_code == 302
    assert address(file, "start-screening/") in shown(receiver, file)


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
