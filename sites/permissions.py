"""Whether a user may do something somewhere, with the reason when not."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from core.errors import NotAllowed
from sites.scopes import is_kept_from, scope_of


@dataclass(frozen=True, slots=True)
class Verdict:
    """Yes, or no with a reason that a person can read."""

    ok: bool
    reason: str | Promise = ""

    def __bool__(self) -> bool:
        return self.ok


YES = Verdict(True)
_ONLY_READS = _("This token only reads.")


def can(user: Any, action: Action, resource: str, site_id: int | None) -> Verdict:
    """Whether one of the user's roles at this site (or in the network) allows it."""
    scope = scope_of(user, action, resource)
    if scope.covers(site_id):
        return YES
    if scope:
        return Verdict(False, _("You may do this at other sites, not at this one."))
    if is_kept_from(user, action):
        return Verdict(False, _ONLY_READS)
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
        raise refusal_of(user, action)


def refusal_of(user: Any, action: Action) -> NotAllowed:
    """For what is no single site's: whether it is the token's fault, or the rights'."""
    if is_kept_from(user, action):
        return NotAllowed(reason=_ONLY_READS)
    return NotAllowed()
