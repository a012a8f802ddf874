"""Receipts (quittances): given once for an invoice that is settled by money."""

import datetime as dt
import hashlib
import logging
from decimal import Decimal
from typing import Final

from django.core.files.base import ContentFile
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from accounts.models import User
from accounts.rights import Action
from billing import letters
from billing.choices import InvoiceKind
from billing.errors.papers import ChequeAwaited, NothingPaid, NotSettled
from billing.models import Invoice, Receipt
from billing.papers.receipt import receipt_pdf
from billing.selectors.open_items import open_of
from billing.selectors.receipts import (
    Settling,
    receipts_of,
    settling,
    to_receipt,
    uncleared,
)
from billing.selectors.recipients import billing_addresses
from billing.services import numbers
from billing.services.accounts import locked
from core import messages
from core.history import recorded
from core.jobs import wake_on_commit
from core.money import ZERO
from core.periods import today
from core.stored_files import gone_unless_committed
from sites.permissions import require

logger = logging.getLogger(__name__)

ISSUE_TASK: Final = "billing.issue_receipts"
BATCH: Final = 50
LATELY: Final = dt.timedelta(days=31)
"""What was settled before is receipted on demand: a site that begins to send receipts does not
send those of all years."""


def issue_receipt(*, invoice: Invoice, acting_user: User | None, send: bool = False) -> Receipt:
    """The receipt of a settled invoice; asked for again, the one that holds.

    `send`: with a letter to those who receive invoices. Not to be called inside another
    transaction: the file is taken away again unless this one commits. Raises NotSettled,
    NothingPaid, ChequeAwaited, NotAllowed.
    """
    with gone_unless_committed() as written, recorded(acting_user):
        require(acting_user, Action.CHANGE, "invoice", invoice.site_id)
        locked(invoice.lessor_id, invoice.company_id)
        for known in receipts_of(invoice):
            if not known.void:
                found: Receipt = known
                return found
        settled_by = _settled_by(invoice)
        now = timezone.now()
        receipt = Receipt(
            number=numbers.next_number(invoice.lessor, numbers.RECEIPT),
            invoice=invoice,
            issued_on=today(),
            amount=_paid(settled_by),
            made_at=now,
            acting_user=acting_user,
        )
        pdf = receipt_pdf(receipt, settled_by)
        receipt.sha256 = hashlib.sha256(pdf).hexdigest()
        receipt.file.save(f"{receipt.number}.pdf", ContentFile(pdf), save=False)
        written.append((receipt.file.storage, receipt.file.name or ""))
        receipt.save()
        if send:
            _write(receipt)
    return receipt


def issue_due() -> int:
    """For sites that send receipts: those of what was settled lately. Returns how many.

    Each by itself, in any order, so that one that fails does not hold up the others.
    """
    rows = to_receipt(today() - LATELY).order_by("?")
    waiting = list(rows.select_related("site", "company", "lease", "lessor")[:BATCH])
    issued = sum(_issued(invoice) for invoice in waiting)
    if issued >= BATCH:
        with transaction.atomic():
            wake_on_commit(ISSUE_TASK)
    return issued


def _issued(invoice: Invoice) -> bool:
    try:
        issue_receipt(invoice=invoice, acting_user=None, send=True)
    except (OperationalError, InterfaceError, OSError):
        raise
    except Exception:
        logger.exception("The receipt of %s could not be issued.", invoice.number)
        return False
    return True


def _settled_by(invoice: Invoice) -> list[Settling]:
    if invoice.kind != InvoiceKind.INVOICE:
        raise NothingPaid(number=invoice.number)
    if (left := open_of([invoice.pk])[invoice.pk]) > ZERO:
        raise NotSettled(number=invoice.number, open=left)
    settled_by = settling(invoice)
    if not _paid(settled_by):
        raise NothingPaid(number=invoice.number)
    if (cheque := uncleared(invoice.pk).first()) is not None:
        raise ChequeAwaited(cheque=cheque.reference or cheque.number)
    return settled_by


def _paid(settled_by: list[Settling]) -> Decimal:
    return sum((each.amount for each in settled_by if each.payment is not None), ZERO)


def _write(receipt: Receipt) -> None:
    invoice = receipt.invoice
    for email in billing_addresses([invoice.company])[invoice.company_id]:
        letter = letters.of_receipt(receipt, email)
        messages.queue(
            to=email,
            subject=letter.subject,
            body=letter.body,
            language=invoice.company.language,
            matter=f"receipt:{receipt.pk}",
            site_code=invoice.site.code,
        )
