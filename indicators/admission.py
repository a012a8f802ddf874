"""Admission: how long a decision takes, what waits for one, and how far files come, pure.

A file counts from the day it was received; what was found to be spam or a duplicate never counts.
Its first outcome is the first decision that its applicant was told: admitted, waiting list,
deferred, refused, or found ineligible. Who withdrew, or was not heard of again, got none.
"""

from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from applications.workflow import State
from indicators.contributions import NONE, Rows
from indicators.intervals import trailing_window
from indicators.lines import Lines
from indicators.medians import middle, rounded_mean, rounded_median
from indicators.scope import Scope
from indicators.tables import FILE_STATES, OPEN, Awaited, Bools, Files, Ints, Places, Trail

_MILLION: Final = 1_000_000
_NUMBER: Final = {state: number for number, state in enumerate(FILE_STATES)}
_UNDECIDED: Final = (
    State.SUBMITTED,
    State.SCREENING,
    State.INFO_REQUESTED,
    State.REVIEW,
    State.COMMITTEE_READY,
    State.DECIDED,
)
STAGES: Final = {
    "received": (State.SUBMITTED,),
    "screened": (State.SCREENING, State.INELIGIBLE),
    "reviewed": (State.REVIEW,),
    "at_committee": (State.COMMITTEE_READY,),
    "decided": (State.DECIDED, State.WAITLISTED, State.DEFERRED, State.DECLINED),
    "offered": (State.OFFERED,),
    "accepted": (State.ACCEPTED, State.ONBOARDING),
    "tenant": (State.TENANT,),
}
"""The funnel, in its order: who is seen in a state of a stage has come as far as that stage, and
through all before it. Being found ineligible is as far as screening."""


@dataclass(frozen=True, eq=False)
class Seen:
    """The files of a scope, sorted by id. Shape (files,) throughout.

    `told` is the day of the first outcome, OPEN while there is none; `target` -1 without one.
    """

    file: Ints
    site: Ints
    received: Ints
    told: Ints
    target: Ints

    def only(self, chosen: Bools) -> "Seen":
        columns = (self.file, self.site, self.received, self.told, self.target)
        return Seen(*(column[chosen] for column in columns))

    def awaited(self, scope: Scope, until: Ints) -> Ints:
        """The days, from each file's receipt to its `until`, on which its applicant was awaited."""
        asked = scope.portfolio.table(Awaited)
        place, known = _place(self.file, asked.application)
        start = np.maximum(asked.start[known], self.received[place])
        end = np.minimum(asked.end[known], until[place])
        days = np.zeros(len(self.file), np.int64)
        np.add.at(days, place, np.maximum(end - start, 0))
        return days


def time_to_decision(scope: Scope, *, gross: bool) -> Rows:
    """The first outcomes told in the window; the median's file, or two, bear the figure."""
    found = _told_in(scope)
    whole = found.told - found.received
    awaited = found.awaited(scope, found.told)
    days = whole if gross else whole - awaited
    numerator, denominator = middle(days)
    more = {"gross_days": whole, "awaited_days": awaited, "net_days": whole - awaited}
    return _rows(found, numerator, denominator, more)


def decided_within_target(scope: Scope) -> Rows:
    """Of the files with a target, those told their outcome in time, the applicant's time apart."""
    found = _told_in(scope)
    net = found.told - found.received - found.awaited(scope, found.told)
    has_target = found.target >= 0
    in_time = has_target & (net <= found.target)
    more = {"net_days": net, "target_days": np.where(has_target, found.target, 0)}
    return _rows(found, in_time.astype(np.int64), has_target.astype(np.int64), more)


def open_applications(scope: Scope) -> Rows:
    """Received, and without an outcome at the end of the day, in a state that awaits one."""
    day = scope.low
    found = _seen(scope)
    trail = scope.portfolio.table(Trail)
    place, known = _place(found.file, trail.application)
    so_far = trail.on[known] <= day
    state = np.full(len(found.file), NONE)
    # The trail is in the order of its steps: the last one written wins.
    state[place[so_far]] = trail.state[known][so_far]
    waits = np.isin(state, [_NUMBER[one] for one in _UNDECIDED])
    found = found.only((found.received <= day) & (found.told > day) & waits)
    until = np.full(len(found.file), day + 1)
    age = day - found.received
    awaited = found.awaited(scope, until)
    ones = np.ones(len(found.file), np.int64)
    more = {
        "age_days": age,
        "awaited_days": awaited,
        "target_days": np.where(found.target >= 0, found.target, 0),
    }
    return _rows(found, ones, np.zeros_like(ones), more)


def waiting_list(scope: Scope) -> Rows:
    """The places taken at the end of the day."""
    found = _places(scope)
    found = found.only((found.entered <= scope.low) & (found.left > scope.low))
    ones = np.ones(len(found), np.int64)
    return _of_places(found, ones, np.zeros_like(ones), scope.low - found.entered)


