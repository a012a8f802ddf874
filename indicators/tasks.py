"""Jobs of indicators."""

from celery import shared_task

from indicators import services


@shared_task(name="indicators.compute_snapshots")
def compute_snapshots() -> None:
    services.compute_snapshots()
