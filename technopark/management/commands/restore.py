"""`manage.py restore FILE [--replace]`: puts a backup in the place of what is there."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from core.errors import DomainError
from technopark.backup import restore


class Command(BaseCommand):
    help = "Restores the database and the uploaded files; whatever fails changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--replace", action="store_true", help="what is in the database now is lost"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = restore(options["file"], replace=options["replace"])
        except (DomainError, ImproperlyConfigured) as error:
            raise CommandError(f"{error} Nothing was changed.") from error
        self.stdout.write(
            f"The backup of {manifest.made_at} is back: {sum(manifest.rows.values())} rows, "
            f"{len(manifest.parts) - 1} files."
        )
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("It is of an earlier version: run `manage.py migrate` now.")
