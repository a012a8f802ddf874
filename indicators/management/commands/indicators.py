"""`manage.py indicators NAME …`: a figure, its series, its rows and why it changed; a profile."""

import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import get_language

from core.errors import DomainError
from core.periods import add_months, today
from indicators.api.tabular import as_csv
from indicators.api.told import change_told, figure_told, lines_told, profile_about, row_told
from indicators.choices import Dimension
from indicators.formulas import INDICATORS
from indicators.narrowing import Part
from indicators.profiles import PROFILES
from indicators.selectors.changes import ShownChange, shown_change
from indicators.selectors.network import Network, known, periods, points
from indicators.selectors.parts import part_of
from indicators.selectors.profiled import measure_code, profile_lines
from indicators.selectors.shown import ShownFigure, ShownRow
from indicators.selectors.tabular import (
    Table,
    change_table,
    figures_table,
    profile_table,
    rows_table,
)
from indicators.selectors.where import YEAR_BEFORE, Where

STEPS: Final = ("day", "month", "quarter", "year")
_WIDTH: Final = max(len(name) for name in INDICATORS)
_COURSE: Final = ("from", "to", "step", "over")

Told = tuple[Any, Table, Iterator[str]]
"""As JSON, as a table for CSV, as lines for people."""


def _day(text: str | None) -> dt.date | None:
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text!r} is not a day: write it as 2018-07-31.") from error


