"""The rows of leases, read; and rows put together to lettings. Knows no table of leases."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from core.cells import folded
from core.imports import Cells, PlannedRow, spellings
from core.periods import Period
from core.tables import Column, Table
from leases.choices import BillingTerm, ChargeKind, ChargeUnit
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
    *(Column(name) for name in ("unit", "billing_months", "list_rate_per_m2")),
    *(Column(name) for name in ("service_charge_per_m2", "parking_per_month")),
    *(Column(name) for name in ("internet_per_month", "deposit_due", "deposit_received")),
    *(Column(name) for name in ("notice_months", "tacit_months", "maximum_stay_months")),
)
BESIDE: Final = {
    "service_charge_per_m2": (ChargeKind.SERVICE, ChargeUnit.PER_M2),
    "parking_per_month": (ChargeKind.PARKING, ChargeUnit.FLAT),
    "internet_per_month": (ChargeKind.INTERNET, ChargeUnit.FLAT),
}
"""What is charged beside the rent, by its column."""
PER_M2: Final = ("service_charge_per_m2", "list_rate_per_m2")
MONTHS: Final = ("notice_months", "tacit_months", "maximum_stay_months")
HIGHEST_RATE: Final = 100_000_000  # DH, what the column holds
LARGEST_DEPOSIT: Final = 1_000_000_000_000  # DH, what the column holds
LONGEST_NUMBER: Final = 30
MOST_MONTHS: Final = 1200


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
    list_rate: Decimal | None
    beside: dict[str, Decimal]
    """DH beside the rent, by the column of `BESIDE`; nothing is left out."""
    deposit_due: Decimal | None
    deposit_received: Decimal | None
    notice_months: int | None
    tacit_months: int | None
    maximum_stay_months: int | None
    kind: str
    space: Space | None = None


@dataclass(slots=True)
class ChargeData:
    """Charged beside the rent of a letting."""

    kind: ChargeKind
    unit: ChargeUnit
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
    list_rate: Decimal | None
    first: LeaseRow
    """The row that begins it: where its problems are shown."""
    steps: list[Step] = field(default_factory=list)
    charges: list[ChargeData] = field(default_factory=list)
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
    notice_months: int | None
    """None: the file says nothing of it."""
    tacit_months: int | None
    maximum_stay_months: int | None


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
        unit = cells.choice("unit", self.units)
        list_rate = cells.decimal("list_rate_per_m2", places=4, below=HIGHEST_RATE)
        beside = {
            name: cells.decimal(name, places=4, below=HIGHEST_RATE) or Decimal(0) for name in BESIDE
        }
        if not space:
            _say_what_needs_m2(cells, unit, {**beside, "list_rate_per_m2": list_rate})
        months = cells.choice("billing_months", self.terms)
        due, received = (
            cells.decimal(name, places=2, below=LARGEST_DEPOSIT)
            for name in ("deposit_due", "deposit_received")
        )
        notice, tacit, stay = (
            cells.decimal(name, places=0, below=MOST_MONTHS + 1) for name in MONTHS
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
            unit=unit or (RateUnit.PER_M2 if space else RateUnit.FLAT),
            months=int(months) if months is not None else BillingTerm.MONTH,
            list_rate=list_rate,
            beside={name: rate for name, rate in beside.items() if rate},
            deposit_due=due,
            deposit_received=received,
            notice_months=None if notice is None else int(notice),
            tacit_months=None if tacit is None else int(tacit),
            maximum_stay_months=None if stay is None else int(stay),
            **known,
        )

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


def _say_what_needs_m2(cells: Cells, unit: str | None, rates: Mapping[str, Decimal | None]) -> None:
    for column, wrong in (
        ("unit", unit == RateUnit.PER_M2),
        *((column, bool(rates[column])) for column in PER_M2),
    ):
        if wrong:
            cells.wrong(column, _("There is no space to have an area."))


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
    """Rows of one lease → its lettings: touching rows of one space, area, unit, billing term and
    list rate are steps of one.

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
                row.space, row.area_m2, row.period, row.unit, row.months, row.list_rate, row
            )
            lettings.append(before)
        before.period = Period(before.period.start, row.period.end)
        before.steps.append(Step(row.period, row.rate))
        for column, rate in row.beside.items():
            _charge(before, column, row.period, rate)
    return lettings


def _goes_on(before: LettingData, row: LeaseRow) -> bool:
    return (before.period.end, before.area_m2, before.unit, before.months, before.list_rate) == (
        row.period.start,
        row.area_m2,
        row.unit,
        row.months,
        row.list_rate,
    )


def _charge(letting: LettingData, column: str, period: Period, rate: Decimal) -> None:
    """Touching days at one rate are one charge."""
    kind, unit = BESIDE[column]
    last = next((known for known in reversed(letting.charges) if known.kind == kind), None)
    if last is not None and (last.period.end, last.rate) == (period.start, rate):
        last.period = Period(last.period.start, period.end)
    else:
        letting.charges.append(ChargeData(kind, unit, period, rate))


def term_of(lettings: Sequence[LettingData]) -> Period:
    """From the first day of any letting to the last day of all."""
    ends: list[dt.date] = [let.period.end for let in lettings if let.period.end is not None]
    start = min(let.period.start for let in lettings)
    return Period(start, max(ends) if len(ends) == len(lettings) else None)
