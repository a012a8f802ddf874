"""`migrate`, as the owner of the tables."""

from typing import Any

from django.core.management.commands.migrate import Command as MigrateCommand

from core.database import as_owner


class Command(MigrateCommand):
    def handle(self, *args: Any, **options: Any) -> None:
        with as_owner():
            super().handle(*args, **options)
