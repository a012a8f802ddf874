"""The letter with which a monthly report comes. Only words."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from core import formats
from indicators.formulas import INDICATORS
from indicators.labels import NAMES
from indicators.models import Report
from indicators.selectors.reports import kept
from indicators.wording import NO_RATE, in_unit

_TOLD: Final = ("hosted", "occupancy_area", "entries", "exits", "turnover")
"""The figures that stand in the letter."""


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    body: str


def of_report(report: Report) -> Letter:
    """With `site` at hand; in the report's language. Its page asks for a sign-in."""
    with translation.override(report.language):
        figures = {one.name: one for one in kept(report) if one.name in _TOLD}
        text = render_to_string(
            "indicators/letters/report.txt",
            {
                "month": formats.month(report.month, report.language),
                "site": report.site.name if report.site else _("The whole network"),
                "day": formats.day(report.last_day, report.language),
                "figures": [
                    formats.labelled(str(NAMES[name]), _shown(name, one.value), report.language)
                    for name, one in figures.items()
                ],
                "address": f"{settings.SITE_URL}{reverse('admin:report', args=[report.pk])}",
            },
        )
    subject, _newline, body = text.strip().partition("\n")
    return Letter(subject.strip(), body.strip() + "\n")


def _shown(name: str, value: Decimal | None) -> str:
    return NO_RATE if value is None else in_unit(value, INDICATORS[name].unit)
