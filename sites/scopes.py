"""Where a user may do something: the meeting of memberships, rights and a token's limits.

Imports no model: it reads the memberships through the user, once per user object, so that a
request asks the database once whatever it shows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from accounts.choices import Role
from accounts.rights import PARTNER, Action, allows


@dataclass(frozen=True, slots=True)
class Scope:
    """The sites where a right holds. `network`: all of them, and what belongs to none."""

    network: bool
    site_ids: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return self.network or bool(self.site_ids)

    def covers(self, site_id: int | None) -> bool:
        return self.network or (site_id is not None and site_id in self.site_ids)

    def within(self, site_ids: Iterable[int] | None) -> "Scope":
        """Cut down to a token's sites; None leaves it as it is."""
        if site_ids is None:
            return self
        allowed = frozenset(site_ids)
        return Scope(False, allowed if self.network else self.site_ids & allowed)


NOWHERE: Final = Scope(False)
READING: Final = frozenset({Action.VIEW, Action.EXPORT})


@dataclass(frozen=True, slots=True)
class TokenLimits:
    """What a client's token leaves of its user's rights."""

    site_ids: frozenset[int] | None
    read_only: bool


def remember_roles(user: Any, roles: Iterable[tuple[str, int | None]]) -> None:
    """For whoever read the memberships together with the user."""
    user._roles = tuple(roles)


def roles_of(user: Any) -> tuple[tuple[str, int | None], ...]:
    """(role, site id or None for the network) of each membership; one query per user object."""
    if not user.is_authenticated or not user.is_active:
        return ()
    # Through getattr: `request.user` is a lazy proxy, whose own `__dict__` never holds it.
    roles: tuple[tuple[str, int | None], ...] | None = getattr(user, "_roles", None)
    if roles is None:
        remember_roles(user, user.memberships.values_list("role", "site_id"))
        roles = user._roles
    return roles


def scope_of(user: Any, action: Action, resource: str) -> Scope:
    """The sites where one of the user's roles allows `action` on `resource`.

    Action and site are checked as a pair: a reviewer at Casablanca who is finance officer at
    Rabat reads no invoice of Casablanca.
    """
    if is_kept_from(user, action):
        return NOWHERE
    limits: TokenLimits | None = getattr(user, "token_limits", None)
    sites = [site for role, site in roles_of(user) if allows(role, action, resource)]
    scope = Scope(None in sites, frozenset(site for site in sites if site is not None))
    return scope.within(limits.site_ids) if limits is not None else scope


def is_kept_from(user: Any, action: Action) -> bool:
    """Whether a token that only reads is calling to write, whatever its user may."""
    limits: TokenLimits | None = getattr(user, "token_limits", None)
    return limits is not None and limits.read_only and action not in READING


def is_partner(user: Any) -> bool:
    """Whether a partner's token is calling: it has what its kind may, not its person's roles."""
    return any(role == PARTNER for role, _where in roles_of(user))


def holds_role(user: Any, role: Role, site_id: int | None) -> bool:
    """Whether the user has the role at the site or in the network."""
    return any(has == role and where in (None, site_id) for has, where in roles_of(user))
