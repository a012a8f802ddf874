"""Many rows in one statement: what `bulk_create` does, at a tenth of its CPU.

The rows go to PostgreSQL as one JSON document, which it reads by the types of the table's own
columns. Django would make an instance of each row and prepare each value by itself.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import orjson
from django.db import connection, models

from core.periods import Period


def insert(
    model: type[models.Model], rows: Sequence[Mapping[str, Any]], *, ignore_conflicts: bool = False
) -> list[Any]:
    """Insert rows, all with the same columns (of a key, its `_id`); what they do not name is the
    model's default. Returns the keys of what was inserted, in order. Nothing is validated and no
    signal is sent, as with `bulk_create`. Raises TypeError for a value of a type that it does not
    know.
    """
    if not rows:
        return []
    meta, quote = model._meta, connection.ops.quote_name
    defaults = {
        str(field.column): field.get_default()
        for field in meta.concrete_fields
        if not (field.generated or field.attname in rows[0] or isinstance(field, models.AutoField))
    }
    table = quote(meta.db_table)
    columns = ", ".join(map(quote, [*defaults, *rows[0]]))
    told = orjson.dumps([{**defaults, **row} for row in rows], default=_as_text, option=_OPTIONS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) "  # noqa: S608  a model's own names
            f"SELECT {columns} FROM json_populate_recordset(NULL::{table}, %s) "
            f"{'ON CONFLICT DO NOTHING ' if ignore_conflicts else ''}"
            f"RETURNING {quote(str(meta.pk.column))}",
            [told.decode()],
        )
        return [key for (key,) in cursor.fetchall()]


_OPTIONS = orjson.OPT_PASSTHROUGH_DATACLASS


def _as_text(value: Any) -> str:
    """As PostgreSQL reads it."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Period):
        return f"[{value.start},{value.end or ''})"
    raise TypeError(f"no column is written from {type(value).__name__}")
