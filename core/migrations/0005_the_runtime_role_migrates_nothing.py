"""Which migrations ran is the owner's to say; the runtime role reads it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("core", "0004_personal_messages")]

    operations = [
        migrations.RunSQL(
            "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM technopark_runtime",
            "GRANT INSERT, UPDATE, DELETE ON django_migrations TO technopark_runtime",
        )
    ]
