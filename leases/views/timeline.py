"""The timeline of a site: its spaces over a quarter, a year or five, and whose they are when."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import formats
from core.periods import Period, add_months, today
from leases.choices import SpaceState
from leases.selectors.timeline import Bar, Row, timeline
from leases.views.looked_at import building_asked, buildings_of, day_asked
from leases.views.stacking import HOLDING_OVER, SIGNS
from sites.admin.columns import language
from sites.models import Building

_ZOOMS: Final = {"quarter": (3, 1), "year": (12, 1), "years": (60, 12)}
"""Months that are shown, and months from one mark to the next."""
ZOOMS: Final = {"quarter": _("quarter"), "year": _("year"), "years": _("five years")}


@dataclass(frozen=True, slots=True)
class ShownBar:
    """`at` and `wide` in percent of what is shown, for the style."""

    at: str
    wide: str
    looks: str
    sign: str
    text: str
    words: str
    first: str
    last: str
    state: str
    lease: str
    lease_address: str
    space_address: str
    """On a day of the bar."""


def timeline_page(request: HttpRequest) -> HttpResponse:
    """`?building=&on=&zoom=`; `whole=site`: all its buildings; `view=table`: as a table."""
    buildings = buildings_of(request.user)
    building = building_asked(buildings, request.GET.get("building"))
    day, problem = day_asked(request.GET.get("on"))
    zoom = request.GET.get("zoom", "year")
    zoom = zoom if zoom in _ZOOMS else "year"
    window = _window(day, zoom)
    as_table = request.GET.get("view") == "table"
    context = {
        **admin.site.each_context(request),
        "title": _("Timeline"),
        "buildings": buildings,
        "building": building,
        "day": day,
        "problem": problem,
        "zoom": zoom,
        "zooms": list(ZOOMS.items()),
        "as_table": as_table,
        "window": window,
    }
    if building is not None:
        whole = request.GET.get("whole") == "site"
        shown = _of_site(buildings, building) if whole else [building]
        address = _Address(building, day, zoom, whole=whole, as_table=as_table)
        words = Words(window)
        context |= {
            "whole": whole,
            "place": building.site if whole else building,
            "key": words.key(),
            "floors": list(_floors(timeline(shown, window, request.user), words)),
            "marks": list(_marks(window, zoom, words)),
            "now": words.place(today()) if today() in window else "",
            "before": address.of(on=add_months(window.start, -_ZOOMS[zoom][0])),
            "after": address.of(on=window.end),
            "this": address.of(on=today()),
            "other_view": address.of(view="" if as_table else "table"),
            "zoomed": [
                (title, address.of(zoom=name), name == zoom) for name, title in ZOOMS.items()
            ],
        }
    return TemplateResponse(request, "leases/staff/timeline.html", context)


class Words:
    """Makes bars. What all have in common is worked out once: a site holds thousands."""

    def __init__(self, window: Period) -> None:
        self.window = window
        self.today = today()
        self.days = window.days or 1
        self.language = language()
        self.lease = reverse("admin:leases_lease_change", args=[0]).replace("/0/", "/%s/")
        self.space = reverse("admin:space_story", args=[0]).replace("/0/", "/%s/")
        self.states = {state: str(state.label) for state in SpaceState}
        self.over = gettext("holding over")

    def place(self, day: dt.date) -> str:
        """Where a day stands, in percent."""
        return f"{(day - self.window.start).days * 100 / self.days:.3f}"

    def space_address(self, row: Row, period: Period) -> str:
        """The space's page on a day of the period, today if it is one."""
        day = self.today if self.today in period else period.start
        return f"{self.space % row.id}?on={day.isoformat()}"

    def bar(self, row: Row, bar: Bar) -> ShownBar:
        seen = bar.period.intersection(self.window)
        assert seen is not None  # what does not reach into the window is not asked for
        first = formats.day(bar.period.start, self.language)
        last = formats.day(bar.period.last_day, self.language) if bar.period.last_day else "…"
        state = self.over if bar.holding_over else self.states[bar.state]
        told = [state, bar.name, bar.number, f"{first} – {last}"]
        return ShownBar(
            at=self.place(seen.start),
            wide=f"{(seen.days or 0) * 100 / self.days:.3f}",
            looks="over" if bar.holding_over else str(bar.state),
            sign=HOLDING_OVER if bar.holding_over else SIGNS[bar.state],
            text=bar.name,
            words=formats.apart(filter(None, told), self.language),
            first=first,
            last=last,
            state=state,
            lease=bar.number,
            lease_address=self.lease % bar.lease_id if bar.lease_id is not None else "",
            space_address=self.space_address(row, seen),
        )

    def key(self) -> list[tuple[str, str, str]]:
        """What the signs say: look, sign, name."""
        shown = [
            (str(state), SIGNS[state], self.states[state])
            for state in SpaceState
            if state != SpaceState.FREEING
        ]
        return [shown[0], ("over", HOLDING_OVER, self.over), *shown[1:]]


def _floors(rows: Sequence[Row], words: Words) -> Iterator[tuple[str, str, list[Any]]]:
    """By building and floor: the spaces, each with the address of its page and its bars."""
    for (building, floor), spaces in groupby(rows, key=lambda row: (row.building, row.floor)):
        shown = [
            (
                row.code,
                words.space_address(row, words.window),
                [words.bar(row, bar) for bar in row.bars],
            )
            for row in spaces
        ]
        yield str(building), floor, shown


def _of_site(buildings: Sequence[Building], building: Building) -> list[Building]:
    return [each for each in buildings if each.site_id == building.site_id]


def _window(day: dt.date, zoom: str) -> Period:
    """The calendar's quarter or year of the day, or the five years from its own on."""
    months, _step = _ZOOMS[zoom]
    month = (day.month - 1) // 3 * 3 + 1 if zoom == "quarter" else 1
    start = dt.date(day.year, month, 1)
    return Period(start, add_months(start, months))


def _marks(window: Period, zoom: str, words: Words) -> Iterator[tuple[str, str]]:
    """Where each month or year begins, and its name."""
    months, step = _ZOOMS[zoom]
    for index in range(0, months, step):
        start = add_months(window.start, index)
        name = formats.month_name(start, words.language) if step == 1 else str(start.year)
        yield words.place(start), name


class _Address:
    """This page, asked for something else."""

    def __init__(
        self, building: Building, day: dt.date, zoom: str, *, whole: bool, as_table: bool
    ) -> None:
        self.asked: dict[str, Any] = {
            "building": building.pk,
            "on": day,
            "zoom": zoom,
            "whole": "site" if whole else "",
            "view": "table" if as_table else "",
        }

    def of(self, **changed: Any) -> str:
        return "?" + urlencode(
            {name: what for name, what in (self.asked | changed).items() if what}
        )
