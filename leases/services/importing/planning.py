"""What would happen to each row of leases. Reads only.

Several rows with one number are one lease; one bad row refuses all of it. A lease that is here
already must have been signed on the same terms: an import changes no lease.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import Action
from core import formats
from core.imports import Outcome, Plan, PlannedRow, Problem
from core.money import ZERO
from core.periods import Period
from core.tables import Table
from leases.models import DepositEntry, Lease, LeaseVersion
from leases.services.importing.agreed import terms_of
from leases.services.importing.overlaps import overlapping
from leases.services.importing.reading import (
    BESIDE,
    COLUMNS,
    LeaseData,
    LeaseRow,
    LettingData,
    Reader,
    Spaces,
    lettings_of,
    term_of,
)
from leases.terms import as_json
from sites.errors import SpaceHasUnits, SpaceNotLettable, SpaceNotMeasured, SpaceTaken
from sites.models import Booking, LettablePeriod, Measure, Space
from sites.permissions import require_somewhere
from sites.scopes import Scope, scope_of
from tenants.models import Company, FormerIdentity

__all__ = ["COLUMNS", "Planner"]

_SAID: Final = ("space_id", "area_m2", "start", "end", "steps")
_LETTINGS: Final = "space, area_m2, rate_per_m2"
_CHARGED: Final = ("unit", "months", "list_rate", "charges")
_CHARGES: Final = ", ".join(("unit", "billing_months", "list_rate_per_m2", *BESIDE))
_OUR_NUMBER: Final = re.compile(r"([A-Z0-9-]+)-[0-9]{4}-[0-9]{4,}")


class Planner:
    def __init__(self, table: Table, acting_user: User | None, *, create_companies: bool) -> None:
        require_somewhere(acting_user, Action.IMPORT, "lease")
        self.table = table
        self.scope = self.companies_scope = Scope(True)
        if acting_user is not None:
            self.scope = scope_of(acting_user, Action.IMPORT, "lease")
            self.companies_scope = scope_of(acting_user, Action.ADD, "company")
        self.create_companies = create_companies

    def plan(self) -> Plan:
        plan = Plan(self.table, [PlannedRow(row) for row in self.table.rows])
        reader = Reader(self.table, self.scope)
        read = [reader.read(planned) for planned in plan.rows]
        good = [row for row in read if row is not None]
        self.our_codes = {site.code for site in reader.sites.all}
        self.companies = _Companies(good, create=self.create_companies, scope=self.companies_scope)
        self.room = _Room(good)
        self.known = _KnownLeases(good)
        groups: dict[str, list[tuple[PlannedRow, LeaseRow | None]]] = {}
        for planned, row in zip(plan.rows, read, strict=True):
            # A row without a number stands alone.
            groups.setdefault(planned.label or f"\0{planned.row.line}", []).append((planned, row))
        for number, rows in groups.items():
            lease = self._lease(number, [row for _planned, row in rows if row is not None])
            self._conclude(plan, [planned for planned, _row in rows], lease)
        self._warn_of_hidden_overlaps(good)
        return plan

    def _warn_of_hidden_overlaps(self, rows: Sequence[LeaseRow]) -> None:
        for before, row in overlapping(rows):
            outcomes = {before.planned.outcome, row.planned.outcome}
            if Outcome.REFUSED in outcomes and not self.room.was_told(before, row):
                reason = _("These days overlap those of lease %(number)s (line %(line)s).")
                known = {"number": before.number, "line": before.planned.row.line}
                row.planned.warnings.append(reason % known)

    def _conclude(self, plan: Plan, rows: Sequence[PlannedRow], lease: LeaseData | None) -> None:
        bad = next((row for row in rows if row.problems), None)
        if bad is not None:
            reason = _("Line %(line)s of the same lease is refused.") % {"line": bad.row.line}
            for row in rows:
                row.outcome = Outcome.REFUSED
                if not row.problems:
                    row.problems.append(Problem(row.row.line, "", reason))
        elif lease is not None:
            for row in rows:
                row.outcome = Outcome.CREATE
            rows[0].data = lease
            self.room.take(lease)
            plan.made["leases"] += 1
            if lease.company.pk is None and id(lease.company) not in self.companies.used:
                self.companies.used.add(id(lease.company))
                rows[0].changes.append(f"company: + {lease.company.name}")
                plan.made["companies"] += 1

    def _lease(self, number: str, rows: Sequence[LeaseRow]) -> LeaseData | None:
        """The new lease of these rows; None when it is here already or has a problem."""
        company = None
        for row in rows:
            found = self.companies.find(row)
            company = company or found
            self.room.complete(row)
            first = rows[0]
            for column, here, there in (
                ("site", row.site, first.site),
                ("company", found, company),
                ("kind", row.kind, first.kind),
            ):
                if here != there and here is not None:
                    reason = _("It differs from line %(line)s of the same lease.")
                    row.cells.wrong(column, reason % {"line": first.planned.row.line})
        if not rows or company is None or any(row.planned.problems for row in rows):
            return None
        lettings = lettings_of(rows)
        site, kind = rows[0].site, rows[0].kind
        lease = LeaseData(
            number, site, company, kind, term_of(lettings), lettings, *_deposit(rows),
            notice_months=_said(rows, "notice_months"),
            tacit_months=_said(rows, "tacit_months") or None,
            maximum_stay_months=_said(rows, "maximum_stay_months") or None,
        )  # fmt: skip
        if number in self.known.leases:
            self._compare(rows[0], lease)
            return None
        ours = _OUR_NUMBER.fullmatch(number)
        if ours is not None and ours.group(1) in self.our_codes:
            reason = _("Numbers like this one are given here: a later lease would collide.")
            rows[0].cells.wrong("number", reason)
        self.room.check(lease)
        return lease

    def _compare(self, row: LeaseRow, lease: LeaseData) -> None:
        here, signed = self.known.leases[lease.number], self.known.terms.get(lease.number)
        if signed is None:
            row.cells.wrong("number", _("A lease with this number is a draft here."))
            return
        there = as_json(terms_of(lease))
        different = [
            name
            for name, differs in (
                ("site", here.site_id != lease.site.pk),
                ("company", here.company_id != lease.company.pk),
                ("kind", signed["tenant_kind"] != there["tenant_kind"]),
                ("start", signed["start"] != there["start"]),
                ("end", signed["end"] != there["end"]),
                (_LETTINGS, _lettings(signed, _SAID) != _lettings(there, _SAID)),
                (_CHARGES, _lettings(signed, _CHARGED) != _lettings(there, _CHARGED)),
                ("deposit_due", signed["deposit_due"] != there["deposit_due"]),
                ("deposit_received", self._other_deposit(lease)),
                ("tacit_months", signed["tacit_months"] != there["tacit_months"]),
                *(
                    (name, getattr(lease, name) not in {None, getattr(here, name)})
                    for name in ("notice_months", "maximum_stay_months")
                ),
            )
            if differs
        ]
        if different:
            reason = _("The lease is here with another %(what)s; an import changes no lease.")
            row.cells.wrong("number", reason % {"what": ", ".join(different)})

    def _other_deposit(self, lease: LeaseData) -> bool:
        """Whether the file names a deposit that is not the first one of the lease's ledger, which
        is the imported one."""
        received = lease.deposit_received
        return bool(received) and received != self.known.deposits.get(lease.number)


def _deposit(rows: Sequence[LeaseRow]) -> tuple[Decimal, Decimal]:
    """What is due and what was received. Where only that is said, it was due."""
    due, received = _said(rows, "deposit_due"), _said(rows, "deposit_received")
    return (received if due is None else due) or ZERO, received or ZERO


def _said(rows: Sequence[LeaseRow], column: str) -> Any:
    """What is said of the lease on any of the rows, alike where on several; None: nothing."""
    saying = [row for row in rows if getattr(row, column) is not None]
    for row in saying[1:]:
        if getattr(row, column) != getattr(saying[0], column):
            reason = _("It differs from line %(line)s of the same lease.")
            row.cells.wrong(column, reason % {"line": saying[0].planned.row.line})
    return getattr(saying[0], column) if saying else None


def _lettings(terms: dict[str, Any], said: Sequence[str]) -> list[Any]:
    """What a file says of them, in an order that does not depend on the file's."""
    ordered = sorted(terms["lettings"], key=lambda let: (let["space_id"] or 0, let["start"]))
    return [
        [let[name] if name != "charges" else _beside(let["charges"]) for name in said]
        for let in ordered
    ]


