"""`manage.py import_data companies|spaces|leases FILE`: rows from a spreadsheet, all or nothing."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.errors import DomainError
from core.imports import Importer, ImportRefused, Outcome, Plan, refused_rows, report, run
from core.tables import read_table
from technopark.importers import RESOURCES, importer

_SHOWN = 20  # problems on the terminal; --json gives all


class Command(BaseCommand):
    help = "Imports companies, spaces or leases from a CSV or XLSX file. See docs/import.md."

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

    def handle(self, *args: Any, **options: Any) -> None:
        if options["create_companies"] and options["what"] != "leases":
            raise CommandError("--create-companies is for leases.")
        path: Path = options["file"]
        rows = importer(options["what"], create_companies=options["create_companies"])
        try:
            table = read_table(
                self._content(path), columns=rows.columns, mapping=self._mapping(options["map"])
            )
            if options["dry_run"]:
                plan, written = rows.plan(table, acting_user=None), False
            else:
                plan, written = self._write(rows, table, skip_bad=options["skip_bad"])
        except DomainError as error:
            raise CommandError(f"{path.name}: {error.message}") from error
        refused = plan.counts[Outcome.REFUSED]
        beside = None
        if refused and written:
            beside = _free_name(path)
            beside.write_bytes(refused_rows(plan))
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
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error

    def _mapping(self, pairs: list[str]) -> dict[str, str]:
        mapping = {}
        for pair in pairs:
            column, equals, field = pair.rpartition("=")
            if not equals or not column.strip() or not field.strip():
                raise CommandError(f"--map {pair}: write it as COLUMN=FIELD.")
            mapping[column.strip()] = field.strip()
        return mapping

    def _write(self, rows: Importer, table: Any, *, skip_bad: bool) -> tuple[Plan, bool]:
        bar = _Bar(len(table.rows), shown=sys.stderr.isatty())
        try:
            return run(
                rows, table=table, acting_user=None, skip_bad=skip_bad, progress=bar.add
            ), True
        except ImportRefused as error:
            return error.plan, False
        finally:
            bar.close()

    def _tell(self, plan: Plan, *, written: bool, beside: Path | None) -> None:
        counts = plan.counts
        for heading in plan.table.ignored:
            self.stdout.write(f"Column {heading} is ignored.")
        for row in plan.rows:
            for warning in row.warnings:
                self.stdout.write(f"Line {row.row.line}: {warning}")
        problems = plan.problems
        for problem in problems[:_SHOWN]:
            place = f"line {problem.line}" + (f", {problem.column}" if problem.column else "")
            self.stderr.write(f"{place}: {problem.reason}")
        if len(problems) > _SHOWN:
            self.stderr.write(f"… and {len(problems) - _SHOWN} more (--json lists all).")
        made = ", ".join(f"{what} {count}" for what, count in plan.made.items() if count)
        self.stdout.write(
            f"{counts[Outcome.CREATE]} new, {counts[Outcome.UPDATE]} changed, "
            f"{counts[Outcome.UNCHANGED]} unchanged, {counts[Outcome.REFUSED]} refused."
            + (f" Made on the way: {made}." if made else "")
        )
        if not written:
            self.stdout.write("Nothing was written.")
        if beside is not None:
            self.stdout.write(f"The refused rows are in {beside}.")


def _free_name(path: Path) -> Path:
    """Beside the file; an earlier file of refused rows is never overwritten."""
    number = 1
    while True:
        mark = "refused" if number == 1 else f"refused-{number}"
        beside = path.with_name(f"{path.stem}.{mark}.csv")
        if not beside.exists():
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
