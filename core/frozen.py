"""Rows that are never changed once written, guarded by plain SQL.

pgtrigger's guards can be switched off by a session setting, so what the law or the audit needs
unchanged is protected by an ordinary trigger that the runtime role can neither drop nor bypass.
The function `core_frozen` is made by core's first migration.
"""

from collections.abc import Sequence

from django.db.migrations.operations import RunSQL

FUNCTION = """
CREATE FUNCTION core_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
-- TG_ARGV: the columns that may change. None: not even an update of nothing.
BEGIN
    IF TG_OP = 'UPDATE' AND (to_jsonb(OLD) - TG_ARGV) = (to_jsonb(NEW) - TG_ARGV)
        AND TG_NARGS > 0 THEN
        RETURN NEW;
    END IF;
    -- The erasure of personal data runs as the owner, inside core_erase only. The schema is named
    -- because a session's temporary tables come before the catalog's.
    IF TG_OP = 'UPDATE' AND current_user = (
        SELECT pg_get_userbyid(relowner) FROM pg_catalog.pg_class WHERE oid = TG_RELID)
        AND current_setting('technopark.erasing', true) = 'yes' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is frozen', TG_TABLE_NAME USING ERRCODE = 'restrict_violation',
        HINT = 'Issued records are never changed or deleted; write a new one that corrects it.';
END $$;
"""


def freeze(table: str, *, may_change: Sequence[str] = ()) -> RunSQL:
    """A migration operation: no DELETE, and no UPDATE but of the columns in `may_change`."""
    columns = ", ".join(f"'{column}'" for column in may_change)
    return RunSQL(
        f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION core_frozen({columns})",
        f"DROP TRIGGER {table}_frozen ON {table}",
    )


def insert_only(*tables: str) -> list[RunSQL]:
    """Migration operations: rows are added and read, never changed, by anyone at run time."""
    return [
        operation
        for table in tables
        for operation in (
            freeze(table),
            RunSQL(
                f"REVOKE UPDATE, DELETE ON {table} FROM technopark_runtime",
                f"GRANT UPDATE, DELETE ON {table} TO technopark_runtime",
            ),
        )
    ]
