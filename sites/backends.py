"""Whoever comes back with a session, and Django's permission questions: answered from memberships
and the table of rights."""

from typing import Any, Final

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.backends import BaseBackend
from django.db import models
from django.db.models import Exists, OuterRef

from accounts.models import User
from accounts.rights import MODELS, RIGHTS, Action, resource_of
from accounts.selectors import remember_second_factor, second_factors
from sites.scopes import remember_roles, roles_of, scope_of
from sites.selectors import roles_beside, told_roles

_VERBS: Final = frozenset(action.value for action in Action)


class RoleBackend(BaseBackend):
    """Whether a user may do something *somewhere*; the lists themselves are cut by site."""

    def has_perm(self, user_obj: Any, perm: str, obj: models.Model | None = None) -> bool:
        app_label, _, codename = perm.partition(".")
        verb, _, model_name = codename.partition("_")
        resource = resource_of(f"{app_label}.{model_name}")
        if resource is None or verb not in _VERBS:
            return False
        return bool(scope_of(user_obj, Action(verb), resource))

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        resources = {
            resource
            for resource, labels in MODELS.items()
            if any(label.startswith(f"{app_label}.") for label in labels)
        }
        return any(resources & set(RIGHTS.get(role, {})) for role, _site in roles_of(user_obj))


class SignInBackend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's sign-in without Django's groups and permissions: rights come from memberships.

    One query brings whoever has a session, their roles, and whether they have a second factor:
    every page asks all three.
    """

    def get_user(self, user_id: int) -> User | None:
        known: Any = (
            User.objects.filter(pk=user_id)
            .annotate(
                roles_known=roles_beside("pk"),
                has_factor=Exists(second_factors(OuterRef("pk"))),
            )
            .first()
        )
        if known is None or not self.user_can_authenticate(known):
            return None
        remember_roles(known, told_roles(known.roles_known))
        remember_second_factor(known, known.has_factor)
        return known  # type: ignore[no-any-return]

    def has_perm(self, user_obj: Any, perm: str, obj: models.Model | None = None) -> bool:
        return False

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return False
