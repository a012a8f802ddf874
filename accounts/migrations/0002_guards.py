"""Guards in plain SQL."""

from django.db import migrations

from core.frozen import insert_only

HISTORY = [
    "accounts_savedfilterevent",
    "accounts_userevent",
]


class Migration(migrations.Migration):
    dependencies = [("core", "0002_guards"), ("accounts", "0001_initial")]

    operations = [
        *insert_only(*HISTORY),
    ]
