"""What the dashboard reads from the tables: further cards, what ends, what is owed, how files go,
what is known of the months to come."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from core import formats
from core.periods import add_months
from indicators.labels import AXIS_NAMES, MEASURES, PROFILE_FORMULAS
from indicators.labels import PROFILES as NAMES
from indicators.lines import Lines
from indicators.models import Target
from indicators.profiles import PROFILES
from indicators.selectors.network import Network
from indicators.selectors.profiled import measure_code, profile_lines
from indicators.views import alerts
from indicators.views.asked import Asked
from indicators.views.cards import CardDays, cards, is_at_once, names_of_cards
from indicators.views.drawing import shares
from indicators.wording import language, measure

QUARTER: Final = 3
_DASH: Final = "–"


@dataclass(frozen=True, slots=True)
class Bars:
    """A profile as a table whose first measure is drawn in each row: chart and table in one.

    `rows` are (what the line is, how long its bar is in percent, its measures).
    """

    title: str
    formula: str
    axis: str
    heads: Sequence[str]
    rows: Sequence[tuple[str, float, Sequence[str]]]
    address: str


def _as_they_are(lines: Lines) -> Lines:
    return lines


def _quarters_added_up(lines: Lines) -> Lines:
    """What falls into three months."""
    starts = range(0, len(lines.keys), QUARTER)
    values = {code: np.add.reduceat(column, list(starts)) for code, column in lines.values.items()}
    return Lines([lines.keys[at] for at in starts], values)


def _ends_of_quarters(lines: Lines) -> Lines:
    """How it stands at the end of each third month."""
    return Lines(
        lines.keys[QUARTER - 1 :: QUARTER],
        {code: column[QUARTER - 1 :: QUARTER] for code, column in lines.values.items()},
    )


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A profile on the dashboard: some of its measures, the first drawn, and some of its lines."""

    name: str
    measures: Sequence[str]
    folded: Callable[[Lines], Lines] = _as_they_are


_DRAWN: Final = (
    _Drawn("expiry", ("ending_centimes", "ending_centi_m2"), _quarters_added_up),
    _Drawn("outlook", ("low_millionths", "high_millionths"), _ends_of_quarters),
    _Drawn("ageing", ("open_centimes", "open_invoices")),
    _Drawn("funnel", ("applications", "share_millionths")),
)


def prospects(
    network: Network, question: Asked, targets: Mapping[tuple[str, str | None], Target]
) -> dict[str, Any]:
    """Cards, alerts and profiles of the site (or the network) on the day."""
    on, site = question.on, question.site
    names = names_of_cards(at_once=False)
    days = CardDays(on).all
    found = {
        (name, figure.on): figure for name in names for figure in network.figures(name, days, site)
    }
    mine = {name: target for (name, code), target in targets.items() if code == site}
    scopes = {code or None: title for code, title in question.choices}
    aimed = {
        (name, code): network.figure(name, on, code)
        for name, code in targets
        if not is_at_once(name) and code in scopes and site in (None, code)
    }
    return {
        "cards": cards(names, on, lambda name, day: found[name, day], mine),
        "alerts": [
            *alerts.of_targets(aimed, targets, scopes, on),
            *alerts.of_live(network, on, site, "", aimed_at=mine),
        ],
        "profiles": [_bars(network, one, on, site) for one in _DRAWN],
    }


def _bars(network: Network, drawn: _Drawn, on: dt.date, site: str | None) -> Bars:
    profile = PROFILES[drawn.name]
    lines = drawn.folded(network.profile(drawn.name, on, site))
    told = profile_lines(profile, lines, language())
    labels = [line.label for line in told]
    if drawn.folded is _quarters_added_up:
        labels = [_three_months(int(first)) for first in lines.keys]
    values = [
        [measure(line.values[measure_code(code)], code) for code in drawn.measures] for line in told
    ]
    lengths = shares([line.values[measure_code(drawn.measures[0])] for line in told])
    return Bars(
        title=str(NAMES[drawn.name]),
        formula=str(PROFILE_FORMULAS[drawn.name]),
        axis=str(AXIS_NAMES[profile.axis]),
        heads=[str(MEASURES[code]) for code in drawn.measures],
        rows=list(zip(labels, lengths, values, strict=True)),
        address=alerts.profile_of(drawn.name, on, site),
    )


def _three_months(first: int) -> str:
    start = dt.date.fromordinal(first)
    end = add_months(start, QUARTER - 1)
    begun = formats.month_name(start, language())
    if start.year != end.year:
        begun = f"{begun} {start.year}"
    return f"{begun} {_DASH} {formats.month_name(end, language())} {end.year}"
