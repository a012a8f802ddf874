"""Columns of lists and read-only fields, worded in the language in force."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from django.contrib import admin
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

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


def phone_in_words(text: str) -> str:
    """A number as people read it aloud; in Arabic its plus sign stays in front."""
    return formats.phone(str(text), language())


def period(name: str = "period", title: Any = FROM_TO) -> Callable[[Any], str]:
    """A column of the first and the last day of a period."""

    @admin.display(description=title, ordering=name)
    def shown(row: Any) -> str:
        value = getattr(row, name)
        return days_in_words(value) if value is not None else ""

    return shown


def day_column(name: str, title: Any) -> Callable[[Any, Any], str]:
    """A column of a day, or of the day of a moment; to stand in the body of an admin class."""

    @admin.display(description=title, ordering=name)
    def shown(_admin: Any, row: Any) -> str:
        value = getattr(row, name)
        if isinstance(value, dt.datetime):
            value = timezone.localdate(value)
        return formats.day(value, language()) if value is not None else ""

    return shown


def area(name: str = "area_m2") -> Callable[[Any], str | None]:
    """A column of square metres."""

    @admin.display(description=_("area"), ordering=name)
    def shown(row: Any) -> str | None:
        value: Decimal | None = getattr(row, name)
        return None if value is None else formats.area(value, language())

    return shown


@lru_cache(maxsize=1024)
def badge(text: str, look: str | None) -> SafeString:
    """Unfold's badge. There are few of them and many rows: each is rendered once."""
    return render_to_string(
        "unfold/helpers/display_label.html", {"label": text, "label_type": look}
    )


def state(looks: Mapping[str, str]) -> Callable[[Any, Any], str]:
    """The column `standing`, to stand in the body of an admin class: the row's state as a badge."""

    @admin.display(description=_("state"), ordering="state")
    def standing(_admin: Any, row: Any) -> str:
        # Not `get_state_display`, which sorts all the choices out anew for every row.
        labels = dict(row._meta.get_field("state").flatchoices)
        return badge(str(labels.get(row.state, row.state)), looks.get(row.state))

    return standing


BADGES: Final[Mapping[str, str]] = {
    BookingKind.LETTING: "success",
    BookingKind.HOLD: "warning",
    BookingKind.OUT_OF_SERVICE: "danger",
}


@admin.display(description=_("today"))
def taken_today(space: Any) -> str:
    """A badge: let, held, out of service; or that it is free."""
    if not space.taken_as:
        return badge(gettext("free"), None)
    return badge(str(BookingKind(space.taken_as).label), BADGES.get(space.taken_as))
