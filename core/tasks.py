"""Core's job: the outbox."""

from celery import shared_task

from core import messages


@shared_task(name=messages.SEND_TASK)
def send_messages() -> None:
    messages.send_due()
