"""The outbox: claimed before SMTP, tried again, uncertain when nobody can know."""

import datetime as dt

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import Settings

from core import messages
from core.models import Message, MessageState

pytestmark = pytest.mark.django_db


def _queue(**given: object) -> Message:
    values = {"to": "a@example.org", "subject": "Bonjour", "body": "Texte", "language": "fr"}
    return messages.queue(**{**values, **given})  # type: ignore[arg-type]


def test_a_message_leaves_once() -> None:
    message = _queue()
    assert [messages.send_due(), messages.send_due()] == [1, 0]
    message.refresh_from_db()
    assert message.state == MessageState.SENT
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["a@example.org"], "Bonjour")
    assert sent.extra_headers["Message-ID"] == message.message_id


def test_a_newer_letter_on_the_same_matter_supersedes_an_unsent_one() -> None:
    first = _queue(matter="application:1:decision")
    _queue(matter="application:1:received")
    _queue(matter="application:1:decision", subject="Newer")
    messages.send_due()
    first.refresh_from_db()
    assert first.state == MessageState.SUPERSEDED
    assert sorted(sent.subject for sent in mail.outbox) == ["Bonjour", "Newer"]


class Outpaced(BaseEmailBackend):
    """A server that is away; while it is tried, a newer letter is written."""

    def open(self) -> bool:
        _queue(matter="application:1:decision", subject="Newer")
        raise ConnectionRefusedError


def test_a_letter_that_a_newer_one_replaced_is_neither_tried_nor_sent_again(
    settings: Settings,
) -> None:
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.Outpaced"
    older = _queue(matter="application:1:decision")
    failed, lost = _queue(matter="application:2:decision"), _queue(matter="application:3:decision")
    Message.objects.exclude(pk=older.pk).update(state=MessageState.FAILED)
    messages.send_due()
    older.refresh_from_db()
    assert older.state == MessageState.SUPERSEDED
    with pytest.raises(IntegrityError, match="core_message_one_to_send"), transaction.atomic():
        Message.objects.filter(pk=older.pk).update(state=MessageState.TO_SEND)
    _queue(matter="application:2:decision", subject="Newer")
    with pytest.raises(messages.Replaced):
        messages.send_again(message=failed)
    settings.EMAIL_BACKEND = working
    messages.send_again(message=lost)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=2)):
        messages.send_due()
    assert sorted(sent.subject for sent in mail.outbox) == ["Bonjour", "Newer", "Newer"]


def test_a_secret_is_wiped_once_sent() -> None:
    message = _queue(secret=True, body="code 123456")
    messages.send_due()
    message.refresh_from_db()
    assert message.body == ""
    with pytest.raises(messages.NotResendable):
        messages.send_again(message=message)


def test_nothing_is_queued_when_the_transaction_rolls_back() -> None:
    with transaction.atomic():
        _queue()
        transaction.set_rollback(True)
    assert Message.objects.count() == 0


def test_what_a_crash_left_sending_is_uncertain_and_not_sent_again() -> None:
    message = _queue()
    Message.objects.update(
        state=MessageState.SENDING,
        sending_since=timezone.now() - messages.LOST_AFTER - dt.timedelta(seconds=1),
    )
    assert messages.send_due() == 0
    message.refresh_from_db()
    assert message.state == MessageState.UNCERTAIN
    messages.send_again(message=message)
    assert messages.send_due() == 1


def test_a_server_that_does_not_answer_is_tried_again_later(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1  # nobody listens there
    message = _queue()
    assert messages.send_due() == 0
    message.refresh_from_db()
    assert (message.state, message.attempts) == (MessageState.TO_SEND, 1)
    assert "refused" in message.error.lower()
    assert messages.send_due() == 0
    message.refresh_from_db()
    assert message.attempts == 1  # not due yet
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=2)):
        messages.send_due()
    message.refresh_from_db()
    assert message.attempts == 2
