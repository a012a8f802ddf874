"""The variants of one indicator: since which event, and how many months after it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tenants.following import MILESTONES as AFTER_MONTHS

YEAR: Final = 12


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
