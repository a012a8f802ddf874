import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db.models import F

from sites.querysets import ScopedQuerySet, SharedQuerySet

if TYPE_CHECKING:
    from indicators.models import (  # noqa: F401  the rows' classes
        FigureSettings,
        Report,
        ReportSubscription,
        Snapshot,
        SnapshotAlarm,
        SnapshotRun,
        Target,
    )


class SnapshotQuerySet(ScopedQuerySet["Snapshot"]):
    """The network's own figures have no site: they are for those who see the whole network."""

    resource = "indicator"


class RunQuerySet(ScopedQuerySet["SnapshotRun"]):
    """A run goes over all sites."""

    resource = "indicator"
    site_path = ""

    def under_way(self) -> Self:
        return self.filter(done_at=None)


class AlarmQuerySet(ScopedQuerySet["SnapshotAlarm"]):
    resource = "indicator"

    def unseen(self) -> Self:
        return self.filter(seen_at=None)


class ReportSubscriptionQuerySet(ScopedQuerySet["ReportSubscription"]):
    resource = "indicator"


class ReportQuerySet(ScopedQuerySet["Report"]):
    """The network's own reports have no site: they are for those who see the whole network."""

    resource = "indicator"


class TargetQuerySet(ScopedQuerySet["Target"]):
    """The network's own targets have no site: they are for those who see the whole network."""

    resource = "objective"

    def in_force_on(self, day: dt.date) -> Self:
        """The latest row of each figure and site; it may say that there is no target any more."""
        return (
            self.filter(since__lte=day)
            .order_by("name", F("site").asc(nulls_first=True), "-since")
            .distinct("name", "site")
        )


class FigureSettingsQuerySet(SharedQuerySet["FigureSettings"]):
    resource = "objective"
