"""The stacking plan: the floors of a building, whose each space is on the chosen day."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import formats
from core.periods import add_months, first_of_month, today
from leases.choices import SpaceState
from leases.selectors.stacking import Cell, Plan, plan
from leases.views.looked_at import FIRST_DAY, building_asked, buildings_of, day_asked, last_day
from sites.admin.columns import language
from sites.choices import SpaceKind
from sites.models import Building

SIGNS: Final[Mapping[str, str]] = {
    SpaceState.LET: "●",
    SpaceState.FREEING: "◕",
    SpaceState.FREE: "○",
    SpaceState.HELD: "◐",
    SpaceState.OUT: "✕",
}
"""Beside the pattern: a plan is read on paper and without colour too."""
HOLDING_OVER: Final = "▲"
_HOLDING_OVER: Final = _("holding over")


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell in the words of the page."""

    address: str
    code: str
    kind: str
    m2: str
    """For the style: a plain number."""
    area: str
    state: str
    looks: str
    sign: str
    names: str
    leases: list[tuple[str, str]]
    """Number and address."""
    until: str
    words: str


def plan_page(request: HttpRequest) -> HttpResponse:
    """`?building=&on=`, or `month=`, as the slider counts; `view=table`: as a table."""
    buildings = buildings_of(request.user)
    building = building_asked(buildings, request.GET.get("building"))
    day, problem = _day(request)
    as_table = request.GET.get("view") == "table"
    context = {
        "title": _("Stacking plan"),
        "choices": _by_site(buildings),
        "building": building,
        "day": day,
        "problem": problem,
        "as_table": as_table,
        "slider": _slider(day),
        "first_day": FIRST_DAY,
        "last_day": last_day(),
    }
    if building is not None:
        found = plan(building, day, request.user)
        words = Words(day)
        context |= {
            "sums": words.sums(found),
            "bands": [
                (band.floor, words.area(band.area_m2), [words.cell(cell) for cell in band.cells])
                for band in found.bands
            ],
        }
    htmx: Any = request.htmx  # type: ignore[attr-defined]
    moved = htmx and not htmx.history_restore_request
    if not moved:
        context |= admin.site.each_context(request)
    template = "leases/staff/floors.html" if moved else "leases/staff/plan.html"
    answer = TemplateResponse(request, template, context)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


class Words:
    """Makes cells. What all have in common is worked out once: a building holds hundreds."""

    def __init__(self, day: dt.date) -> None:
        self.language = language()
        self.space = reverse("admin:space_story", args=[0]).replace("/0/", "/%s/")
        self.space += f"?on={day.isoformat()}"
        self.lease = reverse("admin:leases_lease_change", args=[0]).replace("/0/", "/%s/")
        self.states = {state: str(state.label) for state in SpaceState}
        self.kinds = {kind: str(kind.label) for kind in SpaceKind}
        self.over = str(_HOLDING_OVER)
        self.not_lettable = gettext("not lettable")
        self.until = gettext("until %(day)s")

    def area(self, value: Any) -> str:
        return formats.area(value, self.language) if value is not None else ""

    def state(self, cell: Cell) -> str:
        if cell.not_lettable and cell.state == SpaceState.OUT:
            return self.not_lettable
        return self.over if cell.holding_over else self.states[cell.state]

    def cell(self, cell: Cell) -> Shown:
        area, state = self.area(cell.area_m2), self.state(cell)
        names = formats.listed((stay.company for stay in cell.stays), self.language)
        until = formats.day(cell.until, self.language) if cell.until is not None else ""
        kind = self.kinds[SpaceKind(cell.kind)]
        told = [cell.code, kind, area, state, names or cell.told]
        if until:
            told.append(self.until % {"day": until})
        return Shown(
            address=self.space % cell.id,
            code=cell.code,
            kind=kind,
            m2=f"{cell.area_m2 or 0:f}",
            area=area,
            state=state,
            looks="over" if cell.holding_over else str(cell.state),
            sign=HOLDING_OVER if cell.holding_over else SIGNS[cell.state],
            names=names or cell.told,
            leases=[(stay.number, self.lease % stay.lease_id) for stay in cell.stays],
            until=until,
            words=formats.apart(filter(None, told), self.language),
        )

    def sums(self, found: Plan) -> list[tuple[str, str, str, int, str]]:
        """The key to the signs, with what there is of each: look, sign, name, spaces, m²."""
        shown = [
            (str(state), SIGNS[state], self.states[state], count, self.area(area))
            for state, (count, area) in found.sums.items()
        ]
        late = [cell for cell in found.cells if cell.holding_over]
        if late:
            area = sum(cell.area_m2 or 0 for cell in late)
            shown.insert(1, ("over", HOLDING_OVER, self.over, len(late), self.area(area)))
        return shown


def _by_site(buildings: list[Building]) -> list[tuple[str, list[Building]]]:
    """Where to look, for a list of choices grouped by site."""
    sites: dict[str, list[Building]] = {}
    for building in buildings:
        sites.setdefault(building.site.name, []).append(building)
    return list(sites.items())


def _day(request: HttpRequest) -> tuple[dt.date, str]:
    """The slider, sent without a script, counts the months since the first."""
    month = request.GET.get("month", "")
    if month.isascii() and month.isdigit() and int(month) <= _months(last_day()):
        first = add_months(FIRST_DAY, int(month))
        return (today() if first == first_of_month(today()) else first), ""
    return day_asked(request.GET.get("on"))


def _months(day: dt.date) -> int:
    return (day.year - FIRST_DAY.year) * 12 + day.month - FIRST_DAY.month


@dataclass(frozen=True, slots=True)
class Slider:
    value: int
    last: int
    now: int
    today: dt.date
    words: str
    """The month it stands at."""


def _slider(day: dt.date) -> Slider:
    month = formats.month(day, language())
    return Slider(_months(day), _months(last_day()), _months(today()), today(), month)
