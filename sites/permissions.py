"""Whether a user may do something somewhere, with the reason when not."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from core.errors import NotAllowed
from sites.scopes import scope_of


@dataclass(frozen=True, slots=True)
class Verdict:
    """Yes, or no with a reason that a person can read."""

    ok: bool
    reason: str | Promise = ""

    def __bool__(self) -> bool:
        return self.ok


YES = Verdict(True)


def can(user: Any, action: Action, resource: str, site_id: int | None) -> Verdict:
    """Whether one of the user's roles at this site (or in the network) allows it."""
    scope = scope_of(user, action, resource)
    if scope.covers(site_id):
        return YES
    if scope:
        return Verdict(False, _("You may do this at other sites, not at this one."))
    return Verdict(False, _("Your role does not allow this."))


def require(user: Any, action: Action, resource: str, site_id: int | None) -> None:
    """Raises NotAllowed unless `can`. `user=None` is the system (jobs, imports from the shell)."""
    if user is None:
        return
    verdict = can(user, action, resource, site_id)
    if not verdict:
        raise NotAllowed(reason=verdict.reason)


def require_somewhere(user: Any, action: Action, resource: str) -> None:
    """Raises NotAllowed unless some site (or the network) allows it; for what has no site."""
    if user is not None and not scope_of(user, action, resource):
        raise NotAllowed
