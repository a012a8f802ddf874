"""Deposits that are held when a site begins here, of leases that are here already.

Known by the lease, the amount and the day; a lease whose deposit is here with another one is
refused, since an import changes nothing.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import Action
from core import formats
from core.cells import as_text
from core.imports import Cells, Outcome, Plan, PlannedRow, Progress
from core.money import ZERO
from core.periods import today
from core.tables import Column, Table
from leases.choices import DepositAct, DepositMethod
from leases.models import DepositEntry, Lease
from leases.services.deposits import WITH_DEPOSIT, enter_deposit
from leases.services.importing.reading import LARGEST_DEPOSIT
from sites.permissions import require_somewhere
from sites.scopes import Scope, scope_of

COLUMNS: Final = tuple(Column(name, required=True) for name in ("lease", "amount", "received_on"))


@dataclass(frozen=True, slots=True)
class HeldData:
    lease: Lease
    amount: Decimal
    on: dt.date


class DepositImporter:
    """`core.imports.Importer` for deposits that are held."""

    columns = COLUMNS

    def plan(self, table: Table, *, acting_user: User | None) -> Plan:
        """Raises NotAllowed when the user may import deposits nowhere."""
        require_somewhere(acting_user, Action.IMPORT, "deposit")
        scope = Scope(True)
        if acting_user is not None:
            scope = scope_of(acting_user, Action.IMPORT, "deposit")
        return _Planner(table, scope).plan()

    def write(self, plan: Plan, *, acting_user: User | None, progress: Progress) -> None:
        """Inside the caller's transaction, which records who wrote."""
        progress(sum(row.outcome == Outcome.UNCHANGED for row in plan.rows))
        new = [row.data for row in plan.rows if row.data is not None]
        for held in sorted(new, key=lambda held: held.lease.pk):
            enter_deposit(
                lease=held.lease,
                act=DepositAct.RECEIVED,
                amount=held.amount,
                on=held.on,
                method=DepositMethod.BALANCE,
                acting_user=acting_user,
            )
            progress(1)


class _Planner:
    def __init__(self, table: Table, scope: Scope) -> None:
        self.table = table
        self.scope = scope
        numbers = {as_text(row.cells.get("lease")) for row in table.rows}
        rows = Lease.objects.filter(number__in=numbers).select_related("site", "company")
        self.leases = {lease.number: lease for lease in rows}
        self.here: dict[int, Counter[tuple[Decimal, dt.date]]] = {}
        entries = DepositEntry.objects.filter(lease__number__in=numbers, act=DepositAct.RECEIVED)
        entries = entries.filter(reverses=None, reversed_by=None)
        for lease, amount, on in entries.values_list("lease", "amount", "on"):
            self.here.setdefault(lease, Counter())[amount, on] += 1

    def plan(self) -> Plan:
        plan = Plan(self.table, [PlannedRow(row) for row in self.table.rows], controlled=True)
        read = [(planned, self._read(planned)) for planned in plan.rows]
        known = {pk for pk, here in self.here.items() if here}
        for planned, held in read:
            if held is None:
                continue
            here = self.here.get(held.lease.pk, Counter())
            if here[held.amount, held.on]:
                here[held.amount, held.on] -= 1
            elif held.lease.pk in known:
                reason = _("A deposit of this lease is here with another amount or day.")
                Cells(planned, self.table).wrong("amount", reason)
            else:
                planned.outcome, planned.data = Outcome.CREATE, held
                language = get_language() or "fr"
                told = (held.lease.company.name, formats.money(held.amount, language))
                planned.changes.append(formats.apart(told, language))
        return plan

    def _read(self, planned: PlannedRow) -> HeldData | None:
        cells = Cells(planned, self.table)
        number = planned.label = cells.text("lease", required=True)
        lease = self.leases.get(number)
        if number and lease is None:
            cells.wrong("lease", _("There is no lease with this number."))
        elif lease is not None and not self.scope.covers(lease.site_id):
            told = {"site": lease.site.code}
            cells.wrong("lease", _("You may not import for %(site)s.") % told)
        elif lease is not None and lease.state not in WITH_DEPOSIT:
            cells.wrong("lease", _("A lease with this number is a draft here."))
        amount = cells.decimal("amount", places=2, below=LARGEST_DEPOSIT, required=True)
        if amount == ZERO:
            cells.wrong("amount", _("It must be more than 0."))
        on = cells.day("received_on", required=True)
        if on is not None and on > today():
            cells.wrong("received_on", _("The day has not come yet."))
        if planned.problems or lease is None or amount is None or on is None:
            return None
        planned.amount = amount
        return HeldData(lease, amount, on)
