"""What the explorer was asked: the address holds all of it, so that it can be kept and sent."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from core import formats
from core.periods import Period, add_months
from indicators.choices import Dimension
from indicators.figure import Indicator
from indicators.keeping import is_near
from indicators.labels import DIMENSIONS, NAMES, PROFILES
from indicators.narrowing import Part
from indicators.profile import Profile
from indicators.selectors.network import (
    MOST_BY_ROWS,
    MOST_POINTS,
    Network,
    periods,
    points,
)
from indicators.selectors.parts import NotNarrowed, UnknownPart, part_of, values_of
from indicators.selectors.where import YEAR_BEFORE
from indicators.views.asked import Asked, asked
from indicators.wording import language

STEPS: Final = {
    "day": gettext_lazy("day by day"),
    "month": gettext_lazy("month by month"),
    "quarter": gettext_lazy("quarter by quarter"),
    "year": gettext_lazy("year by year"),
}
MONTHS: Final = 36
"""How far back a course goes when nothing else is said."""

BY_SITE: Final = "site"


@dataclass(frozen=True, slots=True)
class Choice:
    """One list of the form: its word in the address, what it may be, what it is."""

    name: str
    title: str
    options: Sequence[tuple[str, str]]
    chosen: str


@dataclass(frozen=True, slots=True)
class Explored:
    """`part` narrows the figure; the course goes from `first` to the day asked for, by `step`.

    `begins` is the first day that was said: without one each step has a usual one, so the form must
    not hold on to that of another step. `each` counts every step's own period instead of the twelve
    months up to its end. `by` draws a line for each site, or each value of a dimension; `against`
    another site, or "year": the same a year before. `choices` are the lists of the form.
    """

    asked: Asked
    part: Part
    first: dt.date
    begins: str
    step: str
    each: bool
    by: str
    against: str
    choices: Sequence[Choice]
    problem: str
    query: str
    """The address's words, without the page of rows."""

    @property
    def is_narrowed(self) -> bool:
        """Whether more was chosen than figure, site and day."""
        usual = {"", "month"}
        return self.each or any(choice.chosen not in usual for choice in self.choices)

    @property
    def narrowed_to(self) -> list[tuple[str, str]]:
        """(dimension, value) in words."""
        return [
            (choice.title, dict(choice.options)[choice.chosen])
            for choice in self.choices
            if choice.chosen and choice.name in set(Dimension)
        ]

    @property
    def days(self) -> list[dt.date]:
        """The last day of each step."""
        return points(self.first, self.asked.on, self.step)

    @property
    def periods(self) -> list[Period]:
        return periods(self.first, self.asked.on, self.step)


def explored(
    user: Any,
    given: QueryDict,
    network: Network,
    of: Indicator | Profile,
    *,
    with_course: bool = True,
) -> Explored:
    """Reads the address; without a course only what narrows the figure can be chosen.

    What cannot be read is said in `problem` and left out. Raises PermissionDenied for a site, or a
    network, out of scope.
    """
    words = {name: value for name, value in given.items() if isinstance(value, str)}
    question = asked(user, words, network.sites.values())
    problems = [question.problem] if question.problem else []
    seen = [code for code, _name in question.choices if code]
    site_ids = [network.sites[code].pk for code in seen if question.site in (None, code)]
    part = Part()
    try:
        part = part_of(words, of, site_ids)
    except (UnknownPart, NotNarrowed) as error:
        problems.append(_in_words(error))
    step = words.get("step", "month")
    if step not in STEPS:
        problems.append(_("« %(step)s » is no step: months are shown.") % {"step": step})
        step = "month"
    most = MOST_BY_ROWS if isinstance(of, Indicator) and of.daily is None else MOST_POINTS
    first = _first(words.get("from", ""), question.on, step, most, problems)
    each = words.get("over") == "period" and isinstance(of, Indicator) and of.is_summable
    lists = _dimensions(words, of, site_ids)
    if with_course:
        lists += _of_course(words, of, question, step, problems)
    chosen = {choice.name: choice.chosen for choice in lists}
    kept = given.copy()
    kept.pop("page", None)
    kept.pop("format", None)
    return Explored(
        asked=question,
        part=part,
        first=first,
        begins=first.isoformat() if words.get("from") else "",
        step=step,
        each=each,
        by=chosen.get("by", ""),
        against=chosen.get("against", ""),
        choices=lists,
        problem=" ".join(problems),
        query=kept.urlencode(),
    )


