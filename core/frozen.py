"""Rows that are never changed once written, guarded by plain SQL.

pgtrigger's guards can be switched off by a session setting, so what the law or the audit needs
unchanged is protected by an ordinary trigger that the runtime role can neither drop nor bypass.
The function `core_frozen` is made by core's first migration.
"""

from collections.abc import Sequence

from django.db.migrations.operations import RunSQL

# A session's temporary tables would come before the catalog and ours: here they come last.
_SAFE = "SET search_path = pg_catalog, public, pg_temp"

FUNCTION = f"""
CREATE FUNCTION core_is_erasing(table_id oid) RETURNS boolean LANGUAGE sql STABLE {_SAFE} AS $$
-- The erasure of personal data runs as the owner, inside core_erase only.
SELECT current_setting('technopark.erasing', true) = 'yes' AND current_user =
    (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = table_id)
$$;

CREATE FUNCTION core_frozen() RETURNS trigger LANGUAGE plpgsql {_SAFE} AS $$
-- TG_ARGV: the columns that may change. None: not even an update of nothing.
BEGIN
    IF TG_OP = 'UPDATE' AND (to_jsonb(OLD) - TG_ARGV) = (to_jsonb(NEW) - TG_ARGV)
        AND TG_NARGS > 0 THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND core_is_erasing(TG_RELID) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is frozen', TG_TABLE_NAME USING ERRCODE = 'restrict_violation',
        HINT = 'Issued records are never changed or deleted; write a new one that corrects it.';
END $$;
"""  # noqa: S608  a migration's own words


def freeze(table: str, *, may_change: Sequence[str] = (), once: str = "") -> RunSQL:
    """A migration operation: no DELETE, and no UPDATE but of the columns in `may_change`.

    `once`: a condition on OLD, for rows that are frozen from some state on.
    """
    columns = ", ".join(f"'{column}'" for column in may_change)
    when = f"WHEN ({once}) " if once else ""
    return RunSQL(
        f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW {when}EXECUTE FUNCTION core_frozen({columns})",
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


def freeze_with_parent(table: str, *, frozen_if: str) -> RunSQL:
    """A migration operation: rows are neither added, changed nor deleted once their parent says so.

    `frozen_if`: a query of one boolean, in which `r` is the row. It takes the parent's row
    FOR SHARE, so that nothing slips in while the parent is being frozen.
    """
    function = f"{table}_with_parent"
    return RunSQL(
        f"""
        CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql {_SAFE} AS $$
        DECLARE
            r {table};
            frozen boolean;
        BEGIN
            -- The parent that it leaves, and the one that it comes to.
            IF TG_OP <> 'INSERT' THEN
                r := OLD;
                frozen := ({frozen_if});
            END IF;
            IF TG_OP <> 'DELETE' AND frozen IS NOT TRUE THEN
                r := NEW;
                frozen := ({frozen_if});
            END IF;
            IF frozen AND NOT (TG_OP = 'UPDATE' AND core_is_erasing(TG_RELID)) THEN
                RAISE EXCEPTION '% is frozen', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
        END $$;
        CREATE TRIGGER {table}_frozen BEFORE INSERT OR UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {function}();
        """,
        f"DROP TRIGGER {table}_frozen ON {table}; DROP FUNCTION {function}();",
    )
