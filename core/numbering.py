"""Numbers without gaps, from one counter row per series.

A number is taken in the caller's transaction and given back if it rolls back: that is what
makes the series continuous (CGI art. 145 for fiscal documents). Take numbers last, and several
series in sorted order, so that the counter is held as briefly as possible and never deadlocks.
"""

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.models import Counter


class SeriesAlreadyStarted(DomainError):
    code = "series_already_started"
    text = _("The series %(series)s already stands at %(last)s; it cannot start at %(start)s.")


def take(*, scope: str, series: str, year: int, count: int = 1) -> int:
    """The first of `count` consecutive numbers of the series, which starts at 1.

    Must run inside a transaction (raises RuntimeError outside one): the row stays locked until
    it ends. `scope` is who numbers (a lessor's or a site's code), `series` what is numbered.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("numbers are taken inside the transaction that uses them")
    if count < 1:
        raise ValueError("count must be at least 1")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_counter (scope, series, year, last) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT (scope, series, year) DO UPDATE SET last = core_counter.last + %s "
            "RETURNING last",
            [scope, series, year, count, count],
        )
        (last,) = cursor.fetchone()
    return int(last) - count + 1


def start_at(*, scope: str, series: str, year: int, number: int) -> None:
    """Let the series begin at `number`; raises SeriesAlreadyStarted if one was given before."""
    with transaction.atomic():
        counter, made = Counter.objects.select_for_update().get_or_create(
            scope=scope, series=series, year=year, defaults={"last": number - 1}
        )
        if not made and counter.last != number - 1:
            raise SeriesAlreadyStarted(
                series=f"{scope}/{series}/{year}", last=counter.last, start=number
            )
