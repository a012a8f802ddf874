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
    it on, or those of every later day."""

    DAY = "day"
    WINDOW = "window"
    EVER = "ever"


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
