"""What the old system owed companies when billing began here: credit, as a payment that nothing is
settled by yet. Known by company, site and reference; what is here already must be the same."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from billing.choices import PaymentMethod
from billing.models import Payment
from billing.services.importing.places import Places
from billing.services.payments import record_payment
from core import formats
from core.cells import as_text
from core.imports import Cells, Outcome, Plan, PlannedRow, Progress
from core.money import ZERO
from core.periods import ONE_DAY, today
from core.tables import Column, Table
from sites.models import Site
from tenants.models import Company
from tenants.services.importing.finding import KnownCompanies

COLUMNS: Final = (
    *(Column(name, required=True) for name in ("site", "company", "amount")),
    *(Column(name) for name in ("on", "reference")),
)
LARGEST: Final = 1_000_000_000_000  # DH, what the column holds
LONGEST_REFERENCE: Final = 80


@dataclass(frozen=True, slots=True)
class BalanceData:
    site: Site
    company: Company
    amount: Decimal
    on: dt.date
    reference: str

    @property
    def key(self) -> tuple[int, int, str]:
        return self.site.pk, self.company.pk, self.reference


class BalanceImporter:
    """`core.imports.Importer` for balances in favour of companies."""

    columns = COLUMNS

    def plan(self, table: Table, *, acting_user: User | None) -> Plan:
        """Raises NotAllowed when the user may import payments nowhere."""
        return _Planner(table, Places(acting_user, "payment")).plan()

    def write(self, plan: Plan, *, acting_user: User | None, progress: Progress) -> None:
        """Inside the caller's transaction, which records who wrote."""
        progress(sum(row.outcome == Outcome.UNCHANGED for row in plan.rows))
        new = [row.data for row in plan.rows if row.data is not None]
        # Accounts are locked in the order of companies, as everywhere.
        for data in sorted(new, key=lambda data: (data.site.lessor_id, data.company.pk)):
            record_payment(
                site=data.site,
                company=data.company,
                method=PaymentMethod.BALANCE,
                received_on=data.on,
                amount=data.amount,
                shares=(),
                reference=data.reference,
                acting_user=acting_user,
            )
            progress(1)


class _Planner:
    def __init__(self, table: Table, places: Places) -> None:
        self.table = table
        self.places = places
        names = {as_text(row.cells.get("company")) for row in table.rows}
        self.companies = KnownCompanies(names)
        self.lines: dict[tuple[int, int, str], int] = {}

    def plan(self) -> Plan:
        plan = Plan(self.table, [PlannedRow(row) for row in self.table.rows], controlled=True)
        read = [(Cells(planned, self.table), self._read(planned)) for planned in plan.rows]
        here = {
            (site, company, reference): (amount, on)
            for site, company, reference, amount, on in Payment.objects.filter(
                method=PaymentMethod.BALANCE,
                company__in=[data.company for _cells, data in read if data is not None],
            ).values_list("site", "company", "reference", "amount", "received_on")
        }
        for cells, data in read:
            if data is not None:
                self._decide(cells, data, here.get(data.key))
        return plan

    def _decide(self, cells: Cells, data: BalanceData, here: Any) -> None:
        if (line := self.lines.get(data.key)) is not None:
            reason = _("Line %(line)s is of the same site, company and reference.")
            cells.wrong("company", reason % {"line": line})
            return
        self.lines[data.key] = cells.planned.row.line
        if here is None:
            cells.planned.outcome, cells.planned.data = Outcome.CREATE, data
            language = get_language() or "fr"
            told = (data.site.code, formats.money(data.amount, language))
            cells.planned.changes.append(formats.apart(told, language))
        elif here != (data.amount, data.on):
            reason = _("It is here with another %(what)s; give another reference.")
            names = ("amount", "on")
            mine = (data.amount, data.on)
            what = [name for name, a, b in zip(names, here, mine, strict=True) if a != b]
            cells.wrong("amount", reason % {"what": ", ".join(what)})

    def _read(self, planned: PlannedRow) -> BalanceData | None:
        cells = Cells(planned, self.table)
        planned.label = cells.text("company")
        site = self.places.find(cells, "site")
        company = self.companies.find(cells, "company")
        amount = cells.decimal("amount", places=2, below=LARGEST, required=True)
        on = cells.day("on")
        reference = cells.text("reference")
        if len(reference) > LONGEST_REFERENCE:
            told = {"length": LONGEST_REFERENCE}
            cells.wrong("reference", _("It is longer than %(length)s.") % told)
        if amount is not None and amount <= ZERO:
            cells.wrong("amount", _("It must be more than 0."))
        if site is not None:
            on = on or min(self.places.starts_on(site) - ONE_DAY, today())
            if on > today():
                cells.wrong("on", _("The day has not come yet."))
            self.places.check_open(cells, "on", site, on)
        if planned.problems or site is None or company is None or amount is None or on is None:
            return None
        planned.amount = amount
        return BalanceData(site, company, amount, on, reference)
