"""`manage.py import_data WHAT FILE`: rows from a spreadsheet, all or nothing.

What it says is in one language, the settings' (French), as the reasons of the refusals are.
"""

import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core.cells import Unreadable, as_decimal
from core.errors import DomainError
from core.imports import Importer, ImportRefused, Outcome, Plan, refused_rows, report, run
from core.tables import read_table
from technopark.importers import CONTROLLED, RESOURCES, importer

_SHOWN = 20  # problems on the terminal; --json gives all


class Command(BaseCommand):
    help = "Imports companies, spaces, leases and more from a CSV or XLSX file (docs/import.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=list(RESOURCES))
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would happen")
        parser.add_argument("--json", action="store_true", help="the report for programs")
        parser.add_argument(
            "--map", action="append", default=[], metavar="COLUMN=FIELD", help="may be repeated"
        )
        parser.add_argument(
            "--skip-bad",
            action="store_true",
            help="write the good rows, and the refused ones to a file beside",
        )
        parser.add_argument(
            "--create-companies", action="store_true", help="leases: add unknown companies"
        )
        parser.add_argument(
            "--control-total",
            metavar="MAD",
            help="open invoices, balances, deposits: what the old system says they add up to",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["create_companies"] and options["what"] != "leases":
            raise CommandError(_("--create-companies is for leases."))
        control = self._control(options)
        path: Path = options["file"]
        rows = importer(options["what"], create_companies=options["create_companies"])
        try:
            table = read_table(
                self._content(path), columns=rows.columns, mapping=self._mapping(options["map"])
            )
            if options["dry_run"]:
                plan, written = rows.plan(table, acting_user=None), False
                if control is not None:
                    plan.check_total(control)
            else:
                plan, written = self._write(rows, table, options["skip_bad"], control)
        except DomainError as error:
            raise CommandError(f"{path.name}: {error.message}") from error
        refused = plan.counts[Outcome.REFUSED]
        beside = None
        if refused and written:
            beside = _kept_beside(path, refused_rows(plan))
        if options["json"]:
            out = {"file": path.name, "what": options["what"], **report(plan, written=written)}
            if beside is not None:
                out["refused_file"] = beside.name
            self.stdout.write(json.dumps(out, ensure_ascii=False))
        else:
            self._tell(plan, written=written, beside=beside)
        if refused:
            sys.exit(1)

    def _content(self, path: Path) -> bytes:
        try:
            return path.read_bytes()
        except OSError as error:
            reason = _("%(file)s cannot be read: %(reason)s.")
            raise CommandError(reason % {"file": path, "reason": error.strerror}) from error

    def _mapping(self, pairs: list[str]) -> dict[str, str]:
        mapping = {}
        for pair in pairs:
            column, equals, field = pair.rpartition("=")
            if not equals or not column.strip() or not field.strip():
                raise CommandError(_("--map %(pair)s: write it as COLUMN=FIELD.") % {"pair": pair})
            mapping[column.strip()] = field.strip()
        return mapping

    def _control(self, options: dict[str, Any]) -> Decimal | None:
        total: str | None = options["control_total"]
        if options["what"] not in CONTROLLED:
            if total is not None:
                allowed = ", ".join(sorted(CONTROLLED))
                raise CommandError(_("--control-total is for %(what)s.") % {"what": allowed})
            return None
        if options["skip_bad"]:
            raise CommandError(_("What is checked against a control total comes in whole."))
        if total is None:
            return None
        try:
            return as_decimal(total, places=2)
        except Unreadable as error:
            raise CommandError(f"--control-total: {error}") from error

    def _write(
        self, rows: Importer, table: Any, skip_bad: bool, control: Decimal | None
    ) -> tuple[Plan, bool]:
        bar = _Bar(len(table.rows), shown=sys.stderr.isatty())
        try:
            plan = run(
                rows,
                table=table,
                acting_user=None,
                skip_bad=skip_bad,
                control_total=control,
                progress=bar.add,
            )
            return plan, True
        except ImportRefused as error:
            return error.plan, False
        finally:
            bar.close()

    def _tell(self, plan: Plan, *, written: bool, beside: Path | None) -> None:
        counts = plan.counts
        for heading in plan.table.ignored:
            self.stdout.write(_("Column %(heading)s is ignored.") % {"heading": heading})
        for row in plan.rows:
            for warning in row.warnings:
                self.stdout.write(_at(row.row.line, "", warning))
        problems = plan.problems
        for problem in problems[:_SHOWN]:
            self.stderr.write(_at(problem.line, problem.column, problem.reason))
        if len(problems) > _SHOWN:
            more = {"count": len(problems) - _SHOWN}
            self.stderr.write(_("… and %(count)s more (--json lists all).") % more)
        self.stdout.write(
            _("New: %(new)s, changed: %(changed)s, unchanged: %(unchanged)s, refused: %(refused)s.")
            % {
                "new": counts[Outcome.CREATE],
                "changed": counts[Outcome.UPDATE],
                "unchanged": counts[Outcome.UNCHANGED],
                "refused": counts[Outcome.REFUSED],
            }
        )
        if plan.controlled:
            self.stdout.write(_("Total: %(total)s MAD.") % {"total": plan.total})
        # The keys are the models' own names, which the catalogues have.
        made = ", ".join(f"{_(what)} {count}" for what, count in plan.made.items() if count)
        if made:
            self.stdout.write(_("Made on the way: %(made)s.") % {"made": made})
        if not written:
            self.stdout.write(_("Nothing was written."))
        if beside is not None:
            self.stdout.write(_("The refused rows are in %(file)s.") % {"file": beside})


def _at(line: int, column: str, reason: str) -> str:
    place = _("line %(line)s") % {"line": line}
    if column:
        place = f"{place}, {column}"
    return _("%(place)s: %(reason)s") % {"place": place, "reason": reason}


def _kept_beside(path: Path, rows: bytes) -> Path:
    """Where the refused rows lie: a file beside. One that says the same already is left alone, and
    one that somebody may be repairing is never overwritten."""
    number = 1
    while True:
        mark = "refused" if number == 1 else f"refused-{number}"
        beside = path.with_name(f"{path.stem}.{mark}.csv")
        if not beside.exists():
            beside.write_bytes(rows)
            return beside
        if beside.read_bytes() == rows:
            return beside
        number += 1


class _Bar:
    """A progress bar on stderr."""

    WIDTH = 40

    def __init__(self, total: int, *, shown: bool) -> None:
        self.total = max(total, 1)
        self.done = 0
        self.shown = shown and total > 500

    def add(self, count: int) -> None:
        self.done += count
        if self.shown:
            filled = self.WIDTH * self.done // self.total
            bar = "█" * filled + "·" * (self.WIDTH - filled)
            sys.stderr.write(f"\r{bar} {self.done}/{self.total}")
            sys.stderr.flush()

    def close(self) -> None:
        if self.shown:
            sys.stderr.write("\r\x1b[K")
