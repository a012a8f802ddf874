"""The outbox: a message is a row of the transaction that causes it, sent by a job afterwards.

A row is committed as `sending` before SMTP is spoken to. If the process dies in between, nobody
knows whether the letter left: it becomes `uncertain`, is shown to staff, and is not sent again
by itself. A message that SMTP refused for now is tried again with growing pauses.
"""

import datetime as dt
import logging
import smtplib
import uuid
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.jobs import wake_on_commit
from core.models import Message, MessageState

logger = logging.getLogger(__name__)

SEND_TASK: Final = "core.send_messages"
PAUSES: Final = [dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720)]
LOST_AFTER: Final = dt.timedelta(minutes=10)
BATCH: Final = 50


class NotResendable(DomainError):
    code = "message_not_resendable"
    text = _("Only a failed or uncertain message can be sent again.")


class Replaced(DomainError):
    code = "message_replaced"
    text = _("A newer letter on the same matter has taken its place.")


def queue(
    *,
    to: str,
    subject: str,
    body: str,
    language: str,
    matter: str = "",
    site_code: str = "",
    secret: bool = False,
    calendar: str = "",
) -> Message:
    """Put one e-mail into the outbox; call it inside the transaction that causes it.

    With a `matter`, older unsent messages on the same matter to the same address are superseded.
    """
    now = timezone.now()
    message = Message(
        to=to,
        subject=" ".join(subject.split()),
        body=body,
        language=language,
        calendar=calendar,
        matter=matter,
        site_code=site_code,
        secret=secret,
        due_at=now,
        created_at=now,
        message_id=f"<{uuid.uuid4()}@{settings.SITE_URL.split('//', 1)[1].split(':')[0]}>",
    )
    try:
        _put(message)
    except IntegrityError:
        _put(message)  # another was written at the same moment: it is the older one now
    return message


def send_due() -> int:
    """Send what is due, each message claimed and committed first. Returns how many left."""
    mark_lost()
    sent = 0
    for _attempt in range(BATCH):
        message = _claim()
        if message is None:
            return sent
        sent += _send(message)
    wake_on_commit(SEND_TASK)  # more may wait: another worker's turn
    return sent


def mark_lost() -> int:
    """Messages left `sending` by a crash become `uncertain`."""
    return Message.objects.filter(
        state=MessageState.SENDING, sending_since__lt=timezone.now() - LOST_AFTER
    ).update(state=MessageState.UNCERTAIN)


def send_again(*, message: Message) -> None:
    """A person decides that a failed or uncertain message leaves once more.

    Raises NotResendable, and Replaced where a newer one on the matter has been written.
    """
    if _newer(message).exists():
        raise Replaced
    changed = Message.objects.filter(
        pk=message.pk, state__in=[MessageState.FAILED, MessageState.UNCERTAIN], secret=False
    ).update(state=MessageState.TO_SEND, attempts=0, due_at=timezone.now(), error="")
    if not changed:
        raise NotResendable
    wake_on_commit(SEND_TASK)


def _put(message: Message) -> None:
    with transaction.atomic():
        if message.matter:
            Message.objects.filter(
                matter=message.matter, to=message.to, state=MessageState.TO_SEND
            ).update(state=MessageState.SUPERSEDED)
        message.save(force_insert=True)
        wake_on_commit(SEND_TASK)


def _newer(message: Message) -> QuerySet[Message]:
    """What was written since on the same matter, to the same address."""
    later = Message.objects.filter(pk__gt=message.pk, to=message.to, matter=message.matter)
    return later.exclude(matter="")


def _claim() -> Message | None:
    """Take the next due message, committed as `sending` before anybody speaks SMTP."""
    now = timezone.now()
    with transaction.atomic():
        message = (
            Message.objects.select_for_update(skip_locked=True)
            .filter(state=MessageState.TO_SEND, due_at__lte=now)
            .order_by("due_at", "id")
            .first()
        )
        if message is None:
            return None
        message.state = MessageState.SENDING
        message.sending_since = now
        message.attempts += 1
        message.save(update_fields=["state", "sending_since", "attempts"])
    return message


def _send(message: Message) -> bool:
    mail = EmailMessage(
        message.subject,
        message.body,
        settings.DEFAULT_FROM_EMAIL,
        [message.to],
        headers={"Message-ID": message.message_id, "Content-Language": message.language},
    )
    if message.calendar:
        mail.attach("calendar.ics", message.calendar, "text/calendar")
    connection = get_connection()
    try:
        connection.open()
    except (smtplib.SMTPException, OSError) as error:
        _not_sent(message, error, final=False)  # nothing was handed over: try again later
        return False
    try:
        connection.send_messages([mail])
    except smtplib.SMTPResponseException as error:
        _not_sent(message, error, final=error.smtp_code >= 500)
        return False
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _text in error.recipients.values()]
        _not_sent(message, error, final=min(codes) >= 500)
        return False
    except (smtplib.SMTPException, OSError) as error:
        # The line broke while the letter was on it: it may have been accepted.
        message.state = MessageState.UNCERTAIN
        message.error = _described(error)
        message.save(update_fields=["state", "error"])
        return False
    finally:
        connection.close()
    message.state = MessageState.SENT
    message.sent_at = timezone.now()
    message.error = ""
    if message.secret:
        message.body = ""
    message.save(update_fields=["state", "sent_at", "error", "body"])
    return True


def _not_sent(message: Message, error: Exception, *, final: bool) -> None:
    logger.warning("Message %s did not leave: %s", message.pk, error)
    message.error = _described(error)
    if final or message.attempts > len(PAUSES):
        message.state = MessageState.FAILED
    elif _newer(message).exists():
        message.state = MessageState.SUPERSEDED  # written while this one was on its way
    else:
        message.state = MessageState.TO_SEND
        message.due_at = timezone.now() + PAUSES[message.attempts - 1]
    try:
        with transaction.atomic():
            message.save(update_fields=["state", "error", "due_at"])
    except IntegrityError:  # … or this very moment
        message.state = MessageState.SUPERSEDED
        message.save(update_fields=["state", "error", "due_at"])


def _described(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:2000]
