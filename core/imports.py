"""What every import has in common: a plan of what would happen to each row, shown before anything
is written, and the same plan written.
"""

import csv
import datetime as dt
import hashlib
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, Protocol, TypeVar

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Choices
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.cells import Unreadable, as_choice, as_day, as_decimal, as_text, folded
from core.errors import DomainError, Stale
from core.history import recorded
from core.tables import Column, Row, Table

_T = TypeVar("_T")

CHUNK: Final = 1000
"""Rows written by one statement."""

Progress = Callable[[int], None]
"""Told how many more rows were written."""

_LOCK: Final = 5_120_802  # pg advisory lock: two imports never plan on the same past


class ImportRefused(DomainError):
    """Nothing was written; `plan` says what is wrong."""

    code = "import_refused"
    text = gettext_lazy("%(count)s rows are refused, so nothing was written.")

    def __init__(self, plan: "Plan") -> None:
        super().__init__(count=plan.counts[Outcome.REFUSED])
        self.plan = plan


class ControlTotalNeeded(DomainError):
    """Amounts of another system come in with what they add up to there."""

    code = "control_total_needed"
    text = gettext_lazy("Give the control total: what this file adds up to in the old system.")


class ControlTotalDiffers(DomainError):
    code = "control_total_differs"
    text = gettext_lazy(
        "The file adds up to %(total)s MAD, the control total is %(control)s MAD: "
        "they differ by %(difference)s MAD, so nothing is written."
    )

    def __init__(self, total: Decimal, control: Decimal) -> None:
        super().__init__(total=total, control=control, difference=abs(total - control))


class Outcome(StrEnum):
    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row. `column` is the file's heading; "" for the row as a whole."""

    line: int
    column: str
    reason: str


@dataclass(slots=True)
class PlannedRow:
    """What will happen to a row, and why not."""

    row: Row
    label: str = ""
    outcome: Outcome = Outcome.UNCHANGED
    changes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    data: Any = None
    """What the app's own writing needs."""
    amount: Decimal = Decimal(0)
    """What it adds to the total of the file, DH."""


@dataclass(slots=True)
class Plan:
    table: Table
    rows: Sequence[PlannedRow]
    made: Counter[str] = field(default_factory=Counter)
    """What else is made on the way: sectors, floors, companies."""
    controlled: bool = False
    """Written whole, and only if it adds up to a control total."""

    @property
    def counts(self) -> Counter[Outcome]:
        return Counter(row.outcome for row in self.rows)

    @property
    def problems(self) -> list[Problem]:
        return [problem for row in self.rows for problem in row.problems]

    @property
    def good(self) -> list[PlannedRow]:
        return [row for row in self.rows if row.outcome != Outcome.REFUSED]

    @property
    def total(self) -> Decimal:
        """Of all rows, those that are here already among them."""
        return sum((row.amount for row in self.rows), Decimal(0))

    def check_total(self, control: Decimal | None) -> None:
        """Raises ControlTotalNeeded, ControlTotalDiffers."""
        if control is None:
            raise ControlTotalNeeded
        if control != self.total:
            raise ControlTotalDiffers(self.total, control)

    @property
    def digest(self) -> str:
        """Changes when anything that a person was shown does."""
        shown = [[row.row.line, row.outcome, row.changes] for row in self.rows]
        return hashlib.sha256(json.dumps(shown).encode()).hexdigest()


class Cells:
    """Reads one row; what cannot be understood becomes a problem of the row."""

    def __init__(self, planned: PlannedRow, table: Table) -> None:
        self.planned = planned
        self.table = table
        if planned.row.problem:
            self.wrong("", planned.row.problem)

    def wrong(self, column: str, reason: str) -> None:
        heading = self.table.headings.get(column, column)
        self.planned.problems.append(Problem(self.planned.row.line, heading, reason))
        self.planned.outcome = Outcome.REFUSED

    def text(self, column: str, *, required: bool = False) -> str:
        """The text with single spaces; "" when empty."""
        text = " ".join(as_text(self.planned.row.cells.get(column)).split())
        if required and not text and not self.planned.row.problem:
            self.wrong(column, _("It is empty."))
        return text

    def day(self, column: str, *, required: bool = False) -> dt.date | None:
        if not self.text(column, required=required):
            return None
        day: dt.date | None = self._read(column, as_day)
        return day

    def decimal(
        self, column: str, *, places: int, below: int, required: bool = False
    ) -> Decimal | None:
        """A number of at least 0 and less than `below`."""
        if not self.text(column, required=required):
            return None
        number: Decimal | None = self._read(column, as_decimal, places=places)
        if number is not None and not 0 <= number < below:
            self.wrong(
                column, _("It must be at least 0 and less than %(limit)s.") % {"limit": below}
            )
            return None
        return number

    def choice(
        self, column: str, choices: Mapping[str, str], *, required: bool = False
    ) -> str | None:
        if not self.text(column, required=required):
            return None
        code: str | None = self._read(column, as_choice, choices=choices)
        return code

    def _read(self, column: str, reader: Callable[..., Any], **options: Any) -> Any:
        try:
            return reader(self.planned.row.cells[column], **options)
        except Unreadable as error:
            self.wrong(column, str(error))
            return None


