"""Reads about people."""

from typing import Any

from allauth.mfa.utils import is_mfa_enabled


def has_second_factor(user: Any) -> bool:
    """Whether the person has set one up; asked once per user object, as several doors ask."""
    known: bool | None = getattr(user, "_second_factor", None)
    if known is None:
        known = user._second_factor = is_mfa_enabled(user)
    return bool(known)