class Command(BaseCommand):
    help = (
        "Prints indicators as of a day, with numerator and denominator: all of them, or one, or a "
        "profile; with --from, --to or --step a series; with --rows what stands behind a figure; "
        "with --change why the figure of --to is not that of --from."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", help=", ".join((*INDICATORS, *PROFILES)))
        parser.add_argument("--on", metavar="DAY", help="ISO day (default: today)")
        parser.add_argument("--site", metavar="CODE", help="default: the whole network")
        parser.add_argument("--from", metavar="DAY", help="a series from this day on")
        parser.add_argument("--to", metavar="DAY", help="its last day (today)")
        parser.add_argument("--step", choices=STEPS, help="month unless told")
        parser.add_argument(
            "--over", choices=["period"], help="each step's own days, added up, not twelve months"
        )
        parser.add_argument("--against", metavar="WHAT", help="beside it: year, or another site")
        for dimension in Dimension:
            parser.add_argument(f"--{dimension.value.replace('_', '-')}", metavar="CODE")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--rows", action="store_true")
        what.add_argument("--change", action="store_true")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--json", action="store_true", help="as REST answers it")
        how.add_argument("--csv", action="store_true", help="commas, a header, UTF-8")

    def handle(self, *args: Any, **options: Any) -> None:
        days = {word: _day(options[word]) for word in ("on", "from", "to")}
        try:
            data, table, lines = _asked({**options, **days})
        except DomainError as error:
            raise CommandError(error.message) from error
        if options["json"]:
            self.stdout.write(json.dumps(data, ensure_ascii=False, default=_plain))
        elif options["csv"]:
            self.stdout.write(as_csv(table), ending="")
        else:
            for line in lines:
                self.stdout.write(line)


def _asked(options: dict[str, Any]) -> Told:
    name = options["name"]
    if name is None and (options["rows"] or options["change"]):
        raise CommandError("--rows and --change want the name of an indicator.")
    if name in PROFILES:
        return _profile(options)
    names = [name] if name else list(INDICATORS)
    wanted = [known(one) for one in names]
    if options["change"]:
        return _change(_where(options, wanted[0]), options)
    if options["rows"]:
        return _rows(_where(options, wanted[0]), options)
    where = _where(options, wanted[0])
    if not any(options[word] for word in _COURSE):
        return _figures(where, names, options)
    if name is None:
        raise CommandError("A series wants the name of an indicator.")
    return _series(where, options)


def _where(options: dict[str, Any], of: Any) -> Where:
    network = Network()
    for option in ("site", "against"):
        choices = [*network.sites, *([YEAR_BEFORE] if option == "against" else [])]
        if options[option] is not None and options[option] not in choices:
            raise CommandError(
                f"There is no site {options[option]!r}. Known: {', '.join(choices)}."
            )
    words = {one.value: options[one.value] for one in Dimension if options[one.value]}
    if words and options["name"] is None:
        raise CommandError("A part wants the name of an indicator.")
    site = options["site"]
    places = [place.pk for code, place in network.sites.items() if site in (None, code)]
    part = part_of(words, of, places) if words else Part()
    return Where(network, site, part, options["against"])


def _figures(where: Where, names: list[str], options: dict[str, Any]) -> Told:
    days = [options["on"] or today()]
    figures = [figure for name in names for figure in where.figures(name, days)]
    against = None
    if where.against is not None:
        against = [one for name in names for one in where.figures_against(name, days) or ()]
    data: Any = [figure_told(figure) for figure in figures]
    if options["name"]:
        data = data[0]
        if against is not None:
            data["against"] = figure_told(against[0])
    lines = (_line(figure, figure.name) for figure in (*figures, *(against or ())))
    return data, figures_table(figures, against), lines


def _series(where: Where, options: dict[str, Any]) -> Told:
    if options["on"]:
        raise CommandError("Ask for a day (--on) or for a series (--from, --to).")
    name, last = options["name"], options["to"] or today()
    first = options["from"] or add_months(last, -24)
    step = options["step"] or "month"
    if options["over"]:
        if not known(name).is_summable:
            raise CommandError(f"{name} is a state of a day: its days do not add up to a period.")
        asked = periods(first, last, step)
        figures, against = where.over(name, asked), where.over_against(name, asked)
    else:
        days = points(first, last, step)
        figures, against = where.figures(name, days), where.figures_against(name, days)
    data = {"results": [figure_told(figure) for figure in figures]}
    if against is not None:
        data["against"] = [figure_told(figure) for figure in against]
    lines = (_line(figure, _label(figure, where)) for figure in (*figures, *(against or ())))
    return data, figures_table(figures, against), lines


def _rows(where: Where, options: dict[str, Any]) -> Told:
    name, on = options["name"], options["on"] or today()
    if options["against"] or any(options[word] for word in _COURSE):
        raise CommandError("Rows are those of one day (--on).")
    rows = where.network.rows(name, on, where.site, where.part)
    figure = where.figures(name, [on])[0]
    data = {"figure": figure_told(figure), "results": [row_told(row) for row in rows]}

    def lines() -> Iterator[str]:
        for row in rows:
            yield _row_line(row)
        yield _line(figure, name)

    return data, rows_table(rows), lines()


def _change(where: Where, options: dict[str, Any]) -> Told:
    name, last = options["name"], options["to"] or today()
    if any(options[word] for word in ("on", "against", "step", "over")):
        raise CommandError("A change lies between two days (--from, --to).")
    first = options["from"] or add_months(last, -12)
    exact = where.network.change(name, first, last, where.site, where.part)
    found = shown_change(exact, where.site, (first, last), where.network.sites.values())
    return change_told(found), change_table(found), _change_lines(found)


def _change_lines(found: ShownChange) -> Iterator[str]:
    yield _line(found.before, found.before.on.isoformat())
    for one in found.sums:
        yield f"  {one.cause.value} ({one.lines}): {_signed(one.effect)}"
        for line in found.lines:
            if line.cause is one.cause:
                yield f"    {_signed(line.effect):>18}  {_row_line(line.row)}"
    yield _line(found.after, found.after.on.isoformat())


def _profile(options: dict[str, Any]) -> Told:
    name, on = options["name"], options["on"] or today()
    words = ("rows", "change", "against", *_COURSE)
    if any(options[word] for word in words):
        raise CommandError("A profile is of one day: it has no series, rows or changes.")
    profile = PROFILES[name]
    where = _where(options, profile)
    exact = where.network.profile(name, on, where.site, where.part)
    told = profile_lines(profile, exact, get_language() or "fr")
    data = {**profile_about(profile), "site": where.site, "on": on, **lines_told(told, exact)}
    codes = [measure_code(code) for code in profile.measures]
    lines = (
        f"{line.key:20} "
        + ", ".join(
            f"{'—' if value is None else format(value, 'f')} {code}"
            for code, value in line.values.items()
        )
        for line in told
    )
    return data, profile_table(profile.axis, told, codes), lines


def _label(figure: ShownFigure, where: Where) -> str:
    """The day; and whose figure it is where there are two."""
    told = figure.on.isoformat()
    return told if where.against is None else f"{told} {figure.site or 'network'}"


def _line(figure: ShownFigure, label: str) -> str:
    parts = f"{figure.numerator:f}"
    if figure.denominator is not None:
        parts += f" / {figure.denominator:f}"
    if "unknown" in figure.beside:
        parts += f", {figure.beside['unknown']:f} unknown"
    value = "no rate" if figure.value is None else f"{figure.value:f}"
    return f"{label:{_WIDTH}} {value:>14}  = {parts}"


def _row_line(row: ShownRow) -> str:
    parts = f"{row.numerator:f}"
    if row.denominator is not None:
        parts += f" / {row.denominator:f}"
    about = (row.company, row.site, row.space, row.lease, row.start.isoformat())
    return f"{parts:>20}  " + " · ".join(one for one in about if one)


def _signed(effect: Decimal | None) -> str:
    return "no effect" if effect is None else f"{effect:+f}"


def _plain(value: Any) -> Any:
    """What JSON has no form of: decimals and days as REST writes them, labels as text."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)
