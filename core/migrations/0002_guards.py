"""Guards in plain SQL: frozen rows, the functions that erase and forget, a context without a table,
migrations that only the owner records."""

from django.db import migrations

from core.database import COUNT_ROWS
from core.frozen import FUNCTION, insert_only
from core.history import ERASE_FUNCTION, FORGET_FUNCTION


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial"), ("pghistory", "0007_auto_20250421_0444")]

    operations = [
        migrations.RunSQL(
            FUNCTION, "DROP FUNCTION core_frozen(); DROP FUNCTION core_is_erasing(oid)"
        ),
        migrations.RunSQL(COUNT_ROWS, "DROP FUNCTION core_count_rows()"),
        migrations.RunSQL(
            ERASE_FUNCTION, "DROP FUNCTION core_erase(text, text, bigint, bigint, text)"
        ),
        # What erasing does to one row's history, for rows without a personal column of their own:
        # reasons and addresses go.
        migrations.RunSQL(
            FORGET_FUNCTION, "DROP FUNCTION core_forget_contexts(text, text, bigint[])"
        ),
        # Events carry their context themselves. pghistory's statement-level triggers call this
        # function all the same; its own body would write a row per transaction into a table that
        # the runtime role would have to be allowed to update.
        migrations.RunSQL(
            "CREATE OR REPLACE FUNCTION _pgh_attach_context() RETURNS uuid LANGUAGE sql "
            "AS 'SELECT NULL::uuid'",
            migrations.RunSQL.noop,
        ),
        *insert_only("core_erasure", "pghistory_context"),
        # Which migrations ran is the owner's to say; the runtime role reads it.
        migrations.RunSQL(
            "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM technopark_runtime",
            "GRANT INSERT, UPDATE, DELETE ON django_migrations TO technopark_runtime",
        ),
    ]
