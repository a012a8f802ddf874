"""The one thing that comes next on a lease. Pure."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Next(StrEnum):
    """Named as the acts of the lease's page, where there is one."""

    SIGN = "sign"
    ENTER_DEPOSIT = "enter_deposit"
    AWAIT_START = "await_start"
    WRITE_REPORT_IN = "entry_report"
    """Or hand over without one."""
    HAND_OVER = "hand_over"
    RENEW = "renew"
    """Or end: the two ways out of holding over."""
    LOOK_AT_DRAFT = "look_at_draft"
    WRITE_REPORT_OUT = "exit_report"
    """Or end without one."""
    END = "end"
    AWAIT_LEAVING = "await_leaving"
    SETTLE_DEPOSIT = "settle_deposit"
    RETURN_DEPOSIT = "return_deposit"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a lease stands now, as far as it decides what comes next."""

    state: str
    start: dt.date
    end: dt.date | None = None
    """Excluded."""
    deposit_missing: bool = False
    """Due, not held and not waived."""
    deposit_held: bool = False
    settled: bool = False
    """What goes back of the deposit was told."""
    noticed: dt.date | None = None
    """The last day of a notice that stands."""
    drafts: bool = False
    """Amendments that are neither signed nor dropped."""
    entry_written: bool = False
    exit_written: bool = False
    """A handover report that is closed."""


def next_act(standing: Standing, *, today: dt.date) -> Next:
    match standing.state:
        case "draft":
            return Next.SIGN
        case "signed":
            return _before_the_keys(standing, today)
        case "active":
            return _while_there(standing, today)
        case "ended" | "cancelled" if standing.deposit_held:
            return Next.RETURN_DEPOSIT if standing.settled else Next.SETTLE_DEPOSIT
    return Next.NOTHING


def _before_the_keys(standing: Standing, today: dt.date) -> Next:
    if standing.deposit_missing:
        return Next.ENTER_DEPOSIT
    if today < standing.start:
        return Next.AWAIT_START
    return Next.HAND_OVER if standing.entry_written else Next.WRITE_REPORT_IN


def _while_there(standing: Standing, today: dt.date) -> Next:
    if standing.noticed is not None and standing.noticed <= today:
        return Next.END if standing.exit_written else Next.WRITE_REPORT_OUT
    if standing.drafts:
        return Next.LOOK_AT_DRAFT
    if standing.end is not None and standing.end <= today:
        return Next.RENEW
    if standing.noticed is not None:
        return Next.AWAIT_LEAVING
    return Next.ENTER_DEPOSIT if standing.deposit_missing else Next.NOTHING
