"""What a page of figures was asked for: a day, a site; and what the user may ask for."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from accounts.rights import Action
from core.periods import today
from indicators.keeping import is_near
from sites.models import Site
from sites.scopes import scope_of


@dataclass(frozen=True, slots=True)
class Asked:
    """`site` is a code, None for the network; `problem` says what was wrong with the question."""

    on: dt.date
    site: str | None
    choices: list[tuple[str, str]]
    """(code or "" for the network, name) of what the user may look at."""
    problem: str

    @property
    def place(self) -> str:
        return dict(self.choices)[self.site or ""]

    @property
    def query(self) -> str:
        return f"on={self.on.isoformat()}&site={self.site or ''}"


def asked(user: Any, given: Mapping[str, str], sites: Iterable[Site]) -> Asked:
    """Reads `?on=&site=`. Raises PermissionDenied for a site, or a network, out of scope."""
    scope = scope_of(user, Action.VIEW, "indicator")
    choices = [(site.code, site.name) for site in sites if scope.covers(site.pk)]
    if scope.network:
        choices.insert(0, ("", _("The whole network")))
    if not choices:
        raise PermissionDenied
    site = given.get("site", choices[0][0])
    if site not in dict(choices):
        raise PermissionDenied
    on, problem = _day(given.get("on", ""))
    return Asked(on, site or None, choices, problem)


def _day(text: str) -> tuple[dt.date, str]:
    if not text:
        return today(), ""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return today(), _("« %(day)s » is not a day: today is shown.") % {"day": text}
    if not is_near(day, today()):
        return today(), _("That day is too far away: today is shown.")
    return day, ""
