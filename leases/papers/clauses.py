"""The clauses of a document: the hub's or the product's own, filled in and numbered."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import ngettext

from core import formats
from core.placeholders import fill
from core.spelling import spelled_money
from leases.choices import DocumentKind
from leases.models import Amendment, HandoverReport, Notice
from leases.papers.parties import isolated, language, one_line, own
from leases.papers.schedule import Spaces, codes, money
from leases.papers.settling import of_settlement
from leases.papers.subject import Subject
from leases.snapshot import agreed_area
from sites.models import Space

Values = dict[str, str]


@dataclass(frozen=True, slots=True)
class Clause:
    heading: str
    text: str


@cache
def own_clauses(kind: str, language: str) -> str:
    """The product's own text, in one of its languages."""
    folder = Path(settings.BASE_DIR) / "templates" / "leases" / "clauses"
    return (folder / f"{kind}.{language}.txt").read_text(encoding="utf-8")


def clauses(text: str, values: Values) -> list[Clause]:
    """What a blank line parts, filled in; a clause of which nothing but its heading is left is
    left out."""
    found = []
    for part in text.replace("\r\n", "\n").strip().split("\n\n"):
        heading, _line, rest = part.strip().partition("\n")
        said = fill(rest, values).strip()
        if said:
            found.append(Clause(fill(heading, values).strip(), said))
    return found


def paragraphs(text: str, values: Values) -> list[str]:
    """The same text as a letter has it: without headings."""
    parts = text.replace("\r\n", "\n").strip().split("\n\n")
    return [said for part in parts if (said := fill(part, values).strip())]


def values_of(subject: Subject, spaces: Spaces) -> Values:
    """What each placeholder of the document's kind stands for; "": there is nothing to say."""
    lease = subject.lease
    values = {
        "number": isolated(lease.number),
        "lessor": own(lease.site.lessor.name),
        "company": own(lease.company.name),
        "site": own(lease.site.name),
        "city": own(lease.site.city),
        "day": formats.day(subject.day, language(), long=True),
    }
    if subject.kind == DocumentKind.CONTRACT:
        return values | _placed(subject, spaces) | _of_contract(subject)
    if subject.amendment is not None:
        return values | _of_amendment(subject.amendment)
    if subject.notice is not None:
        return values | _of_notice(subject.notice)
    if subject.report is not None:
        return values | _of_report(subject.report)
    if subject.settlement is not None:
        return values | of_settlement(subject.settlement)
    return values | _placed(subject, spaces) | {"address": one_line(lease.site.address)}


def _placed(subject: Subject, spaces: Spaces) -> Values:
    """Where and how long; of a certificate, what is let on its day."""
    lettings = subject.terms.lettings
    if subject.kind == DocumentKind.CERTIFICATE:
        last = subject.terms.period.last_day
        day = min(subject.day, last) if last is not None else subject.day
        lettings = tuple(let for let in lettings if day in let.period)
    area, period = agreed_area(lettings), subject.terms.period
    return {
        "spaces": formats.listed(map(isolated, codes(lettings, spaces)), language()),
        "area": formats.area(area, language()) if area else "",
        "start": formats.day(period.start, language(), long=True),
        "end": formats.day(period.last_day, language(), long=True) if period.last_day else "",
    }


def _of_contract(subject: Subject) -> Values:
    due = subject.terms.deposit_due
    return {
        "notice": _months(subject.lease.notice_months),
        "deposit": money(due) if due else "",
        "deposit_in_words": spelled_money(due, language()) if due else "",
        "maximum_stay": _months(subject.lease.maximum_stay_months),
    }


def _of_amendment(amendment: Amendment) -> Values:
    signed_on = amendment.lease.signed_on
    return {
        "amendment": str(amendment.number),
        "effective_on": formats.day(amendment.effective_on, language(), long=True),
        "reason": own(amendment.reason),
        "lease_signed_on": formats.day(signed_on, language(), long=True) if signed_on else "",
    }


def _of_notice(notice: Notice) -> Values:
    return {
        "given_by": str(notice.get_given_by_display()),
        "given_on": formats.day(notice.given_on, language(), long=True),
        "last_day": formats.day(notice.last_day, language(), long=True),
        "reason": own(notice.reason),
    }


def _of_report(report: HandoverReport) -> Values:
    spaces = Space.objects.filter(pk__in=report.items.values("space")).select_related("building")
    places = [f"{each.building.code}-{each.code}" for each in spaces]
    entry = report.compared_with
    return {
        "way": str(report.get_way_display()),
        "spaces": formats.listed(map(isolated, sorted(places)), language()),
        "address": one_line(report.lease.site.address),
        "entry_day": formats.day(entry.day, language(), long=True) if entry is not None else "",
    }


def _months(count: int | None) -> str:
    if not count:
        return ""
    return ngettext("%(count)s month", "%(count)s months", count) % {"count": count}
