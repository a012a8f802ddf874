"""Letters, number series and the timetable on the staff site."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

from accounts.choices import Role
from core import messages
from core.history import erase
from core.models import Erasure, Message, MessageState
from tests.factories import doors, scene

pytestmark = pytest.mark.django_db


def _letter(state: str, **given: Any) -> Message:
    letter = messages.queue(
        **{"to": "a@example.org", "subject": "Offer", "body": "the text", "language": "fr",
           "site_code": "CAS", **given}
    )  # fmt: skip
    Message.objects.filter(pk=letter.pk).update(state=state)
    return letter


def _page(client: Client, letter: Message) -> str:
    address = reverse("admin:core_message_change", args=(letter.pk,))
    return client.get(address).content.decode()


def test_an_uncertain_letter_is_sent_again_by_a_person_only() -> None:
    client = doors.staff_client(Role.SITE_MANAGER, scene.site("CAS"))
    letter = _letter(MessageState.UNCERTAIN)
    again = reverse("admin:core_message_again", args=(letter.pk,))
    assert again in _page(client, letter)
    assert "the text" in _page(client, letter)
    assert client.get(again).status_code == 200
    assert Message.objects.get().state == MessageState.UNCERTAIN
    assert client.post(again).status_code == 302
    assert Message.objects.get().state == MessageState.TO_SEND
    assert again not in _page(client, letter)
    refused = client.post(f"{again}?lang=en")
    assert refused.context["form"].errors == {
        "__all__": ["Only a failed or uncertain message can be sent again."]
    }


def test_a_sign_in_code_is_never_shown_nor_sent_again() -> None:
    letter = _letter(MessageState.FAILED, body="code 123456", secret=True, site_code="")
    client = doors.staff_client(Role.DIRECTOR)
    page = _page(client, letter)
    assert "123456" not in page
    again = reverse("admin:core_message_again", args=(letter.pk,))
    assert again not in page
    assert client.post(again).status_code == 200
    assert Message.objects.get().state == MessageState.FAILED
    rows = client.post(reverse("admin:core_message_export"), {"format": "0", "resource": "0"})
    assert "a@example.org" in rows.content.decode()
    assert "123456" not in rows.content.decode()


def test_a_letter_of_no_site_is_the_networks() -> None:
    here = scene.site("CAS")
    ours, nobodys = _letter("sent"), _letter("sent", site_code="")
    for client, expected in (
        (doors.staff_client(Role.SITE_MANAGER, here), {ours}),
        (doors.staff_client(Role.DIRECTOR), {ours, nobodys}),
    ):
        listed = client.get(reverse("admin:core_message_changelist")).context["cl"].result_list
        assert set(listed) == expected


def test_a_job_moves_to_another_hour_but_stays_the_job_it_is() -> None:
    every = IntervalSchedule.objects.create(every=60, period="seconds")
    nightly = CrontabSchedule.objects.create(minute="30", hour="1")
    job = PeriodicTask.objects.create(name="send", task="core.send_messages", interval=every)
    client = doors.staff_client(Role.ADMINISTRATOR)
    address = reverse("admin:django_celery_beat_periodictask_change", args=(job.pk,))
    data = {"task": "os.system", "crontab": nightly.pk, "interval": "", "enabled": "on"}
    answer = client.post(address, data)
    assert answer.status_code == 302
    job.refresh_from_db()
    assert (job.task, job.interval, job.crontab, job.enabled) == (
        "core.send_messages",
        None,
        nightly,
        True,
    )
    both = {**data, "interval": every.pk}
    refused = client.post(address, both)
    assert refused.status_code == 200
    assert refused.context["errors"]


def test_the_log_of_erasures_is_read_by_who_answers_for_it_and_changed_by_nobody() -> None:
    letter = _letter(MessageState.SENT)
    erase(instances=[letter], acting_user=None, reason="retention")
    log = reverse("admin:core_erasure_changelist")
    answers = {role: doors.staff_client(role).get(log).status_code for role in Role}
    readers = {Role.DIRECTOR, Role.AUDITOR, Role.ADMINISTRATOR}
    assert answers == {role: 200 if role in readers else 403 for role in Role}
    director = doors.staff_client(Role.DIRECTOR)
    page = director.get(log).content.decode()
    assert "core_message" in page
    assert "retention" in page
    assert log in director.get(reverse("admin:index")).content.decode()
    change = reverse("admin:core_erasure_change", args=(Erasure.objects.get().pk,))
    assert director.post(change, {"reason": "x"}).status_code == 403
    assert director.get(reverse("admin:core_erasure_delete", args=(1,))).status_code == 403
    site_director = doors.staff_client(Role.DIRECTOR, scene.site("CAS"))
    assert site_director.get(log).status_code == 403
