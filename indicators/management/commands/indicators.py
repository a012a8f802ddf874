"""`manage.py indicators NAME --on DAY [--site CODE] [--json]`: a figure, from the shell."""

import datetime as dt
import json
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.errors import DomainError
from core.periods import today
from indicators.formulas import INDICATORS
from indicators.labels import FORMULAS
from indicators.selectors.network import Network
from indicators.selectors.shown import ShownFigure

_WIDTH: Final = max(len(name) for name in INDICATORS)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text!r} is not a day: write it as 2018-07-31.") from error


class Command(BaseCommand):
    help = "Prints an indicator as of a day, with numerator, denominator and formula."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", help=", ".join(INDICATORS))
        parser.add_argument("--on", metavar="DAY", help="ISO day (default: today)")
        parser.add_argument("--site", metavar="CODE", help="default: the whole network")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        on = _day(options["on"]) if options["on"] else today()
        network = Network()
        site = options["site"]
        if site is not None and site not in network.sites:
            known = ", ".join(network.sites)
            raise CommandError(f"There is no site {site!r}. Known: {known}.")
        names = [options["name"]] if options["name"] else list(INDICATORS)
        try:
            figures = [network.figure(name, on, site) for name in names]
        except DomainError as error:
            raise CommandError(error.message) from error
        if options["json"]:
            data = [_plain(figure) for figure in figures]
            self.stdout.write(json.dumps(data[0] if options["name"] else data, ensure_ascii=False))
            return
        for figure in figures:
            parts = f"{figure.numerator:f}"
            if figure.denominator is not None:
                parts += f" / {figure.denominator:f}"
            if "unknown" in figure.beside:
                parts += f", {figure.beside['unknown']:f} unknown"
            value = "no rate" if figure.value is None else f"{figure.value:f}"
            self.stdout.write(f"{figure.name:{_WIDTH}} {value:>14}  = {parts}")


def _plain(figure: ShownFigure) -> dict[str, Any]:
    return {
        "name": figure.name,
        "site": figure.site,
        "on": figure.on.isoformat(),
        "value": None if figure.value is None else f"{figure.value:f}",
        "numerator": f"{figure.numerator:f}",
        "denominator": None if figure.denominator is None else f"{figure.denominator:f}",
        "unit": figure.unit,
        "formula": str(FORMULAS[figure.name]),
        "version": figure.version,
        "beside": {code: f"{count:f}" for code, count in figure.beside.items()},
    }
