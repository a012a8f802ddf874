"""What people call the figures, their formulas, their parts and why they change."""

from indicators.labels.causes import CAUSES
from indicators.labels.details import DETAILS
from indicators.labels.figures import BOUNDS, DIMENSIONS, FORMULAS, GRAINS, NAMES, SUCCESS, THEMES
from indicators.labels.parts import BESIDE, MORE, PARTS
from indicators.labels.profiles import AXES, AXIS_NAMES, MEASURES, PROFILE_FORMULAS, PROFILES

__all__ = [
    "AXES",
    "AXIS_NAMES",
    "BESIDE",
    "BOUNDS",
    "CAUSES",
    "DETAILS",
    "DIMENSIONS",
    "FORMULAS",
    "GRAINS",
    "MEASURES",
    "MORE",
    "NAMES",
    "PARTS",
    "PROFILES",
    "PROFILE_FORMULAS",
    "SUCCESS",
    "THEMES",
]
