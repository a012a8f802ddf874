"""The statement of account (relevé de compte): a company's ledger over some days, as a PDF."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext

from billing.ageing import BANDS, Aged
from billing.choices import EntryKind, PaymentMethod
from billing.labels import BAND_NAMES
from billing.models import Account
from billing.selectors.ledger import Entry, Ledger
from core import formats
from core.periods import today
from core.typesetting import typeset
from leases.papers.parties import (
    Row,
    company_rows,
    isolated,
    language,
    lessor_rows,
    own,
    said,
)


def statement_pdf(account: Account, ledger: Ledger, aged: Aged, *, language: str) -> bytes:
    """In a language; `aged` is what the account comes to on the ledger's last day."""
    with translation.override(language):
        return typeset("billing/pdf/statement.typ", _data(account, ledger, aged))


def words(entry: Entry) -> str:
    """What a line is, in the language in force: « Paiement (virement) »."""
    kind = capfirst(str(entry.kind.label))
    if entry.kind in {EntryKind.PAYMENT, EntryKind.WITHHELD, EntryKind.REFUND}:
        return f"{kind} ({PaymentMethod(entry.method).label})"
    return kind


def _data(account: Account, ledger: Ledger, aged: Aged) -> dict[str, Any]:
    return {
        "title": gettext("Statement of account"),
        "lessor": {"title": gettext("Lessor"), "rows": lessor_rows(account.lessor)},
        "company": {"title": gettext("Client"), "rows": company_rows(account.company)},
        "facts": said(
            (gettext("period"), isolated(formats.days(ledger.first, ledger.last, language()))),
            (gettext("made on"), formats.day(today(), language())),
        ),
        "heads": [
            gettext("Day"),
            gettext("Designation"),
            pgettext("account", "Debit"),
            pgettext("account", "Credit"),
            pgettext("account", "Balance"),
        ],
        "opening": {
            "words": gettext("Balance on the eve of %(day)s")
            % {"day": formats.day(ledger.first, language())},
            "balance": _figure(ledger.opening),
        },
        "lines": [_line(entry, several=ledger.sites > 1) for entry in ledger.entries],
        "closing": {
            "words": gettext("Balance on %(day)s") % {"day": formats.day(ledger.last, language())},
            "debit": _figure(ledger.debit),
            "credit": _figure(ledger.credit),
            "balance": formats.money(ledger.closing, language()),
        },
        "standing": {
            "title": gettext("What is open on %(day)s")
            % {"day": formats.day(ledger.last, language())},
            "rows": list(_standing(aged)),
        },
        "notes": [gettext("Lines of other sites are not part of it.")] if ledger.elsewhere else [],
    }


def _line(entry: Entry, *, several: bool) -> dict[str, str]:
    """`several`: there are lines of several sites, and each says of which it is."""
    due = formats.day(entry.due_on, language()) if entry.due_on is not None else ""
    details = (
        isolated(entry.site) if several else "",
        own(entry.about),
        gettext("due on %(day)s") % {"day": due} if due else "",
    )
    return {
        "day": formats.day(entry.on, language()),
        "what": f"{words(entry)} {isolated(entry.number)}",
        "detail": " · ".join(filter(None, details)),
        "debit": _figure(entry.debit),
        "credit": _figure(entry.credit),
        "balance": _figure(entry.balance),
    }


def _standing(aged: Aged) -> Iterable[Row]:
    """What of the balance is open and since when, and what stands beside it."""
    rows = [(str(BAND_NAMES[band]), aged.band(band)) for band in BANDS]
    rows.append((pgettext("account", "free credit"), -aged.credit))
    yield from said(*((label, _money(amount)) for label, amount in rows if amount))
    beside = [
        (gettext("withheld, awaiting its certificate (settled)"), aged.awaiting),
        (gettext("deposits held (no part of the balance)"), aged.deposit),
    ]
    yield from said(*((label, _money(amount)) for label, amount in beside if amount))


def _figure(amount: Decimal | None) -> str:
    return "" if amount is None else formats.number(amount, language(), decimals=2)


def _money(amount: Decimal) -> str:
    return formats.money(amount, language())
