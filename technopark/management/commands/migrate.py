"""`migrate`, as the owner of the tables."""

from typing import Any

from django.core.management.commands.migrate import Command as MigrateCommand

from core.database import as_owner
from technopark import migration_marks


class Command(MigrateCommand):
    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError where an applied migration was rewritten since."""
        with as_owner():
            migration_marks.check()
            super().handle(*args, **options)
            migration_marks.note()
