"""For how many months companies stay: the survival curve of Kaplan and Meier, exactly, pure.

A residency that ended in its n-th month counts as left at n: after n whole months the company was
gone. One that goes on has been watched for its whole months, and is censored there.
"""

from typing import Final

import numpy as np

from indicators.intervals import months_between
from indicators.lines import Lines, millionths
from indicators.scope import Scope
from indicators.tables import Bools, Ints

_MILLION: Final = 1_000_000
MEASURES: Final = ("survival_millionths", "at_risk", "left", "censored")


def survival(scope: Scope) -> Lines:
    """One line for each month: who was still watched, who left in it, whose watching ended with it,
    and the share that stays longer."""
    months, has_left = _watched(scope)
    count = int(months.max(initial=-1)) + 1
    left = np.bincount(months[has_left], minlength=count)
    censored = np.bincount(months[~has_left], minlength=count)
    gone = np.concatenate((np.zeros(1, np.int64), np.cumsum(left + censored)))
    at_risk = len(months) - gone[:count]
    share = _product(at_risk, left)
    still, everybody = int(censored.sum()), len(months)
    beside = {"residencies": everybody, "still_hosted": still}
    beside["censored_millionths"] = int(millionths(still, everybody))
    half = np.flatnonzero(share * 2 <= _MILLION)
    if len(half):
        beside["median_months"] = int(half[0])
    return Lines(
        range(count),
        {"survival_millionths": share, "at_risk": at_risk, "left": left, "censored": censored},
        beside,
    )


def _watched(scope: Scope) -> tuple[Ints, Bools]:
    """Of each residency that had begun by the day its months, and whether it had ended."""
    found = scope.residencies(bridged=True)
    found = found.only(found.start <= scope.low)
    has_left = found.end <= scope.high
    in_month = months_between(found.start, np.minimum(found.end, scope.high) - 1) + 1
    whole = months_between(found.start, scope.high)
    return np.where(has_left, in_month, whole), has_left


def _product(at_risk: Ints, left: Ints) -> Ints:
    """The product of the shares that stay, in whole numbers: rounded once a line, half up."""
    above = below = 1
    found = []
    for risk, gone in zip(at_risk.tolist(), left.tolist(), strict=True):
        if gone:
            above, below = above * (risk - gone), below * risk
        found.append((2 * above * _MILLION + below) // (2 * below))
    return np.array(found, dtype=np.int64)
