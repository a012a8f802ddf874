"""Many clients at once, each with a connection of its own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

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
