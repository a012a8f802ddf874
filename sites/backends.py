"""Answers Django's permission questions from memberships and the table of rights."""

from typing import Any, Final

from django.contrib.auth.backends import BaseBackend
from django.db import models

from accounts.rights import MODELS, RIGHTS, Action, resource_of
from sites.scopes import roles_of, scope_of

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