def _beside(charges: Sequence[dict[str, Any]]) -> list[Any]:
    said = ("kind", "start", "end", "unit", "rate")
    return sorted([[charge[name] for name in said] for charge in charges], key=lambda row: row[:2])


class _KnownLeases:
    """The leases that bear the file's numbers, with the terms they were signed on."""

    def __init__(self, rows: Iterable[LeaseRow]) -> None:
        numbers = {row.number for row in rows}
        self.leases = {lease.number: lease for lease in Lease.objects.filter(number__in=numbers)}
        versions = LeaseVersion.objects.filter(lease__number__in=numbers, version=1)
        self.terms = dict(versions.values_list("lease__number", "terms"))
        entries = DepositEntry.objects.filter(lease__number__in=numbers).order_by("-id")
        self.deposits = dict(entries.values_list("lease__number", "amount"))
        """The first of each: later ones are overwritten by it."""


class _Companies:
    """Companies by ICE or folded name; made on the way when that was asked for."""

    def __init__(self, rows: Sequence[LeaseRow], *, create: bool, scope: Scope) -> None:
        self.create = create
        self.scope = scope
        self.new: dict[str, Company] = {}
        self.used: set[int] = set()
        """Which of the new ones a good lease needs, by their place in memory."""
        keys = {row.key for row in rows if not row.ice}
        current = Company.objects.current().order_by("id")
        self.by_ice = {c.ice: c for c in current.filter(ice__in={row.ice for row in rows} - {""})}
        self.by_key: dict[str, list[Company]] = {}
        for company in current.filter(name_key__in=keys):
            self.by_key.setdefault(company.name_key, []).append(company)
        former = FormerIdentity.objects.filter(name_key__in=keys, company__merged_into__isnull=True)
        self.by_former_key = dict(former.values_list("name_key", "company__name"))

    def find(self, row: LeaseRow) -> Company | None:
        if row.ice:
            if row.ice not in self.by_ice:
                row.cells.wrong("company", _("No company has this ICE: import it first."))
            return self.by_ice.get(row.ice)
        found = self.by_key.get(row.key, [])
        if len(found) == 1:
            return found[0]
        if found:
            reason = _("Several companies bear this name: give the ICE.")
        elif row.key in self.by_former_key:
            reason = _("This is a former name of %(company)s: give its present name or its ICE.")
            reason %= {"company": self.by_former_key[row.key]}
        elif not self.create:
            reason = _("No company bears this name: import it first, or let the import add it.")
        elif not self.scope.covers(row.site.pk):
            reason = _("No company bears this name, and you may not add it.")
        else:
            return self.new.setdefault(
                row.key, Company(name=row.company_name, name_key=row.key, kind=row.kind)
            )
        row.cells.wrong("company", reason)
        return None


