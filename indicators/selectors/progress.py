"""How far the job that computes snapshots has come."""

import datetime as dt
from dataclasses import dataclass

from indicators.models import Snapshot, SnapshotRun, Touched


@dataclass(frozen=True, slots=True)
class Progress:
    """The run under way, or the last one; `waits`: news have come that no run has begun on."""

    run: SnapshotRun | None
    waits: bool

    @property
    def moving(self) -> bool:
        return self.waits or (self.run is not None and self.run.done_at is None)


def progress() -> Progress:
    run = SnapshotRun.objects.first()
    begun = run.touched if run is not None and run.done_at is None else []
    return Progress(run, Touched.objects.exclude(pk__in=begun).exists())


def newest_day() -> dt.date | None:
    """The last day of which the network's figures are kept."""
    rows = Snapshot.objects.filter(name="hosted", site=None).order_by("-day")
    return rows.values_list("day", flat=True).first()
