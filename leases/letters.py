"""What leases write to the staff of a site."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import formats
from core.periods import first_of_month
from leases.agenda import Entry
from leases.choices import AgendaKind
from leases.models import Lease
from leases.selectors.agenda import Item
from sites.choices import RateUnit
from sites.models import Booking

NAMED: Final = 60
"""Lines of an agenda that goes by e-mail; the page has the others."""


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    body: str


def next_waits(lease: Lease, bookings: Sequence[Booking], language: str) -> Letter:
    """To a manager: the tenant is still in rooms that others are to have."""
    return _written(
        "leases/letters/next_waits.txt",
        {"lease": lease, "bookings": bookings, "address": _page(lease)},
        language,
    )


def stay_ends_soon(lease: Lease, last_day: dt.date, language: str) -> Letter:
    """To a manager: a start-up reaches the longest stay that its plan allows."""
    return _written(
        "leases/letters/stay_ends.txt",
        {"lease": lease, "last_day": last_day, "address": _page(lease)},
        language,
    )


def weekly_agenda(found: Sequence[Item], months: int, language: str) -> Letter:
    """To whoever runs a site: what is late, then the coming months."""
    page = f"{settings.SITE_URL}{reverse('admin:agenda')}?months={months}"
    with translation.override(language):
        groups = [
            (title, [(item, in_words(item, language)) for item in items])
            for title, items in by_month(found[:NAMED], language)
        ]
    return _written(
        "leases/letters/agenda.txt",
        {"groups": groups, "more": len(found) > NAMED, "months": months, "address": page},
        language,
    )


def by_month(found: Sequence[Item], language: str) -> list[tuple[str, list[Item]]]:
    """The agenda under the titles of its months, what is late first."""

    def month(item: Item) -> dt.date | None:
        return None if item.late else first_of_month(item.entry.day)

    return [
        (_("Now") if first is None else formats.month(first, language), list(items))
        for first, items in groupby(found, key=month)
    ]


def in_words(item: Item, language: str) -> str:
    """What the entry says beside its day and its kind; "" where that is all."""
    entry = item.entry
    if entry.amount is None:
        return _of_dates(entry, language)
    amount = formats.money(entry.amount, language)
    if entry.kind == AgendaKind.DEPOSIT_MISSING:
        return amount
    return _("%(held)s are still held") % {"held": amount}


def _of_dates(entry: Entry, language: str) -> str:
    about = formats.day(entry.about, language) if entry.about is not None else ""
    match entry.kind:
        case AgendaKind.HOLDING_OVER:
            return _("past %(day)s: renew it from there, or end it") % {"day": about}
        case AgendaKind.STEPS:
            assert entry.rates is not None
            was, rate = (formats.number(each, language, decimals=2) for each in entry.rates)
            told = formats.in_dirhams(f"{was} → {rate}", language)
            return f"{told}, {RateUnit(entry.unit).label}"
        case AgendaKind.NOTICE_DUE:
            ends = _("the term ends on %(day)s") % {"day": about}
            return f"{ends}; {_goes_on(entry.months)}" if entry.months else ends
        case AgendaKind.TERM_ENDS:
            return _goes_on(entry.months) if entry.months else ""
        case AgendaKind.MAXIMUM_STAY:
            return _("its last day is %(day)s") % {"day": about} if entry.months else ""
    return ""


def _goes_on(months: int) -> str:
    goes_on = ngettext(
        "without notice it goes on for %(months)s month",
        "without notice it goes on for %(months)s months",
        months,
    )
    return goes_on % {"months": months}


def _page(lease: Lease) -> str:
    return f"{settings.SITE_URL}{reverse('admin:leases_lease_change', args=[lease.pk])}"


def _written(template: str, about: dict[str, Any], language: str) -> Letter:
    with translation.override(language):
        text = render_to_string(template, about)
    subject, _newline, body = text.strip().partition("\n")
    return Letter(subject.strip(), body.strip() + "\n")
