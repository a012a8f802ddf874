"""Signing in."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db import models


class SignInBackend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's sign-in without Django's groups and permissions: rights come from memberships."""

    def has_perm(self, user_obj: Any, perm: str, obj: models.Model | None = None) -> bool:
        return False

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return False
