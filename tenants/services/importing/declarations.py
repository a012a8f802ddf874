"""Declarations from a file: what became of companies, as somebody kept it in a table.

A company is known by its ICE, else by its folded name. The same company, day and status again is
unchanged; two rows that say different things of one company and day are refused.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import Action
from core.imports import Cells, Outcome, Plan, PlannedRow, Progress, chunks, spellings
from core.periods import Period, today
from core.tables import Column, Table
from sites.permissions import require_somewhere
from sites.scopes import Scope, scope_of
from tenants.choices import DeclaredStatus, SaidBy
from tenants.identifiers import compact
from tenants.models import EARLIEST_DECLARED, Company, Declaration, FollowUp
from tenants.names import name_key
from tenants.services.declarations import MOST_EMPLOYED
from tenants.services.milestones import settle
from tenants.signals import declared

COLUMNS: Final = (
    Column("company", required=True),
    Column("ice"),
    *(Column(name, required=True) for name in ("date", "status")),
    *(Column(name) for name in ("headcount", "evidence")),
)


@dataclass(frozen=True, slots=True)
class _Named:
    """How a row names its company."""

    ice: str
    key: str


class DeclarationImporter:
    """`core.imports.Importer` for declarations."""

    columns = COLUMNS

    def plan(self, table: Table, *, acting_user: User | None) -> Plan:
        """Raises NotAllowed when the user may import companies nowhere."""
        require_somewhere(acting_user, Action.IMPORT, "company")
        scope = Scope(True)
        if acting_user is not None:
            scope = scope_of(acting_user, Action.IMPORT, "company")
        return _Planner(table, scope).plan()

    def write(self, plan: Plan, *, acting_user: User | None, progress: Progress) -> None:
        """Inside the caller's transaction, which records who wrote."""
        new = [row.data for row in plan.rows if row.outcome == Outcome.CREATE]
        progress(sum(row.outcome == Outcome.UNCHANGED for row in plan.rows))
        if not new:
            return
        companies = {said.company_id for said in new}
        # Locked against a merge, which moves the declarations it finds and would miss these.
        rows = Company.objects.select_for_update(no_key=True).filter(pk__in=companies)
        list(rows.order_by("pk"))
        asking = FollowUp.objects.asking().filter(company__in=companies)
        latest: dict[int, FollowUp] = {}
        for row in asking:
            latest.setdefault(row.company_id, row)
        now = timezone.now()
        for said in new:
            said.follow_up = latest.get(said.company_id)
            said.made_at, said.acting_user = now, acting_user
        for some in chunks(new):
            Declaration.objects.bulk_create(some)
            progress(len(some))
        settle(companies)
        first = min(said.on for said in new)
        declared.send(sender=Declaration, company=None, days=Period(first), acting_user=acting_user)


class _Planner:
    def __init__(self, table: Table, scope: Scope) -> None:
        self.table = table
        self.scope = scope
        self.statuses = spellings(DeclaredStatus)
        self.by_ice: dict[str, Company] = {}
        self.by_key: dict[str, list[Company]] = {}
        self.within: set[int] = set()
        self.known: dict[tuple[int, Any], str] = {}
        """What is in force of a company and day, then what a row of the file says."""
        self.lines: dict[tuple[int, Any], int] = {}

    def plan(self) -> Plan:
        rows = [PlannedRow(row) for row in self.table.rows]
        read = [(planned, *self._read(planned)) for planned in rows]
        self._load([named for _planned, named, _said in read if named is not None])
        for planned, named, said in read:
            if named is not None and said is not None and planned.outcome != Outcome.REFUSED:
                self._decide(Cells(planned, self.table), planned, named, said)
        return Plan(self.table, rows)

    def _read(self, planned: PlannedRow) -> tuple[_Named | None, Declaration | None]:
        cells = Cells(planned, self.table)
        if planned.row.problem:
            return None, None
        name = cells.text("company", required=True)
        planned.label = name
        day = cells.day("date", required=True)
        status = cells.choice("status", self.statuses, required=True)
        headcount = cells.decimal("headcount", places=0, below=MOST_EMPLOYED)
        evidence = cells.text("evidence")
        if day is not None and day > today():
            cells.wrong("date", _("The day has not come yet."))
        if day is not None and day < EARLIEST_DECLARED:
            cells.wrong("date", _("The day is before any hub was there."))
        if len(evidence) > 1000:
            cells.wrong("evidence", _("Say it in 1,000 characters."))
        if planned.outcome == Outcome.REFUSED or day is None or status is None:
            return None, None
        said = Declaration(
            on=day,
            status=status,
            headcount=int(headcount) if headcount is not None else None,
            evidence=evidence,
            said_by=SaidBy.STAFF,
        )
        return _Named(compact(cells.text("ice")), name_key(name)), said

    def _load(self, named: Iterable[_Named]) -> None:
        asked = list(named)
        current = Company.objects.current()
        found = list(current.filter(name_key__in={one.key for one in asked}).order_by("id"))
        ices = {one.ice for one in asked if one.ice}
        by_ice = list(current.filter(ice__in=ices))
        self.by_ice = {company.ice: company for company in by_ice}
        for company in found:
            self.by_key.setdefault(company.name_key, []).append(company)
        ids = {company.pk for company in (*found, *by_ice)}
        here = Company.objects.within(self.scope).filter(pk__in=ids)
        self.within = set(here.values_list("pk", flat=True))
        said = Declaration.objects.in_force().filter(company__in=ids)
        self.known = {
            (company, day): status
            for company, day, status in said.values_list("company", "on", "status")
        }

    def _decide(self, cells: Cells, planned: PlannedRow, named: _Named, said: Declaration) -> None:
        company = self._company(cells, named)
        if company is None:
            return
        if company.pk not in self.within:
            cells.wrong("", _("This company is at another site: you may not change it."))
            return
        mark = (company.pk, said.on)
        before = self.known.get(mark)
        if before is not None and before != said.status:
            words = {"status": DeclaredStatus(before).label, "line": self.lines.get(mark)}
            if words["line"]:
                reason = _("Line %(line)s says “%(status)s” of this day.") % words
            else:
                reason = (
                    _("“%(status)s” is declared of this day: put it right on the page.") % words
                )
            cells.wrong("status", reason)
            return
        if before is not None:
            return
        self.known[mark], self.lines[mark] = said.status, planned.row.line
        said.company = company
        planned.outcome, planned.data = Outcome.CREATE, said

    def _company(self, cells: Cells, named: _Named) -> Company | None:
        if named.ice:
            company = self.by_ice.get(named.ice)
            if company is None:
                cells.wrong("ice", _("There is no such company."))
            return company
        same_name = self.by_key.get(named.key, [])
        if len(same_name) > 1:
            cells.wrong("company", _("Several companies bear this name: give the ICE."))
            return None
        if not same_name:
            cells.wrong("company", _("There is no such company."))
            return None
        return same_name[0]
