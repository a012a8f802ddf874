"""`manage.py backup FILE`: the database and the uploaded files in one archive."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.errors import DomainError
from technopark.backup import save


class Command(BaseCommand):
    help = "Saves the database and the uploaded files, and reads the archive again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = save(options["file"])
        except (DomainError, ImproperlyConfigured) as error:
            raise CommandError(str(error)) from error
        size = options["file"].stat().st_size / 1_000_000
        rows, files = sum(manifest.rows.values()), len(manifest.parts) - 1
        self.stdout.write(
            f"{options['file']}: {rows} rows and {files} files, {size:.1f} MB, verified. "
            "It holds personal data: keep it as safe as the database."
        )
