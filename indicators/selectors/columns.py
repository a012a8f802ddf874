"""Rows of whole numbers, straight from PostgreSQL into numpy columns.

A million rows take a fraction of a second this way: no Python object is made for any of them.
"""

import datetime as dt
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import numpy as np
from django.db import connection, transaction

from indicators.tables import OPEN, Ints

_HEADER: Final = 19  # signature, flags and the length of an extension that nobody uses
_TRAILER: Final = 2


def columns(sql: str, params: Sequence[Any] | Mapping[str, Any] = (), *, count: int) -> list[Ints]:
    """The `count` columns of a query, each an int64 array; every value a whole number, never NULL.

    By COPY in its binary form: each value as bigint is four bytes of length and eight of value.
    """
    names = ", ".join(f"c{index}" for index in range(count))
    values = ", ".join(f"c{index}::bigint" for index in range(count))
    buffer = io.BytesIO()
    with connection.cursor() as cursor:
        wanted = cursor.mogrify(sql, params).decode() if params else sql
        cursor.copy_expert(
            f"COPY (SELECT {values} FROM ({wanted}) AS wanted ({names})) "  # noqa: S608
            "TO STDOUT (FORMAT binary)",
            buffer,
        )
    row = np.dtype([("fields", ">i2"), *_fields(count)])
    body = buffer.getbuffer()[_HEADER:-_TRAILER]
    if len(body) % row.itemsize:
        raise ValueError("a column holds NULL")
    table = np.frombuffer(body, dtype=row)
    for index in range(count):
        if np.any(table[f"length{index}"] != 8):
            raise ValueError(f"column {index} holds NULL")
    return [table[f"value{index}"].astype(np.int64) for index in range(count)]


def _fields(count: int) -> list[tuple[str, str]]:
    found = []
    for index in range(count):
        found += [(f"length{index}", ">i4"), (f"value{index}", ">i8")]
    return found


@contextmanager
def one_moment() -> Iterator[None]:
    """Several queries that see the database as of one moment, while others go on writing.

    A transaction that is open already sees what it sees.
    """
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def ordinal(day: str) -> str:
    """The SQL of a day's ordinal, `OPEN` for NULL."""
    return f"coalesce({day} - DATE '0001-01-01' + 1, {OPEN})"


def from_to(period: str = "period") -> str:
    """The SQL of a period's first day and the day after its last, as ordinals."""
    return f"{ordinal(f'lower({period})')}, {ordinal(f'upper({period})')}"


def day_number(day: dt.date | None) -> int:
    return OPEN if day is None else day.toordinal()
