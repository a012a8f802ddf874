"""Why figures of admission change, pure."""

from indicators.causes.matching import BEFORE, Matched, Step
from indicators.choices import Cause
from indicators.tables import OPEN


def applications(matched: Matched) -> list[Step]:
    """Files that wait for an outcome: received since, told theirs, or ended without one."""
    new = matched.appeared & (matched.column("start") > matched.days[BEFORE])
    told = matched.vanished & (matched.column("end") != OPEN)
    return [
        matched.step(Cause.RECEIVED, new),
        matched.step(Cause.REOPENED, matched.appeared & ~new),
        matched.step(Cause.DECIDED, told),
        matched.step(Cause.WITHDRAWN, matched.vanished & ~told),
    ]


def waiting(matched: Matched) -> list[Step]:
    """Places on a waiting list."""
    return [
        matched.step(Cause.JOINED_LIST, matched.appeared),
        matched.step(Cause.LEFT_LIST, matched.vanished),
    ]
