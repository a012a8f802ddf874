"""Waking the worker. What is to do stands in tables; Celery only says "look now"."""

import logging
from collections.abc import Callable

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def wake_on_commit(task: str) -> None:
    """Run the registered task named `task` soon after the transaction commits.

    Carries no arguments: the task looks for what is to do. A broker that is down is no reason
    to fail the user's act; the sweep, every minute, finds the work.
    """

    def wake() -> None:
        try:
            current_app.send_task(task, retry=False, ignore_result=True)
        except OperationalError:
            logger.warning("The broker does not answer: %s waits for the sweep.", task)

    transaction.on_commit(wake)


def each_apart(*jobs: Callable[[], object]) -> None:
    """Run the jobs one after the other, the later ones also after one that failed.

    What failed is raised together at the end, so that the task is reported as failed.
    """
    failed = []
    for job in jobs:
        try:
            job()
        except Exception as error:
            failed.append(error)
    if failed:
        raise ExceptionGroup("jobs that failed", failed)
