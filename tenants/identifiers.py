"""Moroccan business identifiers: form is an error, a failed key is a warning. Pure.

ICE: 15 digits = 9 (company) + 4 (establishment) + 2 (control), the whole number mod 97 = 0.
IF: 7 or 8 digits. RIB: 24 digits, the whole number mod 97 = 0.
"""

import re
from typing import Final

_SEPARATORS: Final = re.compile(r"[\s.\-\u00a0\u202f]")


def compact(value: str) -> str:
    """Without the spaces, dots and hyphens that people write inside a number."""
    return _SEPARATORS.sub("", value)


def is_ice(value: str) -> bool:
    """Whether `value` (compact) has the form of an ICE: exactly 15 digits."""
    return re.fullmatch(r"[0-9]{15}", value) is not None


def ice_key_ok(value: str) -> bool:
    """Whether the control key of a well-formed ICE is right."""
    return is_ice(value) and int(value) % 97 == 0


def is_if_number(value: str) -> bool:
    return re.fullmatch(r"[0-9]{7,8}", value) is not None


def is_rib(value: str) -> bool:
    """Whether `value` (compact) is a RIB with its right key; its parts are not validated."""
    return re.fullmatch(r"[0-9]{24}", value) is not None and int(value) % 97 == 0
