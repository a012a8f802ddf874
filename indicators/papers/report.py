"""The monthly report: figures, charts, names, causes and definitions, as a PDF."""

from collections.abc import Sequence
from typing import Any, Final

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from core import formats
from core.typesetting import typeset
from indicators.choices import Theme
from indicators.formulas import INDICATORS
from indicators.labels import (
    DETAILS,
    FORMULAS,
    NAMES,
    PROFILE_FORMULAS,
    THEMES,
)
from indicators.labels import PROFILES as PROFILE_NAMES
from indicators.papers.courses import SHOWN, courses, profiles
from indicators.papers.moves import balance, changes, moves
from indicators.papers.told import Told
from indicators.profiles import PROFILES
from indicators.selectors.shown import ShownFigure
from indicators.wording import change, language, parts, value
from leases.papers.parties import own, said

CARDS: Final = (
    "hosted",
    "occupancy_area",
    "economic_occupancy",
    "entries",
    "exits",
    "turnover",
    "retention",
    "length_of_stay",
    "success_since_entry_24",
    "contracted_rent",
    "arrears",
    "open_applications",
)
"""The figures of the first page; a table has them all."""


def report_pdf(told: Told) -> bytes:
    """In the language in force."""
    return typeset("indicators/pdf/report.typ", _data(told), for_all=True)


def report_title(month: Any, site: str) -> str:
    """« Monthly report: October 2026 · Rabat », in the language in force."""
    title = _("Monthly report: %(month)s") % {"month": formats.month(month, language())}
    return f"{title} · {own(site)}"


def _data(told: Told) -> dict[str, Any]:
    where = told.site.name if told.site else _("The whole network")
    pairs = {now.name: (now, before) for now, before in told.pairs}
    read_on = localtime(told.network.read_at).date()
    return {
        "title": report_title(told.month, where),
        "facts": said(
            (_("as of the end of"), formats.day(told.last_day, language(), long=True)),
            (_("compared with"), formats.day(told.year_before, language(), long=True)),
            (
                _("made on"),
                formats.day(read_on, language(), long=True),
            ),
        ),
        "cards": [_card(*pairs[name]) for name in CARDS],
        "all": {
            "title": _("All figures"),
            "heads": [
                _("indicator"),
                _("value"),
                _("a year before"),
                _("numerator ÷ denominator"),
            ],
            "themes": [_theme(theme, told.pairs) for theme in Theme],
        },
        "courses": courses(told),
        "course_title": _("Month by month"),
        "balance": {
            "title": _("Companies in the month"),
            "note": str(PROFILE_FORMULAS["movements"]),
            "pairs": balance(told),
        },
        "moves": moves(told),
        "changes": changes(told),
        "profiles": profiles(told),
        "definitions": {
            "title": _("Definitions"),
            "entries": [
                *_definitions(told),
                *_profile_definitions(),
            ],
        },
    }


def _card(now: ShownFigure, before: ShownFigure) -> dict[str, str]:
    return {
        "title": str(NAMES[now.name]),
        "value": value(now),
        "change": change(now, before),
        "parts": parts(now),
        "formula": str(FORMULAS[now.name]),
    }


def _theme(theme: Theme, pairs: Sequence[tuple[ShownFigure, ShownFigure]]) -> dict[str, Any]:
    return {
        "title": str(THEMES[theme]),
        "rows": [
            [str(NAMES[now.name]), value(now), value(before), parts(now)]
            for now, before in pairs
            if INDICATORS[now.name].theme is theme
        ],
    }


def _definitions(told: Told) -> list[dict[str, Any]]:
    return [
        {
            "title": str(NAMES[figure.name]),
            "texts": [str(FORMULAS[figure.name]), *map(str, DETAILS.get(figure.name, ()))],
            "version": _("version %(version)s") % {"version": figure.version},
        }
        for figure, _before in told.pairs
    ]


def _profile_definitions() -> list[dict[str, Any]]:
    return [
        {
            "title": str(PROFILE_NAMES[name]),
            "texts": [str(PROFILE_FORMULAS[name])],
            "version": _("version %(version)s") % {"version": PROFILES[name].version},
        }
        for name in SHOWN
    ]