class Importer(Protocol):
    """One kind of rows: what the columns are, what would happen, and doing it.

    `plan` only reads; `write` writes the good rows of a plan made in the same transaction, and
    trusts it. Both take the rights of the acting user (None: the system) into account.
    """

    @property
    def columns(self) -> Sequence[Column]: ...

    def plan(self, table: Table, *, acting_user: Any) -> Plan: ...

    def write(self, plan: Plan, *, acting_user: Any, progress: Progress) -> None: ...


def run(
    importer: Importer,
    *,
    table: Table,
    acting_user: Any,
    skip_bad: bool = False,
    shown: str | None = None,
    control_total: Decimal | None = None,
    progress: Progress = lambda count: None,
) -> Plan:
    """Write the table: all rows or none, with `skip_bad` the good ones of one that is not checked
    against a `control_total`.

    `shown` is the digest of the plan that a person agreed to. Raises ImportRefused when a row is
    bad, Stale when the plan is no longer the one that was shown, ControlTotalNeeded,
    ControlTotalDiffers, NotAllowed.
    """
    with recorded(acting_user, reason="import"):
        with connection.cursor() as cursor:  # no two imports plan on the same past
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        plan = importer.plan(table, acting_user=acting_user)
        if shown is not None and plan.digest != shown:
            raise Stale
        if plan.counts[Outcome.REFUSED] and (plan.controlled or not skip_bad):
            raise ImportRefused(plan)
        if plan.controlled:
            plan.check_total(control_total)
        try:
            with transaction.atomic():
                importer.write(plan, acting_user=acting_user, progress=progress)
        except IntegrityError as error:  # somebody wrote the same thing by hand meanwhile
            raise Stale from error
    return plan


def spellings(choices: type[Choices]) -> dict[str, str]:
    """Each way to write a choice, folded → its code: the code, its name in each language."""
    known = {folded(str(code)): str(code) for code in choices.values}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            known |= {folded(str(label)): str(code) for code, label in choices.choices}
    return known


def yes_or_no() -> dict[str, str]:
    """Each way to write « yes » and « no », folded → the word in English."""
    known = {"1": "yes", "0": "no", "x": "yes"}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            known |= {folded(_("yes")): "yes", folded(_("no")): "no"}
    return known


def chunks(rows: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]


def refused_rows(plan: Plan) -> bytes:
    """The refused rows as a CSV file with a column `reason`: repaired, it can be imported."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([*plan.table.header, "reason"])
    width = len(plan.table.header)
    for planned in plan.rows:
        if planned.outcome == Outcome.REFUSED:
            reasons = " ".join(
                f"{problem.column}: {problem.reason}" if problem.column else problem.reason
                for problem in planned.problems
            )
            cells = [*planned.row.written, *[""] * (width - len(planned.row.written))]
            writer.writerow([*cells[:width], reasons, *cells[width:]])
    return out.getvalue().encode("utf-8-sig")


def report(plan: Plan, *, written: bool) -> dict[str, Any]:
    """The plan for programs."""
    counts = plan.counts
    return {
        "written": written,
        "rows": len(plan.rows),
        **{outcome.value: counts[outcome] for outcome in Outcome},
        "made": dict(plan.made),
        **({"total": f"{plan.total:f}"} if plan.controlled else {}),
        "ignored_columns": list(plan.table.ignored),
        "warnings": [
            {"line": row.row.line, "reason": warning}
            for row in plan.rows
            for warning in row.warnings
        ],
        "problems": [
            {"line": problem.line, "column": problem.column, "reason": problem.reason}
            for problem in plan.problems
        ],
    }
