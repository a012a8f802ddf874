"""`manage.py catalogues [--check]`: the catalogues brought up to the sources."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from technopark import catalogues


class Command(BaseCommand):
    help = "Adds new messages to locale/*/LC_MESSAGES/django.po, drops gone ones, names the empty."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing, fail if stale")

    def handle(self, *args: Any, **options: Any) -> None:
        stale = []
        found = catalogues.extracted()
        for language in catalogues.languages():
            path = catalogues.po_file(language)
            catalogue = catalogues.merged(language, found)
            text = catalogues.as_text(catalogue)
            if options["check"]:
                if not path.exists() or path.read_text(encoding="utf-8") != text:
                    stale.append(language)
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            self.stdout.write(f"{path}: {len(catalogues.missing(catalogue))} to translate")
        if stale:
            raise CommandError(f"Run `manage.py catalogues`: {', '.join(stale)} is not up to date.")
