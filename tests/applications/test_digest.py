"""The morning mail: what waits at one's own sites, in one's language, once a day."""

import datetime as dt
import threading
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from accounts.models import User
from applications.models import Application, Digest, InformationRequest
from applications.selectors.morning import NAMED, morning_of
from applications.services.digest import send_digests
from core import messages
from core.models import Message
from sites.models import Site
from tests.factories import opinions, scene

CASABLANCA = ZoneInfo("Africa/Casablanca")


def at(hour: int, day: int = 0) -> dt.datetime:
    morning = dt.datetime(2030, 3, 12, hour, 5, tzinfo=CASABLANCA)
    return morning + dt.timedelta(days=day)


@pytest.fixture(autouse=True)
def _eight() -> Iterator[None]:
    with time_machine.travel(at(8), tick=True):
        yield


@pytest.fixture
def site(db: None) -> Site:
    return scene.site("CAS")


def officer(site: Site | None, language: str = "en") -> User:
    user = scene.staff(Role.ADMISSIONS_OFFICER, site)
    user.language = language
    user.save()
    return user


def late(site: Site, **given: Any) -> Application:
    file = scene.application(site, **given)
    Application.objects.filter(pk=file.pk).update(due_at=timezone.now() - dt.timedelta(days=2))
    return file


def mails() -> dict[str, str]:
    found = Message.objects.filter(matter__startswith="digest:").order_by("id")
    return {mail.to: mail.body for mail in found}


def test_each_heap_names_its_files(site: Site) -> None:
    user = officer(site)
    overdue = late(site, name="Retard")
    today_s = scene.application(site, name="Ce soir")
    Application.objects.filter(pk=today_s.pk).update(due_at=timezone.now() + dt.timedelta(hours=3))
    tomorrow_s = scene.application(site, name="Demain")
    Application.objects.filter(pk=tomorrow_s.pk).update(
        due_at=timezone.now() + dt.timedelta(hours=20)
    )
    ending = scene.application(site, name="Offre")
    scene.offer(ending, scene.office(site), open_until=dt.date(2030, 3, 14))
    asked = scene.application(site, name="Demande")
    scene.asked(asked, ["project"])
    InformationRequest.objects.update(due_on=dt.date(2030, 3, 15))
    scene.asked(scene.application(site, name="Encore du temps"), ["project"])
    found = {str(heap.title): list(heap.files) for heap in morning_of(user).heaps}
    assert found == {
        "Late": [overdue],
        "Due today": [today_s],
        "Offers that run out within three days": [ending],
        "Requests without an answer that end within three days": [asked],
    }
    assert send_digests() == 1
    body = mails()[user.email]
    assert f"· {overdue.reference} · CAS · received\n" in body
    assert "Retard" not in body  # what leaves by mail is not anonymised later
    assert body.rstrip().endswith("/staff/applications/board/")


def test_only_ones_own_sites_and_nothing_where_nothing_waits(site: Site) -> None:
    rabat = scene.site("RAB")
    here, there = officer(site), officer(rabat)
    network, calm = officer(None), officer(scene.site("AGA"))
    conflicted, auditor = officer(site), scene.staff(Role.AUDITOR)
    left = officer(site)
    left.is_active = False
    left.save()
    first, second = late(site, name="Casa"), late(rabat, name="Rabat")
    opinions.declare_conflict(first, conflicted)
    assert send_digests() == 3
    told = {
        to: [file.name for file in (first, second) if file.reference in body]
        for to, body in mails().items()
    }
    assert told == {
        here.email: ["Casa"],
        there.email: ["Rabat"],
        network.email: ["Casa", "Rabat"],
    }
    # Settled for today, with a mail or without.
    settled = set(Digest.objects.values_list("user", flat=True))
    assert settled == {user.pk for user in (here, there, network, calm, conflicted)}
    assert auditor.pk not in settled


def test_once_a_day_however_often_and_never_before_seven(site: Site) -> None:
    user = officer(site)
    late(site)
    with time_machine.travel(at(6)):
        assert send_digests() == 0
    assert (send_digests(), send_digests()) == (1, 0)
    with time_machine.travel(at(18)):
        assert send_digests() == 0
    # After days without the job: one mail, today's.
    with time_machine.travel(at(9, day=5)):
        assert (send_digests(), send_digests()) == (1, 0)
    days = list(Digest.objects.filter(user=user).order_by("day").values_list("day", flat=True))
    assert days == [dt.date(2030, 3, 12), dt.date(2030, 3, 17)]
    # The unsent one of an earlier day says nothing that today's does not.
    assert sorted(Message.objects.filter(to=user.email).values_list("state", flat=True)) == [
        "superseded",
        "to_send",
    ]


def test_killed_in_the_middle_nothing_is_lost_or_doubled(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = officer(site), officer(site)
    late(site)
    queue = "applications.services.digest.messages.queue"
    real = messages.queue

    def dies(**given: Any) -> Message:
        if given["to"] == second.email:
            raise KeyboardInterrupt
        sent: Message = real(**given)
        return sent

    with monkeypatch.context() as patch:
        patch.setattr(queue, dies)
        with pytest.raises(KeyboardInterrupt):
            send_digests()
    assert set(mails()) == {first.email}
    assert send_digests() == 1
    assert Message.objects.filter(matter__startswith="digest:").count() == 2


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
def test_in_the_language_of_the_reader(site: Site, language: str) -> None:
    user = officer(site, language)
    late(site)
    send_digests()
    mail = Message.objects.get(to=user.email)
    assert mail.language == language


def test_long_heaps_name_the_most_urgent(
    site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    user = officer(site)
    for _number in range(NAMED + 2):
        late(site)
    user = User.objects.get(pk=user.pk)
    with django_assert_num_queries(6):
        (heap,) = morning_of(user).heaps
    assert (len(heap.files), heap.more) == (NAMED, True)


@pytest.mark.django_db(transaction=True)
def test_two_workers_write_one_mail() -> None:
    user = officer(scene.site("CAS"))
    late(Site.objects.get())
    start, written = threading.Barrier(4), []

    def work() -> None:
        try:
            start.wait()
            written.append(send_digests())
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(written) == 1
    assert Message.objects.filter(to=user.email).count() == 1
