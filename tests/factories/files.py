"""Files to import."""

from typing import Any

from core.imports import Importer, Plan, run
from core.tables import Table, read_table


def table(importer: Importer, text: str, **mapping: str) -> Table:
    return read_table(text.encode(), columns=importer.columns, mapping=mapping)


def imported(importer: Importer, text: str, *, by: Any = None, **options: Any) -> Plan:
    return run(importer, table=table(importer, text), acting_user=by, **options)


def planned(importer: Importer, text: str, *, by: Any = None) -> Plan:
    return importer.plan(table(importer, text), acting_user=by)


def outcomes(plan: Plan) -> list[tuple[int, str, str]]:
    """(line, outcome, what is said of it) of each row."""
    return [
        (
            row.row.line,
            row.outcome.value,
            " ".join(
                [
                    *row.changes,
                    *(f"{problem.column}: {problem.reason}" for problem in row.problems),
                ]
            ),
        )
        for row in plan.rows
    ]
