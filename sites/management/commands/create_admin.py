"""`manage.py create_admin`: the first account, with every right of the network."""

import getpass
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.choices import Role
from core.errors import DomainError
from sites.services.people import create_staff


class Command(BaseCommand):
    help = "Creates an administrator who is also director; asks for what is not given."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email")
        parser.add_argument("--name", default="")
        parser.add_argument("--password-file", type=Path, help="its first line is the password")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"] or self._ask("E-mail")
        try:
            user = create_staff(
                email=email,
                name=options["name"],
                password=self._password(options["password_file"]),
                memberships=[(Role.ADMINISTRATOR, None), (Role.DIRECTOR, None)],
                acting_user=None,
            )
        except DomainError as error:
            raise CommandError(error.message) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(
            f"{user.email} can sign in; the second factor is set up at the first sign-in."
        )

    def _password(self, file: Path | None) -> str:
        if file is not None:
            try:
                return file.read_text(encoding="utf-8").splitlines()[0]
            except (OSError, IndexError) as error:
                raise CommandError(f"{file} has no password in its first line.") from error
        if not sys.stdin.isatty():
            raise CommandError("No terminal to ask on: give --password-file.")
        password = self._answer(getpass.getpass, "Password: ")
        if self._answer(getpass.getpass, "Again: ") != password:
            raise CommandError("The two passwords differ.")
        return password

    def _ask(self, what: str) -> str:
        if not sys.stdin.isatty():
            raise CommandError("No terminal to ask on: give --email.")
        return self._answer(input, f"{what}: ")

    def _answer(self, ask: Callable[[str], str], prompt: str) -> str:
        try:
            return ask(prompt)
        except (EOFError, KeyboardInterrupt) as error:
            raise CommandError("Stopped; nobody was added.") from error
