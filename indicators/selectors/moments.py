"""Moments of the database as days of Casablanca."""

import datetime as dt
from typing import Any, Final

import numpy as np

from core.periods import CASABLANCA
from indicators.tables import OPEN, Ints

_EPOCH_DAY: Final = dt.date(1970, 1, 1).toordinal()
_DAY: Final = 86_400
_HOUR: Final = 3_600
_NEVER: Final = -1


def seconds(column: str) -> str:
    """The SQL of a moment in seconds since 1970, for `local_days` or `days_or_open`."""
    return f"coalesce(floor(extract(epoch FROM {column})), {_NEVER})"


def local_days(seconds: Ints) -> Ints:
    """The days of Casablanca of moments since 1970, as ordinals.

    By Python's zone, as everywhere: the database's own may be older. The clocks there change on the
    hour, so that one look-up an hour is enough.
    """
    hours, hour_of = np.unique(seconds // _HOUR, return_inverse=True)
    offsets = np.array([_offset(int(hour) * _HOUR) for hour in hours], dtype=np.int64)
    if not len(seconds):
        return np.zeros(0, np.int64)
    days: Ints = (seconds + offsets[hour_of]) // _DAY + _EPOCH_DAY
    return days


def _offset(second: int) -> int:
    moment: Any = dt.datetime.fromtimestamp(second, CASABLANCA).utcoffset()
    return int(moment.total_seconds())


def days_or_open(seconds: Ints) -> Ints:
    """The same, OPEN for NULL."""
    return np.where(seconds == _NEVER, OPEN, local_days(seconds))
