"""How long a file was in each state, and for how long of that the applicant was awaited. Pure."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from applications.workflow import ENDS, State


@dataclass(frozen=True, slots=True)
class Move:
    """A step of the trail: when the file came to `target`."""

    at: dt.datetime
    target: State


@dataclass(frozen=True, slots=True)
class Stay:
    """All the time in one state, however often the file was there."""

    state: State
    time: dt.timedelta
    now: bool = False
    """Whether the file is there."""


def stays(moves: Iterable[Move], now: dt.datetime) -> list[Stay]:
    """The time in each state, in the order in which the file first came there.

    While the applicant is awaited the stage's own time stands still: that time is
    `State.INFO_REQUESTED`'s. In an end no time passes any more.
    """
    ordered = list(moves)
    spent: dict[State, dt.timedelta] = {}
    for index, move in enumerate(ordered):
        last = index + 1 == len(ordered)
        until = (move.at if move.target in ENDS else now) if last else ordered[index + 1].at
        passed = max(until - move.at, dt.timedelta(0))
        spent[move.target] = spent.get(move.target, dt.timedelta(0)) + passed
    return [Stay(state, time, now=state == ordered[-1].target) for state, time in spent.items()]


def waited(found: Iterable[Stay]) -> tuple[dt.timedelta, dt.timedelta]:
    """(how long the file was the staff's, how long the applicant was awaited)."""
    staff, applicant = dt.timedelta(0), dt.timedelta(0)
    for stay in found:
        if stay.state in {State.INFO_REQUESTED, State.OFFERED}:
            applicant += stay.time
        elif stay.state not in ENDS | {State.DRAFT, State.TENANT}:
            staff += stay.time
    return staff, applicant
