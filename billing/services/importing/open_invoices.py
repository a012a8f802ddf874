"""Invoices of the old system that are still open, with its numbers, as the first rows of accounts.

Rows with one number are the lines of one invoice; of one that is partly paid they say what is left.
From then on it is an invoice as any other. It never moves a series, and it has no paper here: the
old system's stands. An invoice that is here already must be the same.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from billing.choices import InvoiceKind
from billing.models import Invoice, InvoiceLine
from billing.selectors.parties import client_of, seller_of
from billing.services.accounts import locked_many
from billing.services.importing.places import Places
from billing.services.numbers import LETTERS
from core import formats
from core.cells import as_text
from core.errors import Stale
from core.imports import Cells, Outcome, Plan, PlannedRow, Problem, Progress, chunks, yes_or_no
from core.money import ZERO, rounded
from core.tables import Column, Table
from leases.models import Lease
from leases.rent import vat_on
from sites.models import Lessor, Site
from tenants.models import Company
from tenants.services.importing.finding import KnownCompanies

OPENING: Final = "opening"
"""The kind of the lines of such an invoice, and their unit."""
COLUMNS: Final = (
    *(Column(name, required=True) for name in ("number", "site", "company")),
    *(Column(name, required=True) for name in ("issued_on", "due_on", "vat_rate")),
    *(Column(name) for name in ("net", "vat", "total", "vat_ground", "label", "rent", "lease")),
)
LARGEST: Final = 1_000_000_000_000  # DH, what the column holds
SLACK: Final = Decimal("0.50")
"""DH by which a VAT may differ from its rate: others round in other places."""


@dataclass(frozen=True, slots=True)
class LineData:
    label: str
    net: Decimal
    vat_rate: Decimal
    vat: Decimal
    vat_ground: str
    is_rent: bool


@dataclass(slots=True)
class InvoiceData:
    """Of a file or of the table; what says the same is the same."""

    site: Site
    company: Company
    lease: Lease | None
    issued_on: dt.date
    due_on: dt.date
    lines: list[LineData]

    def differences(self, other: "InvoiceData") -> list[str]:
        """The columns by which they differ."""
        names = [
            name
            for name in ("site", "company", "lease", "issued_on", "due_on")
            if getattr(self, name) != getattr(other, name)
        ]
        mine, theirs = (sorted(map(_told, data.lines)) for data in (self, other))
        return names if mine == theirs else [*names, "label, net, vat_rate, vat, vat_ground, rent"]


class OpenInvoiceImporter:
    """`core.imports.Importer` for open invoices of the old system."""

    columns = COLUMNS

    def plan(self, table: Table, *, acting_user: User | None) -> Plan:
        """Raises NotAllowed when the user may import invoices nowhere."""
        return _Planner(table, Places(acting_user, "invoice")).plan()

    def write(self, plan: Plan, *, acting_user: User | None, progress: Progress) -> None:
        """Inside the caller's transaction, which records who wrote. Raises Stale where a company
        was merged meanwhile."""
        new = [(row.label, row.data) for row in plan.rows if row.data is not None]
        progress(sum(row.outcome == Outcome.UNCHANGED for row in plan.rows))
        ids = {data.company.pk for _number, data in new}
        rows = Company.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
        if any(company.merged_into_id is not None for company in rows):
            raise Stale
        for lessor_id in sorted({data.site.lessor_id for _number, data in new}):
            of = {data.company.pk for _number, data in new if data.site.lessor_id == lessor_id}
            locked_many(lessor_id, of)
        for some in chunks(new):
            _write(some, acting_user)
            progress(sum(len(data.lines) for _number, data in some))


class _Planner:
    def __init__(self, table: Table, places: Places) -> None:
        self.table = table
        self.places = places
        self.words = yes_or_no()
        names = {as_text(row.cells.get("company")) for row in table.rows}
        self.companies = KnownCompanies(names)
        leases = {as_text(row.cells.get("lease")) for row in table.rows}
        self.leases = {one.number: one for one in Lease.objects.filter(number__in=leases)}
        lessors = Lessor.objects.values_list("code", flat=True)
        codes = "|".join(re.escape(code.upper()) for code in lessors)
        self.ours = re.compile(rf"({codes})-[{''.join(LETTERS.values())}][0-9]{{4}}-[0-9]+")

    def plan(self) -> Plan:
        plan = Plan(self.table, [PlannedRow(row) for row in self.table.rows], controlled=True)
        groups: dict[str, list[tuple[Cells, InvoiceData | None]]] = {}
        for planned in plan.rows:
            cells = Cells(planned, self.table)
            data = self._read(cells)
            # A row without a number stands alone.
            groups.setdefault(planned.label or f"\0{planned.row.line}", []).append((cells, data))
        known = _known(groups.keys())
        for number, rows in groups.items():
            self._decide(rows, known.get(number))
        plan.made["invoices"] = sum(row.data is not None for row in plan.rows)
        return plan

    def _decide(
        self, rows: Sequence[tuple[Cells, InvoiceData | None]], here: InvoiceData | None
    ) -> None:
        first, data = rows[0]
        for cells, other in rows[1:]:
            if data is None or other is None:
                continue
            for name in data.differences(other):
                if "," not in name:  # lines may differ
                    reason = _("It differs from line %(line)s of the same invoice.")
                    cells.wrong(name, reason % {"line": first.planned.row.line})
            data.lines += other.lines
        bad = next((cells.planned for cells, _data in rows if cells.planned.problems), None)
        if bad is None and data is not None and here is not None:
            if names := here.differences(data):
                reason = _("It is here with another %(what)s; an import changes no invoice.")
                first.wrong("number", reason % {"what": ", ".join(names)})
                bad = first.planned
        elif bad is None and data is not None:
            first.planned.data = data
            total = sum((line.net + line.vat for line in data.lines), ZERO)
            language = get_language() or "fr"
            whose = (data.company.name, formats.money(total, language))
            first.planned.changes.append(formats.apart(whose, language))
            for cells, _data in rows:
                cells.planned.outcome = Outcome.CREATE
        for cells, _data in rows:
            planned = cells.planned
            if bad is not None and not planned.problems:
                reason = _("Line %(line)s of the same invoice is refused.")
                told = Problem(planned.row.line, "", reason % {"line": bad.row.line})
                planned.problems.append(told)
            if bad is not None:
                planned.outcome = Outcome.REFUSED

    def _read(self, cells: Cells) -> InvoiceData | None:
        planned = cells.planned
        number = planned.label = self._short(cells, "number", 40, required=True)
        if self.ours.fullmatch(number):
            reason = _("Numbers like this one are given here: a later document would collide.")
            cells.wrong("number", reason)
        site = self.places.find(cells, "site")
        company = self.companies.find(cells, "company")
        issued_on = cells.day("issued_on", required=True)
        due_on = cells.day("due_on", required=True)
        lease = self._lease(cells, site, company)
        line = self._line(cells)
        if issued_on is not None and due_on is not None and due_on < issued_on:
            cells.wrong("due_on", _("It is before the day of issue."))
        if site is not None and issued_on is not None:
            start = self.places.starts_on(site)
            if issued_on >= start:
                reason = _("Billing here starts on %(day)s: only what is older is brought along.")
                told = formats.day(start, get_language() or "fr")
                cells.wrong("issued_on", reason % {"day": told})
            self.places.check_open(cells, "issued_on", site, issued_on)
        if line is not None:
            planned.amount = line.net + line.vat
        if planned.problems:
            return None
        assert site is not None
        assert company is not None
        assert issued_on is not None
        assert due_on is not None
        assert line is not None
        return InvoiceData(site, company, lease, issued_on, due_on, [line])

    def _lease(self, cells: Cells, site: Site | None, company: Company | None) -> Lease | None:
        number = cells.text("lease")
        lease = self.leases.get(number)
        if not number or site is None or company is None:
            return None
        if lease is None or lease.site_id != site.pk:
            reason = _("%(site)s has no lease %(number)s.")
            cells.wrong("lease", reason % {"site": site.code, "number": number})
        elif lease.company_id != company.pk:
            cells.wrong("lease", _("This lease is another company's."))
        return lease

    def _short(self, cells: Cells, column: str, length: int, *, required: bool = False) -> str:
        text = cells.text(column, required=required)
        if len(text) > length:
            cells.wrong(column, _("It is longer than %(length)s.") % {"length": length})
        return text

    def _line(self, cells: Cells) -> LineData | None:
        """Net and VAT from what is given of the two and their sum."""
        rate = cells.decimal("vat_rate", places=2, below=101, required=True)
        net, vat, total = (
            cells.decimal(name, places=2, below=LARGEST) for name in ("net", "vat", "total")
        )
        rent = cells.choice("rent", self.words) == "yes"
        label, ground = (self._short(cells, name, 200) for name in ("label", "vat_ground"))
        if cells.planned.problems or rate is None:
            return None
        if net is None:
            if total is None:
                cells.wrong("net", _("It is empty, and so is the total."))
                return None
            net = rounded(total / (1 + rate / 100)) if vat is None else total - vat
        if vat is None:
            vat = vat_on(net, rate) if total is None else total - net
        if total is not None and net + vat != total:
            cells.wrong("total", _("It is not the sum of net and VAT."))
        if net + vat == ZERO:
            cells.wrong("total" if total is not None else "net", _("It must be more than 0."))
        if abs(vat - vat_on(net, rate)) > SLACK or min(net, vat) < ZERO:
            cells.wrong("vat_rate", _("The amounts do not fit this rate."))
        return LineData(label or cells.planned.label, net, rate, vat, ground, rent)


def _known(numbers: Any) -> dict[str, InvoiceData]:
    """The invoices that bear one of the numbers, by it."""
    found = Invoice.objects.filter(number__in=list(numbers))
    rows = found.select_related("site", "company", "lease").prefetch_related("lines")
    return {
        row.number: InvoiceData(
            row.site,
            row.company,
            row.lease,
            row.issued_on,
            row.due_on,
            [
                LineData(
                    line.label,
                    line.amount,
                    line.vat_rate,
                    line.vat,
                    line.vat_ground,
                    line.is_rent,
                )
                for line in row.lines.all()
            ],
        )
        for row in rows
    }


def _told(line: LineData) -> tuple[Any, ...]:
    return line.label, line.net, line.vat_rate, line.vat, line.vat_ground, line.is_rent


def _write(new: Sequence[tuple[str, InvoiceData]], acting_user: User | None) -> None:
    now = timezone.now()
    sellers: dict[int, dict[str, Any]] = {}
    invoices = Invoice.objects.bulk_create(
        Invoice(
            kind=InvoiceKind.INVOICE,
            number=number,
            lessor_id=data.site.lessor_id,
            year=data.issued_on.year,
            site=data.site,
            company=data.company,
            lease=data.lease,
            issued_on=data.issued_on,
            due_on=data.due_on,
            language=data.company.language,
            seller=sellers.setdefault(data.site.lessor_id, seller_of(data.site.lessor)),
            client=client_of(data.company),
            net=sum((line.net for line in data.lines), ZERO),
            vat=sum((line.vat for line in data.lines), ZERO),
            made_at=now,
            acting_user=acting_user,
        )
        for number, data in new
    )
    InvoiceLine.objects.bulk_create(
        InvoiceLine(
            invoice=invoice,
            position=position,
            kind=OPENING,
            label=line.label,
            unit=OPENING,
            rate=line.net,
            amount=line.net,
            vat_rate=line.vat_rate,
            vat_ground=line.vat_ground,
            vat=line.vat,
            is_rent=line.is_rent,
        )
        for invoice, (_number, data) in zip(invoices, new, strict=True)
        for position, line in enumerate(data.lines, 1)
    )
