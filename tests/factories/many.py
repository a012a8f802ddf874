"""Thousands of rows in no time, where what is tested is that there are thousands."""

from typing import Any, Final

from django.db import connection, models

from applications.models import Application
from technopark.embedded.paths import OWNER, RUNTIME

FILE: Final = {"reference": "'B' || n", "submission_key": "gen_random_uuid()"}
"""What no two applications share."""


def like(row: models.Model, count: int, **given: str) -> None:
    """More rows, like this one in every column that `given` does not write; `given` is SQL with
    `n`, the number of the row from 1."""
    apart: dict[str, Any] = {**(FILE if isinstance(row, Application) else {}), **given}
    table = row._meta.db_table
    columns = [str(field.column) for field in row._meta.concrete_fields if not field.primary_key]
    named = ", ".join(f'"{column}"' for column in columns)
    values = ", ".join(apart.get(column, f'"{column}"') for column in columns)
    with connection.cursor() as cursor:
        # Names of our own tables and SQL of our own tests.
        cursor.execute(
            f"INSERT INTO {table} ({named}) SELECT {values}"
            f" FROM {table}, generate_series(1, {count}) AS n WHERE id = {row.pk}"
        )


def analyzed(*tables: str) -> None:
    """The planner knows what stands there now; its owner alone may tell it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {OWNER}")
        cursor.execute(f"ANALYZE {', '.join(tables)}")
        cursor.execute(f"SET LOCAL ROLE {RUNTIME}")