def _in_words(refusal: UnknownPart | NotNarrowed) -> str:
    """With the names that people know; the address and its values keep their codes."""
    told = {**refusal.data, "dimension": DIMENSIONS[Dimension(refusal.data["dimension"])]}
    if "name" in told:
        told["name"] = {**NAMES, **PROFILES}[told["name"]]
        names: dict[str, Any] = {BY_SITE: _("site")}
        names |= {one.value: title for one, title in DIMENSIONS.items()}
        codes = told["known"].split(", ")
        told["known"] = formats.listed((names[code] for code in codes), language())
    return type(refusal)(**told).message


def _first(text: str, on: dt.date, step: str, most: int, problems: list[str]) -> dt.date:
    usual = add_months(on.replace(day=1), -MONTHS)
    if step == "day":
        usual = add_months(on, -3)
    elif step == "year":
        usual = add_months(on.replace(month=1, day=1), -120)
    if not text:
        return usual
    try:
        first = dt.date.fromisoformat(text)
    except ValueError:
        problems.append(_("« %(day)s » is not a day.") % {"day": text})
        return usual
    if not is_near(first, on):
        problems.append(_("That day is too far away: another is shown."))
        return usual
    if first >= on:
        problems.append(_("The course must begin before the day it leads up to."))
        return usual
    if step == "day" and (on - first).days >= most:
        problems.append(_("So many days are too many: take months."))
        return usual
    return first


def _dimensions(
    words: Mapping[str, str], of: Indicator | Profile, site_ids: Sequence[int]
) -> list[Choice]:
    return [
        _choice(
            dimension.value,
            DIMENSIONS[dimension],
            [(word, name) for word, (name, _id) in values_of(dimension, site_ids).items()],
            words,
        )
        for dimension in Dimension
        if dimension in of.dimensions
    ]


def _of_course(
    words: Mapping[str, str],
    of: Indicator | Profile,
    question: Asked,
    step: str,
    problems: list[str],
) -> list[Choice]:
    """What is no choice here is told, and so is what there is no room for: a line for each leaves
    none for another beside it."""
    steps = _choice(
        "step", pgettext("course", "steps"), list(STEPS.items()), {"step": step}, may_be_empty=False
    )
    sites = [(code, name) for code, name in question.choices if code]
    by = [(BY_SITE, _("sites"))] if question.site is None and len(sites) > 1 else []
    by += [(one.value, str(DIMENSIONS[one])) for one in Dimension if one in of.dimensions]
    others = [(YEAR_BEFORE, _("a year before"))]
    others += [(code, name) for code, name in sites if code != question.site]
    each = _choice("by", _("a line for each"), by, words)
    beside = _choice("against", _("beside"), others, words)
    problems += [
        _("« %(value)s » is no choice here: it is left out.") % {"value": words[choice.name]}
        for choice in (each, beside)
        if words.get(choice.name, choice.chosen) != choice.chosen
    ]
    if each.chosen and beside.chosen:
        problems.append(_("Beside a line for each nothing else is drawn."))
    return [steps, each, beside]


def _choice(
    name: str,
    title: Any,
    options: Sequence[tuple[str, Any]],
    words: Mapping[str, str],
    *,
    may_be_empty: bool = True,
) -> Choice:
    said = words.get(name, "")
    plain = [(word, str(label)) for word, label in options]
    chosen = said if said in dict(plain) else ""
    empty = [("", "—")] if may_be_empty else []
    return Choice(name, str(title), [*empty, *plain], chosen)
