"""The dashboard's cards: a figure, how it moved, and whether it is what it should be."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.utils.translation import gettext as _

from core.periods import add_months
from indicators.choices import Bound
from indicators.formulas import INDICATORS
from indicators.models import Target
from indicators.selectors.network import points
from indicators.selectors.shown import ShownFigure
from indicators.views.drawing import spark
from indicators.views.wording import Aim, Card, card
from indicators.wording import in_unit, value

MONTHS: Final = 24
"""As long is the course on a card."""
SHOWN: Final = (
    "hosted",
    "ever_hosted",
    "entries",
    "exits",
    "turnover",
    "departure_rate",
    "occupancy_area",
    "occupancy_unit",
    "occupancy_company",
    "economic_occupancy",
    "contracted_rent",
    "rent_per_m2",
    "walt_end",
    "billed_rent",
    "arrears",
    "success_since_entry_18",
    "success_since_entry_24",
    "success_since_entry_60",
    "success_since_exit_24",
    "retention",
    "length_of_stay",
    "beyond_60_months",
    "holding_over",
    "time_to_decision",
    "decided_within_target",
    "open_applications",
    "waiting_list",
)

Figures = Callable[[str, dt.date], ShownFigure]
"""A figure of the site (or the network) that the page is about, on a day."""


@dataclass(frozen=True, slots=True)
class CardDays:
    """The days that a card reads: month after month up to the day, and the day a year before."""

    on: dt.date

    @property
    def course(self) -> list[dt.date]:
        return points(add_months(self.on.replace(day=1), -MONTHS), self.on)

    @property
    def before(self) -> dt.date:
        return add_months(self.on, -12)

    @property
    def all(self) -> list[dt.date]:
        return sorted({*self.course, self.before})


def is_at_once(name: str) -> bool:
    """Whether its figures, today's too, are among the snapshots; else it is read from the tables.
    Of what nobody tells when it changes, a day that is not over is not kept."""
    return INDICATORS[name].kept and bool(INDICATORS[name].reads)


def names_of_cards(*, at_once: bool) -> list[str]:
    return [name for name in SHOWN if is_at_once(name) == at_once]


def cards(
    names: Sequence[str], on: dt.date, figures: Figures, targets: Mapping[str, Target]
) -> list[Card]:
    days = CardDays(on)
    return [_card(name, days, figures, targets.get(name)) for name in names]


def _card(name: str, days: CardDays, figures: Figures, target: Target | None) -> Card:
    figure = figures(name, days.on)
    course = [figures(name, day) for day in days.course]
    return replace(
        card(figure, figures(name, days.before)),
        course=spark([one.value for one in course], _course_in_words(course)),
        aim=None if target is None else aim_of(figure, target),
    )


def _course_in_words(course: Sequence[ShownFigure]) -> str:
    """For whoever does not see the line."""
    known = [one for one in course if one.value is not None]
    if not known:
        return ""
    low, high = (best(known, key=lambda one: one.value or 0) for best in (min, max))
    return _("24 months: from %(first)s to %(last)s, at least %(low)s, at most %(high)s") % {
        "first": value(known[0]),
        "last": value(known[-1]),
        "low": value(low),
        "high": value(high),
    }


def aim_of(figure: ShownFigure, target: Target) -> Aim:
    """What was aimed at, and whether it is met: in words and by a sign."""
    met = None if figure.value is None else target.is_met_by(figure.value)
    return Aim(words=target_in_words(target), met=met)


def target_in_words(target: Target) -> str:
    wanted = in_unit(target.wanted, INDICATORS[target.name].unit)
    if target.bound == Bound.AT_LEAST:
        return _("target: at least %(value)s") % {"value": wanted}
    return _("target: at most %(value)s") % {"value": wanted}
