"""Which step of reminding a company has come to at a site on a day. Pure.

A step is taken once for an invoice, and in the order of the steps: an invoice that is found late
for the third still begins with the first. A letter gathers all that is overdue of the company at
the site, in the words of the highest step that any invoice has come to; each of them takes its own
step with it, or none. What is paused is in no letter, and none follows before the day is over by
which the one before asked to be paid.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from billing.choices import NoReminder
from core.money import ZERO
from core.periods import Period

DEFAULT_DAYS: Final = (7, 21, 45)
"""After the due date, of the three steps that a site is offered to begin with."""


@dataclass(frozen=True, slots=True)
class Step:
    """`days` after the due date from which on it is taken."""

    level: int
    days: int


@dataclass(frozen=True, slots=True)
class Owed:
    """An invoice with what is open of it, DH; `reached`: the last step taken for it, 0 for none.

    What is withheld is settled by its own payment: awaiting a certificate is no debt.
    """

    id: int
    due_on: dt.date
    open: Decimal
    reached: int = 0

    def days_late(self, on: dt.date) -> int:
        return max((on - self.due_on).days, 0)


@dataclass(frozen=True, slots=True)
class Pause:
    """Of one invoice, or (None) of the whole account."""

    invoice_id: int | None
    period: Period


@dataclass(frozen=True, slots=True)
class Line:
    """An invoice in a letter; `step`: which this letter is for it, None where it is only listed."""

    owed: Owed
    step: int | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """`level` of the letter that is due, or None and why there is none; `lines`: what is overdue
    and not paused, the oldest first."""

    level: int | None
    lines: tuple[Line, ...]
    why: NoReminder | None = None

    @property
    def total(self) -> Decimal:
        return sum((line.owed.open for line in self.lines), ZERO)


def judge(
    owed: Sequence[Owed],
    *,
    steps: Sequence[Step],
    pauses: Sequence[Pause],
    answer_by: dt.date | None,
    on: dt.date,
) -> Verdict:
    """Of one company at one site; `answer_by`: the day that the last letter gave it."""
    late = [one for one in owed if one.open > 0 and one.due_on < on]
    listed = sorted(
        (one for one in late if not _paused(one, pauses, on)), key=lambda one: (one.due_on, one.id)
    )
    lines = tuple(Line(one, _step(one, steps, on)) for one in listed)
    level = max((line.step for line in lines if line.step is not None), default=None)
    if level is not None and answer_by is not None and on <= answer_by:
        return Verdict(None, lines, NoReminder.SOON)
    if level is not None:
        return Verdict(level, lines)
    if late and not listed:
        return Verdict(None, lines, NoReminder.PAUSED)
    if not steps:
        return Verdict(None, lines, NoReminder.NO_STEPS)
    done = listed and all(_next(one, steps) is None for one in listed)
    return Verdict(None, lines, NoReminder.DONE if done else NoReminder.EARLY)


def _paused(one: Owed, pauses: Sequence[Pause], on: dt.date) -> bool:
    return any(pause.invoice_id in {None, one.id} and on in pause.period for pause in pauses)


def _next(one: Owed, steps: Sequence[Step]) -> Step | None:
    """The step that comes after what was taken."""
    ahead = [step for step in steps if step.level > one.reached]
    return min(ahead, key=lambda step: step.level, default=None)


def _step(one: Owed, steps: Sequence[Step], on: dt.date) -> int | None:
    """The step that it has come to."""
    following = _next(one, steps)
    if following is None or one.days_late(on) < following.days:
        return None
    return following.level
