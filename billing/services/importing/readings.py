"""Meter readings that become charges of leases, each once: the next run bills them.

Known by lease, meter and day; what is here already must be the same. A meter goes on where it was
read last, and never backwards, unless the row says that it was replaced.
"""

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from typing import Any, Final

from django.utils.translation import gettext as _

from accounts.models import User
from billing.models import Settled
from billing.services.importing.places import Places
from core.cells import as_text
from core.imports import Cells, Outcome, Plan, PlannedRow, Progress, spellings, yes_or_no
from core.periods import today
from core.tables import Column, Table
from leases.choices import MeterKind
from leases.models import Consumption, Lease
from leases.services.consumption import METERED, Reading, charge_consumption, label
from sites.choices import VatSubject

COLUMNS: Final = (
    *(Column(name, required=True) for name in ("lease", "meter", "kind", "read_on", "price")),
    *(Column(name) for name in ("previous_on", "previous", "reading", "replaced")),
    *(Column(name) for name in ("quantity", "unit", "vat_subject")),
)
UNITS: Final = {MeterKind.ELECTRICITY: "kWh", MeterKind.COOLING: "kWh", MeterKind.WATER: "m³"}
LARGEST: Final = 100_000_000_000  # what the columns hold
HIGHEST_PRICE: Final = 100_000_000
LONGEST: Final = {"meter": 40, "unit": 10}
_TOLD: Final = ("previous_on", "previous", "reading", "replaced", "quantity", "unit", "price")
Meter = tuple[int, str, str]
"""Lease, kind, number."""


@dataclass(slots=True)
class ReadingData:
    lease: Lease
    reading: Reading
    quantity: Decimal | None
    """As the file says it; None: the readings tell."""

    @property
    def meter(self) -> Meter:
        return self.lease.pk, self.reading.kind, self.reading.meter


class ReadingImporter:
    """`core.imports.Importer` for meter readings."""

    columns = COLUMNS

    def plan(self, table: Table, *, acting_user: User | None) -> Plan:
        """Raises NotAllowed when the user may import readings nowhere."""
        return _Planner(table, Places(acting_user, "meter")).plan()

    def write(self, plan: Plan, *, acting_user: User | None, progress: Progress) -> None:
        """Inside the caller's transaction, which records who wrote."""
        progress(sum(row.outcome == Outcome.UNCHANGED for row in plan.rows))
        new: list[ReadingData] = [row.data for row in plan.rows if row.data is not None]
        new.sort(key=lambda data: (data.lease.pk, data.reading.read_on))
        for lease, some in groupby(new, key=lambda data: data.lease):
            readings = [data.reading for data in some]
            charge_consumption(lease=lease, readings=readings, acting_user=acting_user)
            progress(len(readings))
        # Of a lease that is long over no run would look at them.
        Settled.objects.filter(lease__in={data.lease.pk for data in new}).delete()


