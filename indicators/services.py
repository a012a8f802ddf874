"""Snapshots: computed every night, day after day, as many as were missed."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from django.db import connection, transaction
from django.db.models import Min
from django.utils import timezone

from core.periods import ONE_DAY, Period, today
from indicators.formulas import INDICATORS
from indicators.models import Snapshot, SnapshotDay
from indicators.selectors.network import Network
from indicators.selectors.shown import ShownFigure

REACH_BACK: Final = dt.timedelta(days=31)
"""How far the very first run goes back; older figures are computed when asked for."""

_LOCK: Final = 5_120_801  # pg advisory lock: whoever writes snapshots, against whoever forgets them
_BEGUN: Final = 0
"""The version of a day that a run has begun and not written yet."""


def compute_snapshots(*, up_to: dt.date | None = None) -> int:
    """Complete the snapshots through `up_to` (yesterday). Returns the number of days written.

    One transaction a day: killed anywhere, the next run goes on from there. Run twice, the second
    finds nothing to do. A day whose snapshots were dropped (`forget`) is computed again, even if
    that happens between the reading and the writing: a run writes only what it has begun and
    nobody has forgotten since.
    """
    last = up_to or today() - ONE_DAY
    missing = _missing_days(last)
    if not missing:
        return 0
    begun = _begin(missing)
    network = Network()
    scopes = [None, *network.sites]
    figures: dict[dt.date, list[ShownFigure]] = {day: [] for day in missing}
    for name in INDICATORS:
        for site in scopes:
            for figure in network.figures(name, missing, site):
                figures[figure.on].append(figure)
    return sum(_write(day, figures[day], network, begun) for day in missing)


def forget(*, days: Period) -> None:
    """Figures of these days may have changed: the next run computes them again.

    Inside the transaction that changes them. The shared lock makes a run that begins now wait for
    its end, so that it reads what was changed.
    """
    late = SnapshotDay.objects.filter(day__gte=days.start)
    if days.end is not None:
        late = late.filter(day__lt=days.end)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_LOCK])
    late.delete()


def _begin(days: Sequence[dt.date]) -> dt.datetime:
    """Mark the days as this run's own. Returns the mark; a later run takes them over."""
    mark = timezone.now()
    with transaction.atomic():
        _lock()
        SnapshotDay.objects.bulk_create(
            (SnapshotDay(day=day, version=_BEGUN, completed_at=mark) for day in days),
            update_conflicts=True,
            unique_fields=["day"],
            update_fields=["version", "completed_at"],
        )
    return mark


def _lock() -> None:
    """Until the end of the transaction nobody else writes snapshots or forgets them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _missing_days(last: dt.date) -> list[dt.date]:
    first = SnapshotDay.objects.aggregate(day=Min("day"))["day"]
    oldest = Snapshot.objects.order_by("day").values_list("day", flat=True).first()
    start = oldest or first or last - REACH_BACK
    done = set(SnapshotDay.objects.filter(version=registry_version()).values_list("day", flat=True))
    days = [start + dt.timedelta(days=index) for index in range((last - start).days + 1)]
    return [day for day in days if day not in done]


def registry_version() -> int:
    """Rises when any formula does: the sum of their versions never falls."""
    return sum(indicator.version for indicator in INDICATORS.values())


def _write(day: dt.date, figures: list[ShownFigure], network: Network, begun: dt.datetime) -> bool:
    now = timezone.now()
    with transaction.atomic():
        _lock()
        ours = SnapshotDay.objects.filter(day=day, version=_BEGUN, completed_at=begun)
        if not ours.update(version=registry_version(), completed_at=now):
            return False  # forgotten since it was read, or another run's by now
        Snapshot.objects.filter(day=day).delete()
        Snapshot.objects.bulk_create(
            Snapshot(
                name=figure.name,
                site=network.sites[figure.site] if figure.site else None,
                day=day,
                numerator=figure.numerator,
                denominator=figure.denominator,
                value=figure.value,
                beside={code: f"{count:f}" for code, count in figure.beside.items()},
                version=figure.version,
                computed_at=now,
            )
            for figure in figures
        )
    return True
