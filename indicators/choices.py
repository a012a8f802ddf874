"""The variants of one indicator: since which event, and how many months after it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tenants.following import MILESTONES as AFTER_MONTHS

YEAR: Final = 12


class Theme(StrEnum):
    """What a figure is about: how pages group them."""

    PEOPLE = "people"
    SPACE = "space"
    MOVES = "moves"
    STAY = "stay"
    SUCCESS = "success"
    RENT = "rent"
    MONEY = "money"
    ADMISSION = "admission"


class Dimension(StrEnum):
    """What a figure can be narrowed to, beside a site."""

    BUILDING = "building"
    SPACE_KIND = "space_kind"
    TENANT_KIND = "tenant_kind"
    SECTOR = "sector"


OF_STAYS: Final = frozenset(Dimension)
"""What figures of lettings can be narrowed to: all there is."""


class Reach(StrEnum):
    """Which days' figures a change of one day changes: that day's, those of the twelve months from
    it on, those of every later day, or those of any day, where a figure looks ahead."""

    DAY = "day"
    WINDOW = "window"
    EVER = "ever"
    ANY = "any"


class Subject(StrEnum):
    """What news from below may be of; everything: somebody wants all of it computed again."""

    EVERYTHING = "everything"
    OCCUPATION = "occupation"
    NOTICES = "notices"
    PREMISES = "premises"
    HOLDS = "holds"
    PRICES = "prices"
    INVOICES = "invoices"
    DECLARATIONS = "declarations"


class Bound(StrEnum):
    """On which side of its target a figure should be."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class Cause(StrEnum):
    """Why a figure changed between two days, in the order in which pages tell it."""

    CAME = "came"
    RETURNED = "returned"
    LEFT = "left"
    COUNTS_NOW = "counts_now"
    COUNTS_NO_MORE = "counts_no_more"
    LET = "let"
    FREED = "freed"
    MEASURED = "measured"
    RE_MEASURED = "re_measured"
    WALLS_MOVED = "walls_moved"
    WORKS_BEGAN = "works_began"
    WORKS_ENDED = "works_ended"
    PUT_IN_SERVICE = "put_in_service"
    TAKEN_OUT = "taken_out"
    SITE_OPENED = "site_opened"
    SITE_CLOSED = "site_closed"
    CAPACITY_CHANGED = "capacity_changed"
    LET_ON = "let_on"
    RENT_CHANGED = "rent_changed"
    RESIZED = "resized"
    LIST_RENT_CHANGED = "list_rent_changed"
    END_MOVED = "end_moved"
    TIME_PASSED = "time_passed"
    TIME_RAN_OUT = "time_ran_out"
    PUT_RIGHT = "put_right"
    BILLED = "billed"
    CREDITED = "credited"
    FELL_DUE = "fell_due"
    SETTLED = "settled"
    OPEN_AGAIN = "open_again"
    RECEIVED = "received"
    REOPENED = "reopened"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"
    JOINED_LIST = "joined_list"
    LEFT_LIST = "left_list"
    FOLLOWED = "followed"
    FOLLOWED_NO_MORE = "followed_no_more"
    OUTCOME_KNOWN = "outcome_known"
    OUTCOME_UNKNOWN = "outcome_unknown"
    OUTCOME_CHANGED = "outcome_changed"
    ENTERED_WINDOW = "entered_window"
    FELL_OUT = "fell_out"
    MORE_DAYS = "more_days"
    FEWER_DAYS = "fewer_days"
    MIDDLE_MOVED = "middle_moved"
    COUNTED = "counted"
    NOT_COUNTED = "not_counted"
    CHANGED = "changed"


class Event(StrEnum):
    ENTRY = "entry"
    EXIT = "exit"


@dataclass(frozen=True, slots=True)
class Milestone:
    """`months` after the companies came or left; counted in the twelve months that follow it."""

    event: Event
    months: int

    @property
    def name(self) -> str:
        return f"success_since_{self.event}_{self.months}"

    @property
    def until(self) -> int:
        """The month with which the event is too long ago."""
        return self.months + YEAR


MILESTONES: Final = tuple(Milestone(event, months) for event in Event for months in AFTER_MONTHS)