class _Room:
    """The spaces that the file names: their area, whether they may be let, what is in the way."""

    def __init__(self, rows: Sequence[LeaseRow]) -> None:
        self.spaces = Spaces(row.space_code for row in rows if row.space_code)
        ids = self.spaces.ids
        self.divided = set(Space.objects.filter(parent__in=ids).values_list("parent_id", flat=True))
        self.measures: dict[int, list[Measure]] = {}
        for measure in Measure.objects.filter(space__in=ids):
            self.measures.setdefault(measure.space_id, []).append(measure)
        self.lettable: dict[int, list[Period]] = {}
        for lettable in LettablePeriod.objects.filter(space__in=ids):
            self.lettable.setdefault(lettable.space_id, []).append(lettable.period)
        self.told: set[tuple[int, frozenset[str]]] = set()
        """A space, and two leases of the file of which one was refused for the other."""
        self.taken: dict[int, list[tuple[Period, str, str]]] = {}
        """Days, what takes them, and the number of the lease where the file has it."""
        for booking in Booking.objects.standing().filter(space__in=ids).order_by("period"):
            what = f"{booking.get_kind_display()} {booking.label}".strip()
            self.taken.setdefault(booking.space_id, []).append((booking.period, what, ""))

    def complete(self, row: LeaseRow) -> None:
        """Find the row's space, and its area where the file leaves it out."""
        if not row.space_code:
            return
        row.space = self.spaces.find(row)
        if row.space is None or row.area_m2 is not None:
            return
        measures = self.measures.get(row.space.pk, [])
        areas = (measure.area_m2 for measure in measures if row.period.start in measure.period)
        row.area_m2 = next(areas, None)
        if row.area_m2 is None:
            error = SpaceNotMeasured(space=row.space.code, day=row.period.start)
            row.cells.wrong("area_m2", error.message)

    def check(self, lease: LeaseData) -> None:
        for letting in lease.lettings:
            if letting.space is not None:
                self._check(letting, letting.space)

    def _check(self, letting: LettingData, space: Space) -> None:
        cells, period = letting.first.cells, letting.period
        if space.pk in self.divided:
            cells.wrong("space", SpaceHasUnits(space=space.code).message)
        if not any(lettable.covers(period) for lettable in self.lettable.get(space.pk, [])):
            cells.wrong("start", SpaceNotLettable(space=space.code).message)
        language = get_language() or "fr"
        way = []
        for other, what, number in self.taken.get(space.pk, []):
            if other.overlaps(period):
                way.append(f"{what} {formats.days(other.start, other.last_day, language)}")
                self.told.add((space.pk, frozenset({number, letting.first.number})))
        if way:
            error = SpaceTaken(space=space.code, start=period.start, in_the_way=", ".join(way))
            cells.wrong("space", error.message)

    def take(self, lease: LeaseData) -> None:
        """A later lease of the same file finds these days taken."""
        for letting in lease.lettings:
            if letting.space is not None:
                line = letting.first.planned.row.line
                what = _("lease %(number)s (line %(line)s)") % {
                    "number": lease.number,
                    "line": line,
                }
                self.taken.setdefault(letting.space.pk, []).append(
                    (letting.period, what, lease.number)
                )

    def was_told(self, before: LeaseRow, row: LeaseRow) -> bool:
        space = row.space.pk if row.space is not None else 0
        return (space, frozenset({before.number, row.number})) in self.told
