"""Guards in plain SQL: history and reports are insert-only."""

from django.db import migrations

from core.frozen import insert_only


class Migration(migrations.Migration):
    dependencies = [("indicators", "0001_initial")]

    operations = insert_only(
        "indicators_report",
        "indicators_figuresettingsevent",
        "indicators_reportsubscriptionevent",
        "indicators_targetevent",
    )
