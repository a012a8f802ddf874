"""Why a figure changed between two days: the difference of each thing in steps with a cause, pure.

What stands behind a figure on the two days is matched by the indicator's key. A function of causes
divides the difference of each key into steps that add up to it; those without a difference are left
out afterwards. An indicator without a function of its own gets `counted` or `windowed`.
"""

from indicators.causes.companies import (
    moves,
    outcomes,
    overdue,
    overstaying,
    people,
    places,
)
from indicators.causes.counting import counted, medians, windowed
from indicators.causes.files import applications, waiting
from indicators.causes.leases import billed, late, possible_rents, rents, time_left
from indicators.causes.matching import Causes
from indicators.causes.premises import space

__all__ = [
    "Causes",
    "applications",
    "billed",
    "counted",
    "late",
    "medians",
    "moves",
    "outcomes",
    "overdue",
    "overstaying",
    "people",
    "places",
    "possible_rents",
    "rents",
    "space",
    "time_left",
    "waiting",
    "windowed",
]
