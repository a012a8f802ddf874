"""Jobs of indicators. Each looks for what is to do, and goes on where another was killed."""

from celery import shared_task

from indicators.services import checking, computing, reporting, touching


@shared_task(name=touching.COMPUTE_TASK)
def compute_snapshots() -> None:
    computing.compute_snapshots()


@shared_task(name="indicators.check_snapshots")
def check_snapshots() -> None:
    checking.check_snapshots()


@shared_task(name=reporting.SEND_TASK)
def send_reports() -> None:
    reporting.send_due()
