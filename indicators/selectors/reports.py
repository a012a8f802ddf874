"""Reports as they were made, and what their figures are now."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from core.periods import ONE_DAY, add_months, first_of_month, today
from indicators.errors import ReportDamaged
from indicators.formulas import INDICATORS
from indicators.models import Report
from indicators.selectors.network import Network
from indicators.selectors.shown import ShownFigure

MADE_ON: Final = 2
"""The day of the month: what happened on the last day of the one before was entered by then."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A figure as the report shows it."""

    name: str
    value: Decimal | None
    numerator: Decimal
    denominator: Decimal | None
    version: int


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure as sent, and what it is now: None where it is computed no more."""

    sent: Kept
    now: ShownFigure | None

    @property
    def by_other_formula(self) -> bool:
        return self.now is not None and self.now.version != self.sent.version

    @property
    def differs(self) -> bool:
        """In any of its parts: a value may stay what it was by chance."""
        now, sent = self.now, self.sent
        return now is not None and (now.value, now.numerator, now.denominator) != (
            sent.value,
            sent.numerator,
            sent.denominator,
        )


def due_month() -> dt.date:
    """The first day of the last month whose report is due."""
    return first_of_month(add_months(today() - (MADE_ON - 1) * ONE_DAY, -1))


def as_kept(figures: Iterable[ShownFigure]) -> list[dict[str, Any]]:
    """As `kept` reads them again."""
    return [
        {
            "name": figure.name,
            "value": _text(figure.value),
            "numerator": _text(figure.numerator),
            "denominator": _text(figure.denominator),
            "version": figure.version,
        }
        for figure in figures
    ]


def kept(report: Report) -> list[Kept]:
    return [
        Kept(
            name=one["name"],
            value=_number(one["value"]),
            numerator=Decimal(one["numerator"]),
            denominator=_number(one["denominator"]),
            version=one["version"],
        )
        for one in report.figures
    ]


def compared(network: Network, reports: Sequence[Report]) -> dict[int, list[Compared]]:
    """By report, each of its figures beside what it is now; a site's days are asked together."""
    now: dict[tuple[str | None, dt.date], Mapping[str, ShownFigure]] = {}
    code_of = {site.pk: code for code, site in network.sites.items()}
    of_report = {
        report.pk: code_of[report.site_id] if report.site_id is not None else None
        for report in reports
    }
    for code in set(of_report.values()):
        days = sorted({report.last_day for report in reports if of_report[report.pk] == code})
        names = {one["name"] for report in reports for one in report.figures}
        courses = [network.figures(name, days, code) for name in INDICATORS if name in names]
        for at, day in enumerate(days):
            now[code, day] = {course[at].name: course[at] for course in courses}
    return {
        report.pk: [
            Compared(one, now[of_report[report.pk], report.last_day].get(one.name))
            for one in kept(report)
        ]
        for report in reports
    }


def file_of(report: Report) -> bytes:
    """The bytes that were sent. Raises ReportDamaged."""
    try:
        with report.file.open("rb") as file:
            data = bytes(file.read())
    except FileNotFoundError as error:
        raise ReportDamaged(number=report) from error
    if hashlib.sha256(data).hexdigest() != report.sha256:
        raise ReportDamaged(number=report)
    return data


def _text(exact: Decimal | None) -> str | None:
    return None if exact is None else f"{exact:f}"


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
