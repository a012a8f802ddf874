"""Whether the figures that are kept can keep up with the news. Three queries."""

from collections.abc import Iterator

from django.db.models import Count, F, Max, Min, Q, Sum
from django.utils import timezone

from indicators.models import SnapshotAlarm, SnapshotRun, Touched
from technopark.metrics.exposition import Metric, Sample


def gauges() -> Iterator[Metric]:
    touched = Touched.objects.aggregate(count=Count("pk"), first=Min("at"))
    waits = (timezone.now() - touched["first"]).total_seconds() if touched["first"] else 0.0
    runs = SnapshotRun.objects.aggregate(
        last=Max("done_at"), left=Sum(F("to_do") - F("done"), filter=Q(done_at=None))
    )
    yield Metric(
        "technopark_snapshot_news",
        "News that snapshots were not computed anew for.",
        [Sample(touched["count"])],
    )
    yield Metric(
        "technopark_snapshot_news_seconds",
        "For how long the first of these news has waited.",
        [Sample(max(waits, 0.0))],
    )
    yield Metric(
        "technopark_snapshot_figures_to_compute",
        "Figures that the open run of snapshots has still to compute.",
        [Sample(runs["left"] or 0)],
    )
    yield Metric(
        "technopark_snapshots_computed_timestamp_seconds",
        "When a run of snapshots was last done.",
        [Sample(runs["last"].timestamp())] if runs["last"] else [],
    )
    yield Metric(
        "technopark_snapshot_alarms",
        "Snapshots that were not what the figure is from scratch, and that nobody has looked at.",
        [Sample(SnapshotAlarm.objects.filter(seen_at=None).count())],
    )
