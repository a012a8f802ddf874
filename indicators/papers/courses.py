"""The report's charts: figures over two years, and the profiles as of the month's last day."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from core.periods import add_months
from indicators.labels import AXIS_NAMES, BESIDE, FORMULAS, MEASURES, NAMES, PROFILE_FORMULAS
from indicators.labels import PROFILES as PROFILE_NAMES
from indicators.papers.charts import of_bars, of_figures, of_shares
from indicators.papers.told import Told
from indicators.profile import Profile
from indicators.profiles import PROFILES
from indicators.selectors.network import points
from indicators.selectors.profiled import is_share, measure_code, profile_lines
from indicators.selectors.shown import plain, shown_code
from indicators.wording import language, measure, part
from leases.papers.parties import own

MONTHS: Final = 24
_BY_SITE: Final = ("occupancy_area", "turnover")
_OF_SITE: Final = (
    ("occupancy_area", "occupancy_unit", "occupancy_company"),
    ("turnover", "departure_rate"),
)
SHOWN: Final = ("expiry", "ageing", "funnel", "outlook")

Columns = Mapping[str, tuple[str, Sequence[Decimal | None]]]


def courses(told: Told) -> list[dict[str, Any]]:
    """Occupancy and turnover month by month: of the network site by site, of a site alone."""
    days = points(add_months(told.month, 1 - MONTHS), told.last_day)
    axis = str(AXIS_NAMES["month"])
    if told.site is not None:
        return [
            of_figures(
                " · ".join(str(NAMES[name]) for name in names),
                days,
                {str(NAMES[name]): told.network.figures(name, days, told.code) for name in names},
                axis,
            )
            for names in _OF_SITE
        ]
    return [
        {
            **of_figures(str(NAMES[name]), days, _site_by_site(told, name, days), axis),
            "note": str(FORMULAS[name]),
        }
        for name in _BY_SITE
    ]


def _site_by_site(told: Told, name: str, days: Sequence[dt.date]) -> dict[str, Any]:
    """The network first; sites that are not open yet have no line."""
    lines = {_("The whole network"): told.network.figures(name, days)}
    for code, site in told.network.sites.items():
        if site.opened_on is not None and site.opened_on <= told.last_day:
            lines[own(site.name)] = told.network.figures(name, days, code)
    return lines


def profiles(told: Told) -> list[dict[str, Any]]:
    return [_profile(told, PROFILES[name]) for name in SHOWN]


def _profile(told: Told, profile: Profile) -> dict[str, Any]:
    """Its chart, the same as a table, and what is printed beside."""
    lines = told.network.profile(profile.name, told.last_day, told.code)
    shown = profile_lines(profile, lines, language())
    columns = {
        code: (str(MEASURES[code]), [line.values[measure_code(code)] for line in shown])
        for code in profile.measures
    }
    labels = [line.label for line in shown]
    keys = lines.keys if profile.axis == "month" else ()
    days = [dt.date.fromordinal(int(key)) for key in keys]
    return {
        **_chart(profile, labels, days, columns),
        "note": str(PROFILE_FORMULAS[profile.name]),
        "table": {
            "heads": [
                str(AXIS_NAMES[profile.axis]),
                *(title for title, _column in columns.values()),
            ],
            "rows": [
                [label, *(measure(column[at], code) for code, (_title, column) in columns.items())]
                for at, label in enumerate(labels)
            ],
        },
        "beside": [
            [str(BESIDE[shown_code(code)]), part(plain(count, code), code)]
            for code, count in lines.beside.items()
        ],
    }


def _chart(
    profile: Profile, labels: Sequence[str], days: Sequence[dt.date], columns: Columns
) -> dict[str, Any]:
    title, first = str(PROFILE_NAMES[profile.name]), profile.measures[0]
    if days and is_share(first):
        return of_shares(title, days, columns)
    return of_bars(title, labels, first, columns[first])
