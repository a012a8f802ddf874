"""The job that keeps the snapshots: what is missing, and what news have touched."""

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from core.periods import today
from indicators import asking
from indicators.figure import Series
from indicators.keeping import kept_days
from indicators.models import Snapshot, SnapshotRun, Touched
from indicators.selectors.columns import one_moment
from indicators.selectors.network import Network
from indicators.selectors.standing import KEPT, Work, first_day, news_now, work

LOCK: Final = 5_120_801
"""Advisory, of the session: one process computes at a time, and whoever dies lets go."""
RUNS_KEPT: Final = dt.timedelta(days=90)


def compute_snapshots(*, up_to: dt.date | None = None) -> int:
    """Bring what is kept through `up_to` (today) up to date. Returns how many figures it wrote.

    A site and an indicator at a time, each in a transaction: killed anywhere, the next call takes
    the run up. It reads which news there are, then loads the network, and forgets those news alone
    once all that they touch is written: what is told meanwhile is another run's. Where somebody
    is computing already it does nothing.
    """
    last = up_to or today()
    with _alone() as mine:
        written = _brought_up(last) if mine else 0
        if written:
            _prune(last)
    return written


def _brought_up(last: dt.date) -> int:
    # A run whose process died: nobody else holds the lock.
    killed = list(SnapshotRun.objects.under_way())
    written = sum(_go_on(run, _left_of(run, last)) for run in killed)
    while begun := _begun(last):
        written += _go_on(*begun)
        if not Touched.objects.exists():  # Nothing was told meanwhile: nothing more is missing.
            break
    return written


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether nobody else computes; until the end nobody else does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        ((mine,),) = cursor.fetchall()
    try:
        yield mine
    finally:
        if mine and not connection.needs_rollback and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _begun(last: dt.date) -> tuple[SnapshotRun, list[Work]] | None:
    """A new run with what it has to do, if there is anything."""
    news = news_now()
    left = list(work(last, news.values(), run=0))
    if not left and not news:
        return None
    to_do = sum(len(one.days) for one in left)
    run = SnapshotRun.objects.create(begun_at=timezone.now(), to_do=to_do, touched=list(news))
    return run, left


def _left_of(run: SnapshotRun, last: dt.date) -> list[Work]:
    told = Touched.objects.filter(pk__in=run.touched)
    return list(work(last, [touched.news for touched in told], run.pk))


def _go_on(run: SnapshotRun, left: list[Work]) -> int:
    """The news stand as they were read when the run began; the network is loaded after them."""
    now, day = timezone.now(), today()
    with one_moment():
        network = Network()
    for one in left:
        days = one.days.tolist()
        found = asking.series(network.portfolio, one.indicator.name, one.site, days)
        with transaction.atomic():
            _write(one, found, run, now, day)
            SnapshotRun.objects.filter(pk=run.pk).update(done=F("done") + len(days))
    with transaction.atomic():
        Touched.objects.filter(pk__in=run.touched).delete()
        SnapshotRun.objects.filter(pk=run.pk).update(done_at=timezone.now())
    return sum(len(one.days) for one in left)


def _write(one: Work, found: Series, run: SnapshotRun, now: dt.datetime, day: dt.date) -> None:
    """`now` and `day` are those on which the network was read: no later day is over."""
    days, below = [dt.date.fromordinal(day) for day in one.days.tolist()], found.denominator
    beside = {code: column.tolist() for code, column in found.beside.items()}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO indicators_snapshot (name, site_id, version, run, computed_at, final,
                   day, numerator, denominator, scale, value, beside)
            SELECT %s, %s, %s, %s, %s, day < %s, day, numerator, denominator, scale, value, beside
              FROM unnest(%s::date[], %s::bigint[], %s::bigint[], %s::bigint[], %s::numeric[],
                          %s::jsonb[])
                AS found (day, numerator, denominator, scale, value, beside)
                ON CONFLICT (name, site_id, day) DO UPDATE SET
                   version = EXCLUDED.version, run = EXCLUDED.run, final = EXCLUDED.final,
                   computed_at = EXCLUDED.computed_at, numerator = EXCLUDED.numerator,
                   denominator = EXCLUDED.denominator, scale = EXCLUDED.scale,
                   value = EXCLUDED.value, beside = EXCLUDED.beside
            """,
            [
                one.indicator.name,
                one.site,
                one.indicator.version,
                run.pk,
                now,
                day,
                days,
                found.numerator.tolist(),
                [None] * len(days) if below is None else below.tolist(),
                found.scale.tolist(),
                found.values(),
                [
                    json.dumps({code: column[row] for code, column in beside.items()})
                    for row in range(len(days))
                ],
            ],
        )


def _prune(last: dt.date) -> None:
    """Days that are over 400 days old and no month's end, indicators that are kept no more."""
    Snapshot.objects.exclude(day__in=kept_days(first_day(last), last), name__in=KEPT).delete()
    SnapshotRun.objects.filter(done_at__lt=timezone.now() - RUNS_KEPT).delete()
