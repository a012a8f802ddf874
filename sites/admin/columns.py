"""Columns of lists and read-only fields, worded in the language in force."""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from django.contrib import admin
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from core import formats
from sites.choices import BookingKind

FROM_TO: Final = _("from – to")
_ISO_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def language() -> str:
    return get_language() or "fr"


def days_in_words(text: str) -> str:
    """A period that Django wrote with ISO days, with the days as people write them."""
    return _ISO_DAY.sub(
        lambda found: formats.day(dt.date.fromisoformat(found.group()), language()), str(text)
    )


def period(name: str = "period", title: Any = FROM_TO) -> Callable[[Any], str]:
    """A column of the first and the last day of a period."""

    @admin.display(description=title, ordering=name)
    def shown(row: Any) -> str:
        value = getattr(row, name)
        return days_in_words(value) if value is not None else ""

    return shown


def area(name: str = "area_m2") -> Callable[[Any], str | None]:
    """A column of square metres."""

    @admin.display(description=_("area"), ordering=name)
    def shown(row: Any) -> str | None:
        value: Decimal | None = getattr(row, name)
        return None if value is None else formats.area(value, language())

    return shown


BADGES: Final = {
    BookingKind.LETTING: "success",
    BookingKind.HOLD: "warning",
    BookingKind.OUT_OF_SERVICE: "danger",
}


@display(  # type: ignore[untyped-decorator]
    description=_("today"), label={str(kind): look for kind, look in BADGES.items()}
)
def taken_today(space: Any) -> Any:
    """A badge: let, held, out of service; free spaces have none."""
    return (space.taken_as, BookingKind(space.taken_as).label) if space.taken_as else None
