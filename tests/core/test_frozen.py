"""What is frozen stays as it was written, whatever SQL the runtime role sends."""

from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.backends.utils import CursorWrapper
from pytest_django.plugin import DjangoDbBlocker

from applications.services.calls import ensure_standing_call, new_draft_version
from technopark.embedded.paths import OWNER, RUNTIME
from tests.factories.kept import for_all_tests
from tests.technopark.staff_rows import corner, of_no_site

pytestmark = pytest.mark.django_db

# Frozen but for these columns; all the other frozen tables are insert-only.
MAY_CHANGE = {
    "billing_bankline": {"state", "note", "acting_user_id", "payment_id", "refund_id"},
    "billing_dunningletter": {"company_id"},
    # The total is generated: PostgreSQL itself refuses to have it written.
    "billing_invoice": {"company_id", "total"},
    "billing_payment": {"company_id"},
    "applications_decision": {"published_at", "published_by_id", "superseded_at"},
    "applications_offer": {"state", "answered_at", "booking_id"},
    "tenants_declaration": {"company_id"},
}
# Not history, and insert-only all the same.
RECORDS = {
    "applications_digest",
    "applications_placemove",
    "applications_reading",
    "applications_remark",
    "applications_revision",
    "applications_transition",
    "billing_allocation",
    "billing_bankstatement",
    "billing_chequestep",
    "billing_dunningletterline",
    "billing_exportedpiece",
    "billing_invoiceline",
    "billing_journalexport",
    "billing_receipt",
    "billing_refund",
    "billing_vatreturn",
    "core_erasure",
    "indicators_report",
    "leases_depositentry",
    "leases_leasedocument",
    "leases_leaseversion",
    "leases_signedcopy",
    "pghistory_context",
}
DISGUISES = [
    "SET LOCAL technopark.erasing = 'yes'",
    "SET LOCAL pgtrigger.ignore = '{applications_offer}'",
    # Temporary tables come before the catalog's of the same name.
    "CREATE TEMP TABLE pg_tables AS SELECT 'public'::name AS schemaname, "
    f"'applications_offer'::name AS tablename, '{RUNTIME}'::name AS tableowner; "
    "CREATE TEMP TABLE pg_class AS SELECT 'applications_offer'::regclass::oid AS oid, "
    f"'{RUNTIME}'::regrole::oid AS relowner; "
    "SET LOCAL technopark.erasing = 'yes'",
]
OUT_OF_REACH = [
    "ALTER TABLE applications_offer DISABLE TRIGGER ALL",
    "DROP TRIGGER applications_offer_frozen ON applications_offer",
    "TRUNCATE leases_leaseversion",
    "SET session_replication_role = 'replica'",
    "CREATE OR REPLACE FUNCTION core_frozen() RETURNS trigger LANGUAGE sql AS 'SELECT NULL'",
    "INSERT INTO django_migrations (app, name, applied) VALUES ('sites', '0099_x', now())",
    "UPDATE django_migrations SET name = '0099_x'",
    "DELETE FROM django_migrations",
]


