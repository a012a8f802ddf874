"""Which of the user's sites a page of money is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.rights import Action
from sites.models import Site
from sites.scopes import Scope, scope_of


@dataclass(frozen=True, slots=True)
class Sites:
    """`code` is "" for all that the user sees."""

    scope: Scope
    known: Mapping[str, Site]
    code: str

    @property
    def ids(self) -> list[int] | None:
        return [self.known[self.code].pk] if self.code else None

    @property
    def choices(self) -> list[tuple[str, str]]:
        names = [(code, site.name) for code, site in self.known.items()]
        return [("", _("All")), *names] if len(names) > 1 else names


def asked_sites(user: Any, given: Mapping[str, str], resource: str) -> Sites:
    """Reads `?site=`. Raises PermissionDenied, and Http404 for a site that the user may not see."""
    scope = scope_of(user, Action.VIEW, resource)
    if not scope:
        raise PermissionDenied
    sites = Site.objects.within(scope).order_by("opened_on", "code")
    known = {site.code: site for site in sites}
    code = given.get("site", "")
    if code and code not in known:
        raise Http404
    return Sites(scope, known, code)


def query(**asked: object) -> str:
    """An address's question, without what says nothing."""
    return urlencode({name: str(what) for name, what in asked.items() if what not in ("", None)})
