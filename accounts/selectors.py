"""Reads about people."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.db.models import QuerySet


def remember_second_factor(user: Any, is_there: bool) -> None:
    """For whoever read it together with the user."""
    user._second_factor = is_there


def has_second_factor(user: Any) -> bool:
    """Whether the person has set one up; asked once per user object, as several doors ask."""
    known: bool | None = getattr(user, "_second_factor", None)
    if known is None:
        remember_second_factor(user, is_mfa_enabled(user))
        known = user._second_factor
    return bool(known)


def second_factors(user: Any) -> QuerySet[Authenticator]:
    """The apps and keys one signs in with; recovery codes only stand in for them."""
    strong = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    factors: QuerySet[Authenticator] = Authenticator.objects.filter(user=user, type__in=strong)
    return factors