@pytest.fixture(scope="module", autouse=True)
def _house(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A row of everything that there is, for all tests."""
    with for_all_tests(django_db_blocker):
        corner("CAS")
        of_no_site()
        yield


def _refusal(cursor: CursorWrapper, *statements: str) -> str:
    """Why PostgreSQL refuses them; empty when it does not."""
    try:
        with transaction.atomic():
            for statement in statements:
                cursor.execute(statement)
            transaction.set_rollback(True)
    except DatabaseError as error:
        return str(error).splitlines()[0]
    return ""


def _frozen_tables(cursor: CursorWrapper) -> set[str]:
    cursor.execute(
        "SELECT tgrelid::regclass::text FROM pg_trigger "
        "WHERE tgfoid = 'core_frozen'::regproc AND tgqual IS NULL"
    )
    return {table for (table,) in cursor.fetchall()}


def test_history_and_records_are_insert_only_for_the_runtime_role() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (RUNTIME,)
        frozen = _frozen_tables(cursor)
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND EXISTS (SELECT FROM pg_attribute "
            "WHERE attrelid = pg_class.oid AND attname = 'pgh_label')"
        )
        history = {table for (table,) in cursor.fetchall()}
        assert frozen == history | RECORDS | set(MAY_CHANGE)
        for table in sorted(frozen - set(MAY_CHANGE)):
            cursor.execute(
                "SELECT has_table_privilege(%s, 'SELECT'), has_table_privilege(%s, 'INSERT'), "
                "has_table_privilege(%s, 'UPDATE, DELETE, TRUNCATE, TRIGGER'), "
                "has_any_column_privilege(%s, 'UPDATE')",
                [table] * 4,
            )
            assert (table, *(cursor.fetchone() or ())) == (table, True, True, False, False)


def test_not_even_the_owner_changes_a_written_row() -> None:
    """Who may, by rights, still meets the trigger; only the erasure of personal data passes."""
    tried = set()
    with connection.cursor() as cursor:
        for table in sorted(_frozen_tables(cursor)):
            cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")
            if cursor.fetchone() != (True,):
                continue
            tried.add(table)
            cursor.execute(f"SET LOCAL ROLE {OWNER}")
            assert _refusal(cursor, f"DELETE FROM {table}") == f"{table} is frozen"
            if table not in MAY_CHANGE:
                key = "pgh_id" if table.endswith("event") else "id"
                nothing = f"UPDATE {table} SET {key} = {key}"
                assert _refusal(cursor, nothing) == f"{table} is frozen"
            cursor.execute(f"SET LOCAL ROLE {RUNTIME}")
    assert {"applications_offer", "leases_leaseversion", "leases_leaseevent"} <= tried


@pytest.mark.parametrize("table", MAY_CHANGE)
@pytest.mark.parametrize("disguise", ["", *DISGUISES])
def test_only_the_fate_of_an_offer_or_a_decision_changes(table: str, disguise: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 "
            "AND NOT attisdropped AND attname <> 'id'",
            [table],
        )
        columns = {name for (name,) in cursor.fetchall()}
        cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")
        assert cursor.fetchone() == (True,)
        changes = {name: _changed(cursor, table, name) for name in columns}
        if disguise:
            cursor.execute(disguise)
        changeable = {
            name
            for name, change in changes.items()
            if _refusal(cursor, change) != f"{table} is frozen"
        }
    assert changeable == MAY_CHANGE[table]


@pytest.mark.parametrize("statement", OUT_OF_REACH)
def test_the_guards_are_out_of_the_runtime_roles_reach(statement: str) -> None:
    with connection.cursor() as cursor:
        refusal = _refusal(cursor, statement)
    assert refusal.startswith(("must be owner", "permission denied"))


def _changed(cursor: CursorWrapper, table: str, column: str) -> str:
    """An update that gives the column another value of its type."""
    cursor.execute(
        "SELECT format_type(atttypid, NULL) FROM pg_attribute "
        "WHERE attrelid = %s::regclass AND attname = %s",
        [table, column],
    )
    (kind,) = cursor.fetchone() or ("",)
    name = f'"{column}"'
    if kind.endswith("[]"):
        return f"UPDATE {table} SET {name} = '{{x}}'"
    more = f"coalesce({name}, 0) + 1"
    other = {
        "smallint": more,
        "integer": more,
        "bigint": more,
        "numeric": more,
        "jsonb": "'[1]'",
        "daterange": "'[2001-01-01,2001-02-01)'",
        "date": "'2001-01-01'",
        "timestamp with time zone": "'2001-01-01'",
        "boolean": f"NOT {name}",
    }.get(kind, f"left({name} || 'x', 1)")
    return f"UPDATE {table} SET {name} = {other}"


@pytest.mark.parametrize("column", ["label_fr = 'x'", "version_id = {draft}"])
def test_a_row_leaves_its_frozen_parent_no_more_than_it_changes(column: str) -> None:
    call = ensure_standing_call()
    draft = new_draft_version(call=call, acting_user=None)
    used = call.versions.in_use().get()
    change = f"UPDATE applications_criterion SET {column.format(draft=draft.pk)}, key = 'moved'"
    with connection.cursor() as cursor:
        refusal = _refusal(cursor, f"{change} WHERE version_id = {used.pk} AND key = 'team'")
    assert refusal == "applications_criterion is frozen"
