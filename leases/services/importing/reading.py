"""The rows of leases, read; and rows put together to lettings. Knows no table of leases."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from core.cells import folded
from core.imports import Cells, PlannedRow, spellings
from core.periods import Period
from core.tables import Column, Table
from leases.choices import BillingTerm
from sites.choices import RateUnit, TenantKind
from sites.models import Site, Space
from sites.rates import Step
from sites.scopes import Scope
from sites.services.importing import LARGEST_AREA, Sites
from tenants.identifiers import compact, is_ice
from tenants.models import Company
from tenants.names import name_key

COLUMNS: Final = (
    *(Column(name, required=True) for name in ("number", "site", "company", "space")),
    Column("area_m2"),
    *(Column(name, required=True) for name in ("start", "end", "rate_per_m2", "kind")),
    *(Column(name) for name in ("unit", "billing_months", "service_charge_per_m2")),
    *(Column(name) for name in ("deposit_due", "deposit_received")),
)
HIGHEST_RATE: Final = 100_000_000  # DH, what the column holds
LARGEST_DEPOSIT: Final = 1_000_000_000_000  # DH, what the column holds
LONGEST_NUMBER: Final = 30


@dataclass(slots=True)
class LeaseRow:
    """A row understood as far as it stands alone."""

    planned: PlannedRow
    cells: Cells
    number: str
    site: Site
    company_name: str
    ice: str
    key: str
    space_code: str
    area_m2: Decimal | None
    period: Period
    rate: Decimal
    unit: str
    months: int
    """Of a billing term."""
    service_rate: Decimal | None
    """DH per m² and month beside the rent."""
    deposit_due: Decimal | None
    deposit_received: Decimal | None
    kind: str
    space: Space | None = None


@dataclass(slots=True)
class ServiceCharge:
    """Charged per m² and month beside the rent of a letting."""

    period: Period
    rate: Decimal
    id: int | None = None
    """Known once it is written."""


@dataclass(slots=True)
class LettingData:
    """A space let over a period under a lease, from one or several touching rows."""

    space: Space | None
    area_m2: Decimal | None
    period: Period
    unit: str
    months: int
    steps: list[Step]
    services: list[ServiceCharge]
    first: LeaseRow
    """The row that begins it: where its problems are shown."""
    id: int | None = None
    charge_id: int | None = None
    """Known once it is written."""


@dataclass(slots=True)
class LeaseData:
    number: str
    site: Site
    company: Company
    kind: str
    period: Period
    lettings: list[LettingData]
    deposit_due: Decimal
    deposit_received: Decimal
    """Nothing: the file says nothing of it."""


class Reader:
    """Reads rows one by one."""

    def __init__(self, table: Table, scope: Scope) -> None:
        self.table = table
        self.scope = scope
        self.sites = Sites()
        self.kinds = spellings(TenantKind)
        self.units = spellings(RateUnit)
        self.terms = spellings(BillingTerm)

    def read(self, planned: PlannedRow) -> LeaseRow | None:
        cells = Cells(planned, self.table)
        number = cells.text("number", required=True)
        planned.label = number
        if len(number) > LONGEST_NUMBER:
            cells.wrong("number", _("It is longer than %(length)s.") % {"length": LONGEST_NUMBER})
        site = self._site(cells)
        company = cells.text("company", required=True)
        if len(company) > 200:
            cells.wrong("company", _("It is longer than %(length)s.") % {"length": 200})
        ice = compact(company)
        kind = cells.choice("kind", self.kinds, required=True)
        space = cells.text("space")
        if kind is not None and bool(space) == (kind == TenantKind.DOMICILIATION):
            cells.wrong("space", _("Domiciliation has no space, every other kind has one."))
        area = cells.decimal("area_m2", places=2, below=LARGEST_AREA)
        if area == 0:
            cells.wrong("area_m2", _("It must be more than 0."))
        if area is not None and not space:
            cells.wrong("area_m2", _("There is no space to have an area."))
        rate = cells.decimal("rate_per_m2", places=4, below=HIGHEST_RATE, required=True)
        unit, service_rate = self._charged(cells, in_a_space=bool(space))
        months = cells.choice("billing_months", self.terms)
        due, received = (
            cells.decimal(name, places=2, below=LARGEST_DEPOSIT)
            for name in ("deposit_due", "deposit_received")
        )
        period = self._period(cells)
        if planned.problems or None in (site, kind, rate, period):
            return None
        known: Any = {"site": site, "kind": kind, "rate": rate, "period": period}
        return LeaseRow(
            planned=planned,
            cells=cells,
            number=number,
            company_name=company,
            ice=ice if is_ice(ice) else "",
            key=name_key(company),
            space_code=space,
            area_m2=area,
            unit=unit,
            months=int(months) if months is not None else BillingTerm.MONTH,
            service_rate=service_rate,
            deposit_due=due,
            deposit_received=received,
            **known,
        )

    def _charged(self, cells: Cells, *, in_a_space: bool) -> tuple[str, Decimal | None]:
        """The unit of the rent, and the service charge per m²."""
        unit = cells.choice("unit", self.units)
        rate = cells.decimal("service_charge_per_m2", places=4, below=HIGHEST_RATE)
        if not in_a_space:
            for column, wrong in (
                ("unit", unit == RateUnit.PER_M2),
                ("service_charge_per_m2", bool(rate)),
            ):
                if wrong:
                    cells.wrong(column, _("There is no space to have an area."))
        return unit or (RateUnit.PER_M2 if in_a_space else RateUnit.FLAT), rate or None

    def _site(self, cells: Cells) -> Site | None:
        name = cells.text("site", required=True)
        site = self.sites.find(name)
        if site is None and name:
            cells.wrong("site", self.sites.unknown(name))
        elif site is not None and not self.scope.covers(site.pk):
            cells.wrong("site", _("You may not import for %(site)s.") % {"site": site.code})
        return site

    def _period(self, cells: Cells) -> Period | None:
        start = cells.day("start", required=True)
        last = cells.day("end")
        if start is None or cells.planned.problems:
            return None
        if last is not None and last < start:
            cells.wrong("end", _("The last day is before the first."))
            return None
        return Period.through(start, last)


class Spaces:
    """Spaces by site and code; "A/B12" is B12 in building A."""

    def __init__(self, codes: Iterable[str]) -> None:
        wanted = {code.rpartition("/")[2].strip() for code in codes}
        self._known: dict[tuple[int, str], list[Space]] = {}
        found = Space.objects.filter(code__in=wanted).select_related("building")
        for space in found.order_by("id"):
            self._known.setdefault((space.site_id, space.code), []).append(space)
        self.ids = [space.pk for spaces in self._known.values() for space in spaces]

    def find(self, row: LeaseRow) -> Space | None:
        building, _slash, code = (part.strip() for part in row.space_code.rpartition("/"))
        found = self._known.get((row.site.pk, code), [])
        if building:
            found = [space for space in found if folded(space.building.code) == folded(building)]
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(f"{space.building.code}/{space.code}" for space in found)
            reason = _("Several spaces have this code: write one of %(names)s.") % {"names": names}
        else:
            reason = _("%(site)s has no space %(space)s: import the spaces first.") % {
                "site": row.site.code,
                "space": row.space_code,
            }
        row.cells.wrong("space", reason)
        return None


def lettings_of(rows: Sequence[LeaseRow]) -> list[LettingData]:
    """Rows of one lease → its lettings: touching rows of one space, area, unit and billing term
    are steps of one.

    A row that overlaps an earlier one of its space gets the problem, and is left out.
    """
    lettings: list[LettingData] = []
    latest: dict[int | None, LettingData] = {}
    for row in sorted(rows, key=lambda row: row.period.start):
        key = row.space.pk if row.space is not None else None
        before = latest.get(key)
        if before is not None and before.period.overlaps(row.period):
            reason = _("These days overlap those of line %(line)s for the same space.")
            row.cells.wrong("start", reason % {"line": before.first.planned.row.line})
            continue
        if before is None or not _goes_on(before, row):
            before = latest[key] = LettingData(
                row.space, row.area_m2, row.period, row.unit, row.months, [], [], row
            )
            lettings.append(before)
        before.period = Period(before.period.start, row.period.end)
        before.steps.append(Step(row.period, row.rate))
        if row.service_rate is not None:
            _serve(before, row.period, row.service_rate)
    return lettings


def _goes_on(before: LettingData, row: LeaseRow) -> bool:
    return (before.period.end, before.area_m2, before.unit, before.months) == (
        row.period.start,
        row.area_m2,
        row.unit,
        row.months,
    )


def _serve(letting: LettingData, period: Period, rate: Decimal) -> None:
    """Touching days at one rate are one charge."""
    last = letting.services[-1] if letting.services else None
    if last is not None and (last.period.end, last.rate) == (period.start, rate):
        last.period = Period(last.period.start, period.end)
    else:
        letting.services.append(ServiceCharge(period, rate))


def term_of(lettings: Sequence[LettingData]) -> Period:
    """From the first day of any letting to the last day of all."""
    ends: list[dt.date] = [let.period.end for let in lettings if let.period.end is not None]
    start = min(let.period.start for let in lettings)
    return Period(start, max(ends) if len(ends) == len(lettings) else None)
