"""A reminder: its PDF and its e-mail, in the language in force, in the site's words or the
product's own."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext

from billing.choices import DunningLevel
from billing.letters import link_to
from billing.models import DunningStep, Invoice
from core import formats
from core.money import ZERO
from core.spelling import spelled_money
from core.typesetting import typeset
from leases.papers.clauses import Values, paragraphs
from leases.papers.parties import company_rows, isolated, language, lessor_rows, own, said
from sites.models import Site
from tenants.models import Company


@dataclass(frozen=True, slots=True)
class Told:
    """What a reminder says. `lines`: invoices with what is open of each, DH, the oldest first;
    `earlier`: the day of the last letter about any of them; `address`: where the company is
    written to since it left; `number`: empty on a preview."""

    site: Site
    company: Company
    level: int
    number: str
    day: dt.date
    pay_by: dt.date
    lines: Sequence[tuple[Invoice, Decimal]]
    earlier: dt.date | None = None
    address: str = ""

    @property
    def total(self) -> Decimal:
        return sum((left for _invoice, left in self.lines), ZERO)


@dataclass(frozen=True, slots=True)
class Mail:
    subject: str
    body: str


TITLES: Final = {
    DunningLevel.COURTESY: lambda: gettext("Courtesy reminder"),
    DunningLevel.REMINDER: lambda: gettext("Reminder"),
    DunningLevel.NOTICE: lambda: gettext("Formal notice"),
}


def words_of(step: DunningStep, code: str) -> str:
    """What the step says in a language: the site's own words, else the product's."""
    own_words: str = getattr(step, f"words_{code}")
    return own_words or product_words(step.level, code)


@cache
def product_words(level: int, code: str) -> str:
    folder = Path(settings.BASE_DIR) / "templates" / "billing" / "reminders"
    return (folder / f"{int(level)}.{code}.txt").read_text(encoding="utf-8")


def reminder_pdf(told: Told, words: str) -> bytes:
    """About 15 ms."""
    lessor = told.site.lessor
    data: dict[str, Any] = {
        "title": _title(told),
        "mark": "" if told.number else pgettext("watermark", "DRAFT"),
        "lessor": {"rows": lessor_rows(lessor, bank=False)},
        "company": {"rows": company_rows(told.company, told.address)},
        "place": gettext("%(city)s, %(day)s")
        % {"city": own(told.site.city), "day": formats.day(told.day, language(), long=True)},
        "site": said((gettext("site"), own(told.site.name))),
        "paragraphs": paragraphs(words, values_of(told)) or [""],
        "heads": [
            gettext("Invoice"),
            gettext("Issued on"),
            gettext("Due on"),
            gettext("Days late"),
            gettext("Open, MAD"),
        ],
        "lines": [_line(invoice, left, told.day) for invoice, left in told.lines],
        "total": [gettext("Total"), formats.number(told.total, language(), decimals=2)],
        "payment": [["RIB", isolated(lessor.rib)]] if lessor.rib else [],
        "for_lessor": gettext("For the lessor"),
        "signing": gettext("Name, capacity, date and signature"),
    }
    return typeset("billing/pdf/reminder.typ", data)


def reminder_mail(told: Told, words: str, email: str) -> Mail:
    """The same words to one address, each invoice with the link under which that may read it; what
    the old system issued has its paper there."""
    rows = [formats.labelled(capfirst(gettext("site")), own(told.site.name), language())]
    for invoice, left in told.lines:
        due = gettext("due on %(day)s") % {"day": formats.day(invoice.due_on, language())}
        about = (invoice.number, due, formats.money(left, language()))
        rows.append(formats.apart(about, language()))
        if invoice.is_ours:
            rows.append(link_to(invoice, email))
    rows.append(
        formats.labelled(gettext("Total"), formats.money(told.total, language()), language())
    )
    if told.site.lessor.rib:
        rows.append(formats.labelled("RIB", isolated(told.site.lessor.rib), language()))
    parts = paragraphs(words, values_of(told))
    # The list stands before the closing words.
    text = [*parts[:-1], "\n".join(rows), *parts[-1:], told.site.lessor.name]
    subject = formats.apart((_title(told), told.site.lessor.name), language())
    return Mail(subject, "\n\n".join(text) + "\n")


def values_of(told: Told) -> Values:
    """What each placeholder stands for; "": there is nothing to say."""
    lessor = told.site.lessor
    oldest = min(invoice.due_on for invoice, _left in told.lines)
    return {
        "number": isolated(told.number),
        "lessor": own(lessor.name),
        "company": own(told.company.name),
        "site": own(told.site.name),
        "city": own(told.site.city),
        "day": formats.day(told.day, language(), long=True),
        "total": formats.money(told.total, language()),
        "total_in_words": spelled_money(told.total, language()),
        "oldest": formats.day(oldest, language(), long=True),
        "pay_by": formats.day(told.pay_by, language(), long=True),
        "earlier": formats.day(told.earlier, language(), long=True) if told.earlier else "",
        "rib": isolated(lessor.rib),
        "email": isolated(lessor.email),
        "phone": formats.phone(lessor.phone, language()) if lessor.phone else "",
    }


def _title(told: Told) -> str:
    title = TITLES[DunningLevel(told.level)]()
    return f"{title} {isolated(told.number)}" if told.number else title


def _line(invoice: Invoice, left: Decimal, day: dt.date) -> list[str]:
    return [
        isolated(invoice.number),
        formats.day(invoice.issued_on, language()),
        formats.day(invoice.due_on, language()),
        str(max((day - invoice.due_on).days, 0)),
        formats.number(left, language(), decimals=2),
    ]
