"""Many clients at once, each with a connection of its own."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from django.db import connection

from core.periods import Period
from sites.models import Space

_Result = TypeVar("_Result")


def at_once(count: int, act: Callable[[int], _Result]) -> list[_Result]:
    """Run `act(0)` … `act(count - 1)` in as many threads, all let go at the same moment.

    An exception in any of them is raised here.
    """
    gate = threading.Barrier(count, timeout=60)

    def one(number: int) -> _Result:
        try:
            connection.ensure_connection()
            gate.wait()
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=count) as pool:
        return list(pool.map(one, range(count)))


@contextmanager
def unguarded_bookings() -> Iterator[None]:
    """A copy of the table of bookings, `unguarded`, that refuses nothing."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("CREATE TABLE unguarded AS SELECT * FROM sites_booking WITH NO DATA")
        cursor.execute("GRANT ALL ON unguarded TO technopark_runtime")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            cursor.execute("DROP TABLE unguarded")
        connection.close()


def look_then_take(space: Space, period: Period, all_have_looked: threading.Barrier) -> bool:
    """Take the space in `unguarded` if it was free when everybody had looked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM unguarded WHERE space_id = %s AND period && %s::daterange",
            [space.pk, f"[{period.start},)"],
        )
        free = cursor.fetchone() == (0,)
        all_have_looked.wait()
        if free:
            cursor.execute(
                "INSERT INTO unguarded (space_id, period, kind) VALUES (%s, %s, 'letting')",
                [space.pk, f"[{period.start},)"],
            )
        return bool(free)
