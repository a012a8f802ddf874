"""Spaces from a file. Known by site, building and code; missing buildings and floors are made.

Another area is a measurement from `lettable_from` (empty: today) on. Kind and floor are not dated,
so a file that contradicts them is refused: changing them would change past figures.
"""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import Action
from core import formats
from core.cells import folded
from core.imports import Cells, Outcome, Plan, PlannedRow, Progress, chunks, spellings
from core.periods import Period, today
from core.tables import Column, Table
from sites.choices import SpaceKind
from sites.errors import SpaceHasUnits, SpaceRetired
from sites.models import Building, Floor, LettablePeriod, Measure, Site, Space
from sites.permissions import require_somewhere
from sites.scopes import Scope, scope_of
from sites.services.bookings import lock_spaces
from sites.signals import premises_changed

COLUMNS: Final = (
    *(Column(name, required=True) for name in ("site", "building", "floor", "code", "kind")),
    Column("area_m2", required=True),
    Column("lettable_from"),
)
LARGEST_AREA: Final = 10_000_000  # m², what the column holds
_LEVEL: Final = re.compile(
    r"(?:(rdc|rezdechaussee|groundfloor)|(ss|soussol)([0-9]*)|r?([0-9]{1,3}))"
)


@dataclass(slots=True)
class SpaceData:
    """A row understood, and what to write of it."""

    space: Space
    area_m2: Decimal
    since: dt.date
    current: Measure | None = None
    """The measurement that ends when this one begins."""
    opens: bool = False
    """It was never lettable before."""


@dataclass(slots=True)
class _Given:
    site: Site
    building: str
    floor: str
    level: int
    code: str
    kind: str
    area_m2: Decimal
    since: dt.date | None


class Sites:
    """Sites by code, name in any language or city."""

    def __init__(self) -> None:
        self.all = list(Site.objects.order_by("code"))
        self._known: dict[str, Site | None] = {}
        for site in self.all:
            names = (site.code, site.name_fr, site.name_ar, site.name_en, site.city)
            for spelling in {folded(name) for name in names}:
                # Two sites in one city: the city names neither.
                self._known[spelling] = None if spelling in self._known else site

    def find(self, name: str) -> Site | None:
        return self._known.get(folded(name))

    def unknown(self, name: str) -> str:
        """The refusal of a name, with what may be written."""
        known = ", ".join(f"{site.code} ({site.city})" for site in self.all)
        return _("There is no site “%(name)s”; known are: %(known)s.") % {
            "name": name,
            "known": known,
        }


def level_of(floor: str) -> int | None:
    """The level that a floor's code says: RDC 0, 3 and R+3 are 3, SS -1, SS2 -2; else None."""
    found = _LEVEL.fullmatch(folded(floor))
    if found is None:
        return None
    ground, below, depth, level = found.groups()
    if ground:
        return 0
    return -int(depth or 1) if below else int(level)


class SpaceImporter:
    """`core.imports.Importer` for spaces."""

    columns = COLUMNS

    def plan(self, table: Table, *, acting_user: User | None) -> Plan:
        """Raises NotAllowed when the user may import spaces nowhere."""
        require_somewhere(acting_user, Action.IMPORT, "space")
        return _Planner(table, acting_user).plan()

    def write(self, plan: Plan, *, acting_user: User | None, progress: Progress) -> None:
        progress(sum(row.outcome == Outcome.UNCHANGED for row in plan.rows))
        created = [row.data for row in plan.rows if row.outcome == Outcome.CREATE]
        _save_floors(data.space.floor for data in created)
        for some in chunks(created):
            for data in some:
                data.space.building = data.space.floor.building
                data.space.floor = data.space.floor  # takes the key that it has only now
            Space.objects.bulk_create(data.space for data in some)
            _measure(some)
            progress(len(some))
        for some in chunks([row.data for row in plan.rows if row.outcome == Outcome.UPDATE]):
            lock_spaces(data.space for data in some)
            ended = []
            for data in some:
                if data.current is not None:
                    data.current.period = Period(data.current.period.start, data.since)
                    ended.append(data.current)
            Measure.objects.bulk_update(ended, ["period"], batch_size=200)
            _measure(some)
            progress(len(some))
        writing = {Outcome.CREATE, Outcome.UPDATE}
        since = [row.data.since for row in plan.rows if row.outcome in writing]
        if since:
            days = Period(min(since))
            premises_changed.send(sender=Space, site_id=None, days=days, acting_user=acting_user)


