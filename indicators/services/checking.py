"""The job that distrusts the snapshots, and tells staff where one is wrong."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.rights import Action
from core.history import recorded
from core.jobs import wake_on_commit
from indicators import asking
from indicators.figure import Figure
from indicators.models import Snapshot, SnapshotAlarm
from indicators.selectors.columns import one_moment
from indicators.selectors.kept import Trust, figure_of
from indicators.selectors.network import Network
from indicators.selectors.standing import KEPT
from indicators.services.touching import COMPUTE_TASK
from sites.permissions import require

SAMPLE: Final = 500
_Parts = dict[str, Any]
logger = logging.getLogger(__name__)


def check_snapshots(*, sample: int = SAMPLE) -> int:
    """Compute random snapshots from scratch. Returns how many differ, of those that are believed.

    Each is told to staff and in the log, and forgotten, so that it is computed anew.
    """
    with one_moment():
        trust = Trust()
        rows = Snapshot.objects.filter(name__in=KEPT).order_by("?")[:sample]
        wrong = list(_wrong([row for row in rows if trust.believes(row)]))
    for row, kept, computed in wrong:
        _raise_alarm(row, kept, computed)
    return len(wrong)


def mark_seen(*, alarm: SnapshotAlarm, acting_user: User | None) -> SnapshotAlarm:
    """Somebody has looked into it. Twice changes nothing. Raises NotAllowed."""
    with recorded(acting_user):
        row = SnapshotAlarm.objects.select_for_update().get(pk=alarm.pk)
        require(acting_user, Action.RECOMPUTE, "indicator", row.site_id)
        if row.seen_at is None:
            row.seen_at, row.seen_by = timezone.now(), acting_user
            row.save(update_fields=["seen_at", "seen_by"])
    return row


def _wrong(rows: Iterable[Snapshot]) -> Iterator[tuple[Snapshot, _Parts, _Parts]]:
    """The rows that differ, as they were kept and as they are from scratch."""
    of_one: dict[tuple[str, int | None], list[Snapshot]] = defaultdict(list)
    for row in rows:
        of_one[row.name, row.site_id].append(row)
    network = Network()
    for (name, site_id), kept in of_one.items():
        days = [row.day.toordinal() for row in kept]
        computed = asking.series(network.portfolio, name, site_id, days).figures()
        for row, figure in zip(kept, computed, strict=True):
            before, after = _parts(figure_of(row)), _parts(figure)
            if before != after:
                yield row, before, after


def _raise_alarm(row: Snapshot, kept: _Parts, computed: _Parts) -> None:
    where = "the network" if row.site_id is None else f"site {row.site_id}"
    logger.error("Snapshot of %s, %s, %s: %s, not %s.", row.name, where, row.day, kept, computed)
    with transaction.atomic():
        SnapshotAlarm.objects.create(
            name=row.name,
            site_id=row.site_id,
            day=row.day,
            kept=kept,
            computed=computed,
            found_at=timezone.now(),
        )
        Snapshot.objects.filter(pk=row.pk, computed_at=row.computed_at).delete()
        wake_on_commit(COMPUTE_TASK)


def _parts(figure: Figure) -> _Parts:
    return {
        "numerator": figure.numerator,
        "denominator": None if figure.denominator is None else str(figure.denominator),
        "value": None if figure.value is None else f"{figure.value:f}",
        "beside": dict(figure.beside),
    }
