"""`manage.py reset_second_factor EMAIL`: for somebody who lost their telephone."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.errors import DomainError
from sites.services.people import reset_second_factor


class Command(BaseCommand):
    help = "Removes a person's second factors; they are told, and set up a new one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--reason", default="asked for on the command line")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            removed = reset_second_factor(
                email=options["email"], reason=options["reason"], acting_user=None
            )
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"Second factors removed: {removed}. {options['email']} is told.")