def _save_floors(floors: Iterable[Floor]) -> None:
    new = {id(floor): floor for floor in floors if floor.pk is None}.values()
    buildings = {id(floor.building): floor.building for floor in new if floor.building.pk is None}
    Building.objects.bulk_create(buildings.values())
    for floor in new:
        floor.building = floor.building  # takes the key that it has only now
    Floor.objects.bulk_create(new)


def _measure(rows: Sequence[SpaceData]) -> None:
    LettablePeriod.objects.bulk_create(
        LettablePeriod(space=data.space, period=Period(data.since)) for data in rows if data.opens
    )
    Measure.objects.bulk_create(
        Measure(space=data.space, period=Period(data.since), area_m2=data.area_m2) for data in rows
    )


class _Planner:
    def __init__(self, table: Table, acting_user: User | None) -> None:
        self.table = table
        self.scope = (
            Scope(True) if acting_user is None else scope_of(acting_user, Action.IMPORT, "space")
        )
        self.sites = Sites()
        self.kinds = spellings(SpaceKind)
        self.buildings = {(row.site_id, row.code.casefold()): row for row in Building.objects.all()}
        self.floors: dict[int, list[Floor]] = {}
        """By the building's place in memory: a new one has no key yet."""
        by_key = {row.pk: row for row in self.buildings.values()}
        for floor in Floor.objects.all():
            floor.building = by_key[floor.building_id]
            self.floors.setdefault(id(floor.building), []).append(floor)
        self.spaces: dict[tuple[int, str], Space] = {}
        self.measures: dict[int, list[Measure]] = {}
        self.lettable: set[int] = set()
        self.divided: set[int] = set()
        self.seen: dict[tuple[int, str, str], int] = {}

    def plan(self) -> Plan:
        rows = [PlannedRow(row) for row in self.table.rows]
        read = [(planned, self._read(planned)) for planned in rows]
        self._load({given.code for _planned, given in read if given is not None})
        before = len(self.buildings), sum(map(len, self.floors.values()))
        for planned, given in read:
            if given is not None:
                self._decide(Cells(planned, self.table), planned, given)
        plan = Plan(self.table, rows)
        plan.made["buildings"] = len(self.buildings) - before[0]
        plan.made["floors"] = sum(map(len, self.floors.values())) - before[1]
        return plan

    def _read(self, planned: PlannedRow) -> _Given | None:
        cells = Cells(planned, self.table)
        names = {
            column: cells.text(column, required=True)
            for column in ("site", "building", "floor", "code")
        }
        planned.label = "/".join(names[column] for column in ("site", "building", "code"))
        site = self.sites.find(names["site"])
        if site is None and names["site"]:
            cells.wrong("site", self.sites.unknown(names["site"]))
        elif site is not None and not self.scope.covers(site.pk):
            cells.wrong("site", _("You may not import for %(site)s.") % {"site": site.code})
        level = level_of(names["floor"])
        if level is None and names["floor"]:
            cells.wrong("floor", _("Write the floor as RDC, 1, 2, … or SS, SS2, …"))
        kind = cells.choice("kind", self.kinds, required=True)
        area = cells.decimal("area_m2", places=2, below=LARGEST_AREA, required=True)
        if area == 0:
            cells.wrong("area_m2", _("It must be more than 0."))
        since = cells.day("lettable_from")
        if planned.problems or site is None or level is None or kind is None or area is None:
            return None
        return _Given(
            site, names["building"], names["floor"], level, names["code"], kind, area, since
        )

    def _load(self, codes: set[str]) -> None:
        spaces = Space.objects.filter(code__in=codes).select_related("floor")
        self.spaces = {(space.building_id, space.code): space for space in spaces}
        measures = Measure.objects.filter(space__code__in=codes).order_by("period")
        lettable = LettablePeriod.objects.filter(space__code__in=codes)
        self.lettable = set(lettable.values_list("space_id", flat=True))
        divided = Space.objects.filter(parent__code__in=codes)
        self.divided = set(divided.values_list("parent_id", flat=True))
        for measure in measures:
            self.measures.setdefault(measure.space_id, []).append(measure)

    def _decide(self, cells: Cells, planned: PlannedRow, given: _Given) -> None:
        key = (given.site.pk, given.building.casefold(), given.code)
        if key in self.seen:
            cells.wrong("code", _("The same space as in line %(line)s.") % {"line": self.seen[key]})
            return
        self.seen[key] = planned.row.line
        building = self.buildings.get(key[:2])
        space = self.spaces.get((building.pk, given.code)) if building is not None else None
        if space is None:
            self._create(cells, planned, given)
        else:
            self._update(cells, planned, given, space)

    def _create(self, cells: Cells, planned: PlannedRow, given: _Given) -> None:
        space = Space(site=given.site, code=given.code, kind=given.kind)
        building = Building(site=given.site, code=given.building)
        floor = Floor(building=building, code=given.floor, level=given.level)
        for row, column, name in (
            (space, "code", "code"),
            (building, "building", "code"),
            (floor, "floor", "code"),
        ):
            try:
                row.clean_fields(exclude={f.name for f in row._meta.fields} - {name})
            except ValidationError as error:
                cells.wrong(column, " ".join(error.messages))
        if planned.problems:
            return
        building = self.buildings.setdefault((given.site.pk, given.building.casefold()), building)
        floors = self.floors.setdefault(id(building), [])
        known = next((row for row in floors if row.code == given.floor), None) or next(
            (row for row in floors if row.level == given.level), None
        )
        if known is None:
            floor.building = building
            floors.append(floor)
        space.floor = known or floor
        planned.outcome = Outcome.CREATE
        planned.data = SpaceData(space, given.area_m2, given.since or today(), opens=True)

    def _update(self, cells: Cells, planned: PlannedRow, given: _Given, space: Space) -> None:
        different: Any = (
            ("kind", space.kind, given.kind, space.kind != given.kind),
            ("floor", space.floor.code, given.floor, space.floor.level != given.level),
        )
        for column, here, there, differs in different:
            if differs:
                reason = _("It is %(here)s here and %(there)s in the file: correct one of the two.")
                cells.wrong(column, reason % {"here": here, "there": there})
        if space.pk in self.divided:
            cells.wrong("code", SpaceHasUnits(space=space.code).message)
        if planned.problems:
            return
        self._compare_area(cells, planned, given, space)

    def _compare_area(self, cells: Cells, planned: PlannedRow, given: _Given, space: Space) -> None:
        measures = self.measures.get(space.pk, [])
        since = given.since or today()
        language = get_language() or "fr"
        in_force = next((row for row in measures if since in row.period), None)
        if in_force is not None and in_force.area_m2 == given.area_m2:
            return
        last = measures[-1] if measures else None
        column = "lettable_from" if given.since else "area_m2"
        if last is not None and last.period.end is not None:
            cells.wrong(column, SpaceRetired(day=last.period.last_day).message)
            return
        if last is not None and last.period.start >= since:
            reason = _("%(area)s m² are measured from %(day)s on: give a later day.") % {
                "area": formats.number(last.area_m2, language, decimals=2),
                "day": formats.day(last.period.start, language),
            }
            cells.wrong(column, reason)
            return
        planned.outcome = Outcome.UPDATE
        before = f"{last.area_m2:f}" if last is not None else "—"
        day = formats.day(since, language)
        planned.changes.append(f"area_m2: {before} → {given.area_m2:f} ({day})")
        planned.data = SpaceData(
            space, given.area_m2, since, current=last, opens=space.pk not in self.lettable
        )
