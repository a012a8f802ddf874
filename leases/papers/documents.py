"""The PDF of a document about a lease, in the language in force."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, Final

from django.utils.text import capfirst
from django.utils.translation import gettext

from core import formats
from core.spelling import spelled_money
from core.typesetting import typeset
from leases.choices import AmendmentKind, DocumentKind
from leases.differences import charge_pairs, letting_pairs
from leases.papers import schedule
from leases.papers.clauses import Values, clauses, paragraphs, values_of
from leases.papers.frame import frame, site_lines
from leases.papers.handover import handover_pdf
from leases.papers.parties import isolated, language, own, said
from leases.papers.schedule import Spaces, days, money, spaces_of
from leases.papers.settling import told
from leases.papers.subject import Subject
from leases.terms import LeaseTerms, from_json
from sites.choices import TenantKind


def document_pdf(subject: Subject, text: str) -> bytes:
    """`text`: the clauses, with placeholders. About 30 ms a page."""
    before = from_json(subject.amendment.before) if subject.amendment is not None else None
    spaces = spaces_of(subject.terms, *([before] if before is not None else []))
    values = values_of(subject, spaces)
    if subject.report is not None:
        return handover_pdf(subject.report, subject, text, values)
    template, data = _DATA[subject.kind](subject, text, values, spaces)
    return typeset(template, data)


def _contract(
    subject: Subject, text: str, values: Values, spaces: Spaces
) -> tuple[str, dict[str, Any]]:
    terms, lease = subject.terms, subject.lease
    domiciled = terms.tenant_kind == TenantKind.DOMICILIATION
    title = gettext("Domiciliation contract") if domiciled else gettext("Lease contract")
    signed_on = formats.day(lease.signed_on, language()) if lease.signed_on else ""
    facts = [
        (gettext("number"), isolated(lease.number)),
        (gettext("site"), formats.listed(site_lines(subject), language())),
        (gettext("kind of tenant"), str(TenantKind(terms.tenant_kind).label)),
        (gettext("term"), days(terms.period)),
        (gettext("notice"), values["notice"]),
        (gettext("signed on"), "" if subject.draft else signed_on),
        (gettext("deposit"), _deposit(terms)),
    ]
    return "leases/pdf/contract.typ", {
        **frame(f"{title} {isolated(lease.number)}", subject),
        "facts": said(*facts),
        "tables": _tables(terms, spaces),
        "clauses": [asdict(clause) for clause in clauses(text, values)],
    }


def _amendment(
    subject: Subject, text: str, values: Values, spaces: Spaces
) -> tuple[str, dict[str, Any]]:
    amendment, lease = subject.amendment, subject.lease
    assert amendment is not None
    before, after = from_json(amendment.before), subject.terms
    title = gettext("Amendment %(number)s to lease contract %(lease)s") % {
        "number": amendment.number,
        "lease": isolated(lease.number),
    }
    facts = [
        (gettext("site"), formats.listed(site_lines(subject), language())),
        (gettext("about"), str(AmendmentKind(amendment.kind).label)),
        (gettext("takes effect on"), formats.day(amendment.effective_on, language())),
        (
            gettext("signed on"),
            formats.day(amendment.signed_on, language()) if amendment.signed_on else "",
        ),
        (gettext("reason"), own(amendment.reason)),
    ]
    changed = {
        "title": gettext("What changes"),
        "heads": ["", capfirst(gettext("before")), capfirst(gettext("after"))],
        "rows": [[name, was, will] for name, was, will in _changes(before, after, spaces)],
        "wide": [1, 2],
    }
    return "leases/pdf/contract.typ", {
        **frame(title, subject),
        "facts": said(*facts),
        "changed": changed,
        "then": gettext("The terms from then on"),
        "tables": _tables(after, spaces),
        "clauses": [asdict(clause) for clause in clauses(text, values)],
    }


def _letter(
    subject: Subject, text: str, values: Values, spaces: Spaces
) -> tuple[str, dict[str, Any]]:
    lease = subject.lease
    if subject.kind == DocumentKind.NOTICE:
        title = gettext("Notice of the end of lease %(number)s")
    elif subject.kind == DocumentKind.SETTLEMENT:
        title = gettext("Settlement of the deposit of lease %(number)s")
    else:
        title = gettext("Certificate of residence")
    title = title % {"number": isolated(lease.number)}
    place = gettext("%(city)s, %(day)s") % {"city": values["city"], "day": values["day"]}
    return "leases/pdf/letter.typ", {
        **frame(title, subject),
        "addressed": subject.kind != DocumentKind.CERTIFICATE,
        "place": place,
        "paragraphs": paragraphs(text, values),
        **({"account": told(subject.settlement)} if subject.settlement is not None else {}),
    }


def _tables(terms: LeaseTerms, spaces: Spaces) -> list[schedule.Table]:
    tables = [
        schedule.premises(terms, spaces),
        schedule.rents(terms, spaces),
        schedule.discounts(terms, spaces),
        schedule.charges(terms, spaces),
    ]
    return [table for table in tables if table["rows"]]


def _changes(
    before: LeaseTerms, after: LeaseTerms, spaces: Spaces
) -> list[tuple[str, list[str], list[str]]]:
    """Each thing that differs, with the lines of before and of after."""
    rows: list[tuple[str, list[str], list[str]]] = []
    if before.period != after.period:
        rows.append((gettext("term"), [days(before.period)], [days(after.period)]))
    if before.tenant_kind != after.tenant_kind:
        was, will = (str(TenantKind(each.tenant_kind).label) for each in (before, after))
        rows.append((gettext("kind of tenant"), [was], [will]))
    if before.deposit_due != after.deposit_due:
        rows.append((gettext("deposit"), [_deposit(before)], [_deposit(after)]))
    for pair in letting_pairs(before, after):
        let = pair.after or pair.before
        if pair.changed and let is not None:
            code = next(iter(schedule.codes([let], spaces)), gettext("domiciliation"))
            lines = (schedule.letting_lines(pair.before), schedule.letting_lines(pair.after))
            rows.append((isolated(code), *lines))
    for each in charge_pairs(before, after):
        charge = each.after or each.before
        if each.changed and charge is not None:
            lines = (schedule.charge_lines(each.before), schedule.charge_lines(each.after))
            rows.append((schedule.charge_name(charge), *lines))
    return [(capfirst(name), was, will) for name, was, will in rows]


def _deposit(terms: LeaseTerms) -> str:
    """In figures and in words."""
    due = terms.deposit_due
    return f"{money(due)} ({spelled_money(due, language())})" if due else gettext("none")


_DATA: Final[
    Mapping[
        DocumentKind,
        Callable[[Subject, str, Values, Spaces], tuple[str, dict[str, Any]]],
    ]
] = {
    DocumentKind.CONTRACT: _contract,
    DocumentKind.AMENDMENT: _amendment,
    DocumentKind.NOTICE: _letter,
    DocumentKind.CERTIFICATE: _letter,
    DocumentKind.SETTLEMENT: _letter,
}