class _Planner:
    def __init__(self, table: Table, places: Places) -> None:
        self.table = table
        self.places = places
        self.kinds, self.subjects = spellings(MeterKind), spellings(VatSubject)
        self.words = yes_or_no()
        numbers = {as_text(row.cells.get("lease")) for row in table.rows}
        rows = Lease.objects.filter(number__in=numbers).select_related("site", "company")
        self.leases = {lease.number: lease for lease in rows}
        self.known: dict[Meter, list[Consumption]] = {}
        """In the order of days; the rows of the file join as they are planned."""
        for row in Consumption.objects.filter(lease__in=rows).order_by("read_on"):
            self.known.setdefault((row.lease_id, row.kind, row.meter), []).append(row)

    def plan(self) -> Plan:
        plan = Plan(self.table, [PlannedRow(row) for row in self.table.rows])
        read = [(Cells(planned, self.table), self._read(planned)) for planned in plan.rows]
        good = [(cells, data) for cells, data in read if data is not None]
        for cells, data in sorted(good, key=lambda each: each[1].reading.read_on):
            self._decide(cells, data)
        return plan

    # --- What the row says ---------------------------------------------------------------
    def _read(self, planned: PlannedRow) -> ReadingData | None:
        cells = Cells(planned, self.table)
        lease = self._lease(cells)
        meter, unit = cells.text("meter", required=True), cells.text("unit")
        for column, longest in LONGEST.items():
            if len(cells.text(column)) > longest:
                cells.wrong(column, _("It is longer than %(length)s.") % {"length": longest})
        kind = cells.choice("kind", self.kinds, required=True)
        read_on, previous_on = cells.day("read_on", required=True), cells.day("previous_on")
        previous, reading, quantity = (
            cells.decimal(name, places=3, below=LARGEST)
            for name in ("previous", "reading", "quantity")
        )
        price = cells.decimal("price", places=4, below=HIGHEST_PRICE, required=True)
        subject = cells.choice("vat_subject", self.subjects) or VatSubject.SERVICE
        replaced = cells.choice("replaced", self.words) == "yes"
        if lease is not None and read_on is not None:
            self._check_day(cells, lease, read_on)
        if read_on is not None and previous_on is not None and previous_on >= read_on:
            cells.wrong("previous_on", _("It is not before the reading."))
        planned.label = f"{planned.label} · {meter}"
        if planned.problems:
            return None
        assert lease is not None
        assert kind is not None
        assert read_on is not None
        assert price is not None
        return ReadingData(
            lease,
            Reading(
                kind=MeterKind(kind),
                meter=meter,
                read_on=read_on,
                quantity=quantity or Decimal(0),
                price=price,
                vat_subject=subject,
                unit=unit or UNITS.get(MeterKind(kind), ""),
                previous_on=previous_on,
                previous=previous,
                reading=reading,
                replaced=replaced,
            ),
            quantity,
        )

    def _lease(self, cells: Cells) -> Lease | None:
        number = cells.planned.label = cells.text("lease", required=True)
        lease = self.leases.get(number)
        if lease is None:
            if number:
                cells.wrong("lease", _("There is no lease with this number."))
            return None
        if lease.state not in METERED:
            cells.wrong("lease", _("It is not signed, or was cancelled."))
            return None
        return lease if self.places.checked(cells, "lease", lease.site) else None

    def _check_day(self, cells: Cells, lease: Lease, day: dt.date) -> None:
        if day > today():
            cells.wrong("read_on", _("The day has not come yet."))
        if day < max(self.places.starts_on(lease.site), lease.period.start):
            cells.wrong("read_on", _("It is before the lease or its billing here began."))

    # --- What it means beside the readings before it -----------------------------------------
    def _decide(self, cells: Cells, data: ReadingData) -> None:
        rows = self.known.setdefault(data.meter, [])
        day = data.reading.read_on
        same = next((row for row in rows if row.read_on == day), None)
        last = next((row for row in reversed(rows) if row.read_on < day), None)
        reading = self._counted(cells, data, last)
        if reading is None:
            return
        if same is not None:
            self._compare(cells, same, reading)
            return
        if rows and rows[-1].read_on > day:
            cells.wrong("read_on", _("This meter was read later already."))
            return
        planned = cells.planned
        data.reading = reading
        planned.outcome, planned.data = Outcome.CREATE, data
        planned.changes.append(f"{label(reading, data.lease.company.language)} = {reading.amount}")
        rows.append(Consumption(lease=data.lease, **_columns(reading)))

    def _counted(self, cells: Cells, data: ReadingData, last: Consumption | None) -> Reading | None:
        """The reading with its quantity, from where the meter stood before."""
        reading = data.reading
        if last is not None:
            reading = self._after(cells, reading, last)
        quantity = data.quantity
        if reading.replaced and quantity is None:
            cells.wrong("quantity", _("The meter was replaced: say what was consumed."))
        elif not reading.replaced and reading.previous is not None and reading.reading is not None:
            counted = reading.reading - reading.previous
            if counted < 0:
                reason = _("The meter runs backwards: say whether it was replaced.")
                cells.wrong("reading", reason)
            elif quantity is not None and quantity != counted:
                cells.wrong("quantity", _("The readings tell another one."))
            quantity = counted
        elif quantity is None:
            cells.wrong("quantity", _("Give both readings, or the quantity."))
        if cells.planned.problems or quantity is None:
            return None
        return replace(reading, quantity=quantity)

    def _after(self, cells: Cells, reading: Reading, last: Consumption) -> Reading:
        """It goes on from the last one; days and units before are charged already."""
        if reading.previous_on is not None and reading.previous_on < last.read_on:
            cells.wrong("previous_on", _("What was consumed by then is charged already."))
        if reading.replaced:
            return replace(reading, previous_on=reading.previous_on or last.read_on)
        previous = last.reading if reading.previous is None else reading.previous
        if last.reading is not None and previous is not None and previous < last.reading:
            cells.wrong("previous", _("What was consumed by then is charged already."))
        elif last.reading is not None and previous is not None and previous > last.reading:
            cells.planned.warnings.append(_("It goes on above the last reading."))
        return replace(reading, previous_on=reading.previous_on or last.read_on, previous=previous)

    def _compare(self, cells: Cells, here: Consumption, reading: Reading) -> None:
        names = [name for name in _TOLD if getattr(here, name) != getattr(reading, name)]
        if names:
            reason = _(
                "This day is here with another %(what)s: take the charge out of the lease first."
            )
            cells.wrong("read_on", reason % {"what": ", ".join(names)})


def _columns(reading: Reading) -> dict[str, Any]:
    names = ("kind", "meter", "read_on", *_TOLD)
    return {name: getattr(reading, name) for name in names}
