"""What waits in the jobs' tables, and when each job was last sent. Five queries."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

from django.db.models import Count, Min, Model, Q
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from applications.labels import ScanState
from applications.models import Document
from billing.choices import ItemState, RunState
from billing.models import RentRun
from core.models import OPEN_STATES, Message, MessageState
from sites.models import DeliveryState, WebhookDelivery
from technopark.metrics.exposition import Metric, Sample

_OPEN_RUNS: Final = (RunState.COMPUTING, RunState.DRAFT, RunState.ISSUING, RunState.PAUSED)


def gauges() -> Iterator[Metric]:
    now = timezone.now()
    yield from _waiting(
        "technopark_letters",
        "letters that have not left",
        _by_state(Message, OPEN_STATES, MessageState.TO_SEND, now),
    )
    yield from _waiting(
        "technopark_webhook_deliveries",
        "events for webhooks that have not arrived",
        _by_state(
            WebhookDelivery,
            (DeliveryState.TO_SEND, DeliveryState.FAILED),
            DeliveryState.TO_SEND,
            now,
        ),
    )
    unscanned = Document.objects.filter(scan=ScanState.PENDING).count()
    yield Metric(
        "technopark_documents_to_scan",
        "Documents that wait for the virus scanner.",
        [Sample(unscanned)],
    )
    yield from _runs()
    yield Metric(
        "technopark_job_sent_timestamp_seconds",
        "When beat last sent each job of the timetable.",
        [
            Sample(last.timestamp(), {"job": name})
            for name, last in PeriodicTask.objects.filter(enabled=True, last_run_at__isnull=False)
            .order_by("name")
            .values_list("name", "last_run_at")
        ],
    )


def _by_state(
    model: type[Model], states: tuple[Any, ...], waiting: Any, now: dt.datetime
) -> tuple[dict[str, int], float]:
    """How many rows are in each state, and for how many seconds the first to go has been due."""
    found = {
        state: (count, due)
        for state, count, due in model._default_manager.filter(state__in=states)
        .order_by()
        .values_list("state")
        .annotate(count=Count("pk"), due=Min("due_at"))
    }
    counts = {str(state): found.get(state, (0, None))[0] for state in states}
    due = found.get(waiting, (0, None))[1]
    return counts, max((now - due).total_seconds(), 0.0) if due is not None else 0.0


def _waiting(name: str, about: str, found: tuple[dict[str, int], float]) -> Iterator[Metric]:
    counts, overdue = found
    yield Metric(
        name,
        f"{about.capitalize()}, by state.",
        [Sample(count, {"state": state}) for state, count in counts.items()],
    )
    yield Metric(
        f"{name}_overdue_seconds",
        f"For how long the first of the {about} has been due.",
        [Sample(overdue)],
    )


def _runs() -> Iterator[Metric]:
    """Rent runs that nobody has closed, and leases that failed in them."""
    of_state = {
        state: (runs, failed)
        for state, runs, failed in RentRun.objects.filter(state__in=_OPEN_RUNS)
        .order_by()
        .values_list("state")
        .annotate(
            runs=Count("pk", distinct=True),
            failed=Count("items", filter=Q(items__state=ItemState.FAILED)),
        )
    }
    yield Metric(
        "technopark_rent_runs",
        "Rent runs that are open, by state.",
        [Sample(of_state.get(state, (0, 0))[0], {"state": state.value}) for state in _OPEN_RUNS],
    )
    yield Metric(
        "technopark_rent_run_failures",
        "Leases that failed in open rent runs.",
        [Sample(sum(failed for _runs, failed in of_state.values()))],
    )