def time_on_waiting_list(scope: Scope) -> Rows:
    """The places left in the window, whatever for; the median's place, or two, bear the figure."""
    found = _places(scope)
    found = found.only((found.left >= scope.low) & (found.left < scope.high))
    waited = found.left - found.entered
    return _of_places(found, *middle(waited), waited)


def funnel(scope: Scope) -> Lines:
    """Of the files received in the twelve months up to the day, how many came how far by then."""
    start, end = trailing_window(scope.low)
    found = _seen(scope)
    found = found.only((found.received >= start) & (found.received < end))
    trail = scope.portfolio.table(Trail)
    place, known = _place(found.file, trail.application)
    so_far = trail.on[known] < end
    stage_of = np.full(len(FILE_STATES), NONE)
    for rank, states in enumerate(STAGES.values()):
        stage_of[[_NUMBER[state] for state in states]] = rank
    furthest = np.zeros(len(found.file), np.int64)
    np.maximum.at(furthest, place[so_far], stage_of[trail.state[known][so_far]])
    reached = np.array([np.count_nonzero(furthest >= rank) for rank in range(len(STAGES))])
    all_of_them = max(len(found.file), 1)
    share = (2 * reached * _MILLION + all_of_them) // (2 * all_of_them)
    return Lines(list(STAGES), {"applications": reached, "share_millionths": share})


def spread(_scope: Scope, found: Rows, *, code: str) -> dict[str, int]:
    """What is printed beside a median: how many, the mean and the 90th percentile (the shortest
    time within which nine in ten were)."""
    days = np.sort(found.more[code])
    if not len(days):
        return {"count": 0, "mean_days": 0, "p90_days": 0}
    ninth = -(-9 * len(days) // 10) - 1
    return {"count": len(days), "mean_days": rounded_mean(days), "p90_days": int(days[ninth])}


def ages(_scope: Scope, found: Rows) -> dict[str, int]:
    """`late`: open longer than the site's target, the time the applicant was awaited apart."""
    age, target = found.more["age_days"], found.more["target_days"]
    late = (target > 0) & (age - found.more["awaited_days"] > target)
    return {
        "late": int(np.count_nonzero(late)),
        "median_age_days": rounded_median(age),
        "oldest_days": int(age.max(initial=0)),
    }


def waits(_scope: Scope, found: Rows) -> dict[str, int]:
    waited = found.more["waited_days"]
    return {
        "median_wait_days": rounded_median(waited),
        "longest_wait_days": int(waited.max(initial=0)),
    }


of_net_days: Final = partial(spread, code="net_days")
of_gross_days: Final = partial(spread, code="gross_days")
of_waited_days: Final = partial(spread, code="waited_days")


def _seen(scope: Scope) -> Seen:
    files, trail = scope.portfolio.table(Files), scope.portfolio.table(Trail)
    order = np.argsort(files.application)
    if scope.site is not None:
        order = order[files.site[order] == scope.portfolio.site_ids[scope.site]]
    file = files.application[order]
    told = np.full(len(file), OPEN)
    outcome = trail.is_outcome != 0
    place, known = _place(file, trail.application)
    is_told = outcome[known]
    np.minimum.at(told, place[is_told], trail.on[known][is_told])
    return Seen(file, files.site[order], files.received[order], told, files.target_days[order])


def _told_in(scope: Scope) -> Seen:
    found = _seen(scope)
    return found.only((found.told >= scope.low) & (found.told < scope.high))


def _place(files: Ints, wanted: Ints) -> tuple[Ints, Ints]:
    """For the wanted ids that are among the (sorted) files: their place, and their rows."""
    if not len(files):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    place = np.minimum(np.searchsorted(files, wanted), len(files) - 1)
    known = np.flatnonzero(files[place] == wanted)
    return place[known], known


def _rows(found: Seen, numerator: Ints, denominator: Ints, more: dict[str, Ints]) -> Rows:
    none = np.full(len(found.file), NONE)
    return Rows(
        letting=none,
        company=none,
        site=found.site,
        space=none,
        start=found.received,
        end=np.where(found.told == OPEN, OPEN, found.told + 1),
        numerator=numerator,
        denominator=denominator,
        more={"application_id": found.file, **more},
    )


def _places(scope: Scope) -> Places:
    found = scope.portfolio.table(Places)
    if scope.site is None:
        return found
    return found.only(found.site == scope.portfolio.site_ids[scope.site])


def _of_places(found: Places, numerator: Ints, denominator: Ints, waited: Ints) -> Rows:
    none = np.full(len(found), NONE)
    return Rows(
        letting=none,
        company=none,
        site=found.site,
        space=none,
        start=found.entered,
        end=np.where(found.left == OPEN, OPEN, found.left + 1),
        numerator=numerator,
        denominator=denominator,
        more={"application_id": found.application, "waited_days": waited},
    )
