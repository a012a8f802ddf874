"""What became of a document: settled by what, sent to whom, reminded, receipted."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db.models import QuerySet

from accounts.rights import Action
from billing.choices import InvoiceKind
from billing.models import DunningLetterLine, Invoice, InvoicePaper, Refund
from billing.selectors.open_items import notes_with_free, open_of
from billing.selectors.paying import Settled, settled_by
from billing.selectors.receipts import Settling, receipts_of, settling
from billing.selectors.recipients import letters_of
from core.models import Message
from core.money import ZERO
from core.periods import today
from sites.scopes import scope_of

LATELY: Final = dt.timedelta(days=92)


@dataclass(frozen=True, slots=True)
class Fate:
    """`open`: nothing of a credit note. What the user may not see is left out."""

    open: Decimal | None
    late: bool
    settled_by: list[Settling]
    paper: InvoicePaper | None
    letters: list[Message]
    receipts: list[Any]
    reminders: list[DunningLetterLine]


def fate_of(invoice: Invoice, user: Any) -> Fate:
    """Five queries at most, however much became of it; one more where `paper` is not at hand."""
    is_invoice = invoice.kind == InvoiceKind.INVOICE
    still_open = open_of([invoice.pk])[invoice.pk] if is_invoice else None

    def sees(resource: str) -> bool:
        return scope_of(user, Action.VIEW, resource).covers(invoice.site_id)

    receipts = receipts_of(invoice) if is_invoice else []
    return Fate(
        open=still_open,
        late=bool(still_open and still_open > ZERO and invoice.due_on < today()),
        settled_by=settling(invoice) if is_invoice and sees("payment") else [],
        paper=paper_of(invoice),
        letters=letters_of(invoice, receipts) if sees("message") else [],
        receipts=receipts,
        reminders=_reminders(invoice) if is_invoice and sees("dunning") else [],
    )


@dataclass(frozen=True, slots=True)
class Credit:
    """What became of a credit note's amount."""

    free: Decimal
    settles: list[Settled]
    refunds: list[Refund]


def credit_of(note: Invoice, user: Any) -> Credit | None:
    """None of an invoice, and for who may not see payments. Three queries."""
    may = scope_of(user, Action.VIEW, "payment").covers(note.site_id)
    if note.kind != InvoiceKind.CREDIT_NOTE or not may:
        return None
    given = note.given_to.select_related("invoice").order_by("id")
    return Credit(
        notes_with_free(Invoice.objects.filter(pk=note.pk)).get().free,
        settled_by(list(given)),
        list(note.refunds.select_related("acting_user").order_by("id")),
    )


def paper_of(invoice: Invoice) -> InvoicePaper | None:
    """None of what was issued elsewhere."""
    return getattr(invoice, "paper", None)


def with_problem(invoices: QuerySet[Invoice]) -> QuerySet[Invoice]:
    """Whose PDF could not be made."""
    return invoices.filter(paper__in=InvoicePaper.objects.with_problem())


def to_nobody(invoices: QuerySet[Invoice]) -> QuerySet[Invoice]:
    """Issued lately, and sent to nobody: the company has no address."""
    return invoices.filter(paper__in=InvoicePaper.objects.to_nobody(today() - LATELY))


def _reminders(invoice: Invoice) -> list[DunningLetterLine]:
    rows = DunningLetterLine.objects.filter(invoice=invoice, step__isnull=False)
    return list(rows.select_related("letter").order_by("letter"))
