"""`manage.py load_network [FILE]`: lessors, sites, capacities, buildings, rate plans."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.errors import DomainError
from sites.services.network import load_network

DEFAULT = Path(__file__).resolve().parents[2] / "network.toml"


class Command(BaseCommand):
    help = "Makes the database say what the network's file says; run twice, nothing changes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=DEFAULT)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = load_network(path=options["file"], acting_user=None)
        except DomainError as error:
            raise CommandError(f"{error.message} Nothing was changed.") from error
        self.stdout.write(
            f"{done['added']} added, {done['changed']} changed, {done['unchanged']} unchanged."
        )
