"""`manage.py rent_statement NUMBER --from D --to D`: what a lease makes due, and why."""

import argparse
import datetime as dt
import json
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from core import formats
from core.errors import DomainError
from core.periods import Period
from leases.api.statements import statement_row
from leases.errors import NothingKnownYet
from leases.explaining import formula, taxed, what
from leases.models import Lease
from leases.rent import RentStatement
from leases.selectors.statements import statement


class Command(BaseCommand):
    help = "Prints what a lease makes due over a period; each line says how it came about."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", help="of the lease")
        parser.add_argument("--from", dest="first", required=True, metavar="DAY", type=_day)
        parser.add_argument(
            "--to", dest="last", required=True, metavar="DAY", type=_day, help="included"
        )
        parser.add_argument(
            "--known-on", metavar="DAY", type=_day, help="by the terms as they were known then"
        )
        parser.add_argument("--json", action="store_true", help="as the API gives it")
        parser.add_argument(
            "--language",
            choices=[code for code, _name in settings.LANGUAGES],
            default=settings.LANGUAGE_CODE,
        )

    def handle(self, *args: Any, **options: Any) -> None:
        language, known_on = options["language"], options["known_on"]
        with translation.override(language):
            if options["last"] < options["first"]:
                raise CommandError(_("The last day is before the first."))
            period = Period.through(options["first"], options["last"])
            number = options["number"]
            lease = Lease.objects.select_related("site", "company").filter(number=number).first()
            if lease is None:
                raise CommandError(_("There is no lease %(number)s.") % {"number": number})
            try:
                if options["json"]:
                    row = statement_row(lease, period, known_on)
                    self.stdout.write(json.dumps(row, default=_plain, ensure_ascii=False))
                else:
                    due = statement(lease, period, known_on=known_on)
                    if due is None:
                        raise NothingKnownYet(number=number)
                    self._tell(lease, due, language)
            except DomainError as error:
                raise CommandError(error.message) from error

    def _tell(self, lease: Lease, due: RentStatement, language: str) -> None:
        period = formats.days(due.period.start, due.period.last_day, language)
        self.stdout.write(formats.apart([lease.number, lease.company.name, period], language))
        for line in due.lines:
            days = formats.days(line.period.start, line.period.last_day, language)
            about = [what(line), *([line.space] if line.space else []), days]
            self.stdout.write(f"\n{formats.apart(about, language)}")
            self.stdout.write(f"    {formula(line, language)}")
            self.stdout.write(f"    {taxed(line.vat_rate, line.vat, language, line.vat_ground)}")
        self.stdout.write("")
        for rate, (net, vat) in due.by_vat_rate.items():
            parts = [formats.money(net, language), taxed(rate, vat, language)]
            self.stdout.write(formats.apart(parts, language))
        sums = ((_("Excl. tax"), due.net), (_("VAT"), due.vat), (_("Incl. tax"), due.total))
        for label, amount in sums:
            self.stdout.write(formats.labelled(label, formats.money(amount, language), language))
        if due.forgone:
            forgone = _("List rent forgone: %(amount)s")
            self.stdout.write(forgone % {"amount": formats.money(due.forgone, language)})


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        reason = f"{text!r} is not a day: write it as 2018-07-31."
        raise argparse.ArgumentTypeError(reason) from error


def _plain(value: Any) -> str:
    """Decimals and days as the API writes them."""
    return f"{value:f}" if isinstance(value, Decimal) else value.isoformat()
