"""What a page of floor space was asked for: a building, a day; and where the user may look."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.rights import Action
from core.periods import add_months, today
from sites.models import Building, Space
from sites.scopes import scope_of

FIRST_DAY: Final = dt.date(2001, 1, 1)
"""The year the first hub opened."""
YEARS_AHEAD: Final = 10


def buildings_of(user: Any) -> list[Building]:
    """With their sites, in the order of the sites' opening. Raises PermissionDenied."""
    scope = scope_of(user, Action.VIEW, "space")
    if not scope:
        raise PermissionDenied
    rows = Building.objects.within(scope).select_related("site")
    return list(rows.order_by("site__opened_on", "site__code", "code"))


def building_asked(buildings: Sequence[Building], asked: str | None) -> Building | None:
    """The one that was asked for, else the first; None: there is none. Raises Http404."""
    if not asked:
        return next(iter(buildings), None)
    found = next((building for building in buildings if str(building.pk) == asked), None)
    if found is None:
        raise Http404
    return found


def space_asked(user: Any, pk: int) -> Space:
    """Raises PermissionDenied, Http404."""
    if not scope_of(user, Action.VIEW, "space"):
        raise PermissionDenied
    rows = Space.objects.visible_to(user).select_related("site", "building", "floor")
    space = rows.filter(pk=pk).first()
    if space is None:
        raise Http404
    return space


def last_day() -> dt.date:
    return add_months(today(), 12 * YEARS_AHEAD)


def day_asked(asked: str | None) -> tuple[dt.date, str]:
    """The day, and what was wrong with the question."""
    if not asked:
        return today(), ""
    try:
        day = dt.date.fromisoformat(asked)
    except ValueError:
        return today(), _("« %(day)s » is not a day: today is shown.") % {"day": asked}
    if not FIRST_DAY <= day <= last_day():
        return today(), _("That day is too far away: today is shown.")
    return day, ""
