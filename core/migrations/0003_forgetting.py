"""Erasing also forgets reasons and addresses in the history; subjects and errors are personal."""

from django.db import migrations

from core.history import ERASE_FUNCTION, FORGET_FUNCTION


class Migration(migrations.Migration):
    dependencies = [("core", "0002_guards")]

    operations = [
        migrations.RunSQL(
            ERASE_FUNCTION.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1),
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            FORGET_FUNCTION, "DROP FUNCTION core_forget_contexts(text, text, bigint[])"
        ),
    ]
