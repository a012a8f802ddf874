"""`manage.py api_token EMAIL`: a token for a REST client, printed once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.errors import DomainError
from sites.choices import ClientKind
from sites.models import Site
from sites.services.people import MOST_TOKEN_DAYS, issue_token


class Command(BaseCommand):
    help = "Prints a new token for a client that may read what the person may."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--days", type=int, default=365)
        parser.add_argument("--name", default="client", help="what the token is for")
        parser.add_argument("--site", action="append", default=[], metavar="CODE")
        parser.add_argument("--read-write", action="store_true")
        parser.add_argument(
            "--partner",
            action="store_true",
            help="a partner's portal: EMAIL is an address of the partner's, which needs no account",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["days"] <= MOST_TOKEN_DAYS:
            raise CommandError(f"--days must be from 1 to {MOST_TOKEN_DAYS}.")
        sites = list(Site.objects.filter(code__in=options["site"]))
        missing = set(options["site"]) - {site.code for site in sites}
        if missing:
            raise CommandError(f"There is no site {', '.join(sorted(missing))}.")
        try:
            secret = issue_token(
                email=options["email"],
                client=options["name"],
                days=options["days"],
                sites=sites,
                read_only=not options["read_write"],
                kind=ClientKind.PARTNER if options["partner"] else ClientKind.PERSON,
                acting_user=None,
            )
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(secret)
