"""A reply is written together with the work it answers: there is none without a status."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sites", "0002_guards")]

    operations = [
        migrations.AlterField(
            model_name="idempotentreply",
            name="status",
            field=models.PositiveSmallIntegerField(verbose_name="status"),
        )
    ]
